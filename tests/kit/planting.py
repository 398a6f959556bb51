"""An advisor on planting days that says what a test says."""

from __future__ import annotations

from datetime import date

from fieldstation.page.planting.advisor import Advice, Answer, Candidate, Question

FOUND = {
    "crop": "maize",
    "best": "2027-03-15",
    "dates": [
        {
            "plant_on": on,
            "harvest_on": "2027-07-20",
            "yield_t_ha": [6.0, 8.0, 9.0],
            "water_mm": [400.0, 450.0, 520.0],
            "frost_days": frost,
            "years": 24,
        }
        for on, frost in (("2027-03-01", 2.0), ("2027-03-15", 0.0))
    ],
}
ADVICE = Advice(
    date(2027, 3, 15),
    [
        Candidate(on, date(2027, 7, 20), (6.0, 8.0, 9.0), (400.0, 450.0, 520.0), frost, 24)
        for on, frost in ((date(2027, 3, 1), 2.0), (date(2027, 3, 15), 0.0))
    ],
)
"""The same as the page reads it."""


class Told:
    """An advisor that says what a test says."""

    def __init__(self, answer: Answer) -> None:
        self.said, self.asked = answer, []  # type: ignore[var-annotated]

    def answer(self, question: Question) -> Answer:
        return self.said

    def start(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.said

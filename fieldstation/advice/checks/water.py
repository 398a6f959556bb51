"""Water given, told twice: since the last line, and over the season. Where they differ, the cap counts the larger."""

from __future__ import annotations

from fieldstation.domain.plot import Plot

ABSURD_MM_PER_DAY = 100.0
"""No field is given more in a day, whatever its pump may do."""
FELL_MM = 0.5
DISAGREES_MM = 2.0
DISAGREES_PART = 0.2


class WaterWatch:
    """Follows the season's water. `given_mm` is gross, since the first line or as the first total told."""

    def __init__(self, plot: Plot) -> None:
        self.given_mm = 0.0
        self._most_mm_per_day = max(ABSURD_MM_PER_DAY, 2 * plot.max_depth_mm_per_day)
        self._total_mm: float | None = None
        self._since_mm = self._offset_mm = 0.0
        self._days = 0

    def check(
        self, line_mm: float, *, known: bool, advised_mm: float, total_mm: float | None, days: int
    ) -> tuple[float, list[str]]:
        """The water to book since the line before, and the codes of what is wrong.

        `told_mm` stands for `advised_mm` unless `known`; then a season's total that went on tells it better.
        """
        self._days += days
        codes = []
        if known and line_mm > self._most_mm_per_day * days:
            codes.append("irrigation_impossible")
            line_mm, known = advised_mm, False
        if total_mm is None:
            self._since_mm += line_mm
            self.given_mm += line_mm
            return line_mm, codes
        if self._total_mm is None:  # the stream may begin in mid-season
            self._settle(total_mm, max(self.given_mm + line_mm, total_mm))
            return line_mm, codes
        rose_mm = total_mm - self._total_mm - self._since_mm
        slack_mm = max(DISAGREES_MM, DISAGREES_PART * max(abs(rose_mm), line_mm))
        if total_mm < self._total_mm - FELL_MM:
            codes.append("season_total_fell")
            self._settle(total_mm, self.given_mm + line_mm)
        elif (
            rose_mm < -slack_mm
            or rose_mm > self._most_mm_per_day * self._days
            or (known and abs(rose_mm - line_mm) > slack_mm)
        ):
            codes.append("season_total_disagrees")
            believed_mm = rose_mm if rose_mm <= self._most_mm_per_day * self._days else 0.0
            self._settle(total_mm, self.given_mm + max(line_mm, believed_mm))
        else:
            if not known:
                line_mm = max(0.0, rose_mm)
            self._settle(total_mm, total_mm + self._offset_mm)
        return line_mm, codes

    def _settle(self, total_mm: float, given_mm: float) -> None:
        self.given_mm, self._offset_mm = given_mm, given_mm - total_mm
        self._total_mm, self._since_mm, self._days = total_mm, 0.0, 0

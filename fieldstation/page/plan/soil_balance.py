"""The soil as a bank account: what was in it, what came, what went, what is in it now."""

from __future__ import annotations

from typing import NamedTuple

from fieldstation.domain.status.decision import DecisionSummary

WORTH_SHOWING_MM = 0.5


class Row(NamedTuple):
    """One line of the account. `sign` is `+`, `-`, `=` or empty; `code` is a word of `[plan]`: `account_CODE`."""

    code: str
    sign: str
    mm: float


def balance_rows(decision: DecisionSummary) -> list[Row]:
    """Water in the roots' soil by the books, mm: yesterday + rain + water - crop use = today.

    Empty where the decision kept no books. Then what full would be and where the dry line lies,
    and what was believed instead where the probes told the decider otherwise.
    """
    balance, taw_mm = decision.soil_water_balance, decision.taw_mm
    if balance is None or not taw_mm:
        return []
    begin = "yesterday" if balance.days else "planting"
    rows = [
        Row(begin, "", taw_mm - balance.before_mm),
        Row("rain", "+", balance.rain_mm),
        Row("water", "+", balance.water_mm),
        Row("use", "-", balance.use_mm),
    ]
    if balance.lost_mm >= WORTH_SHOWING_MM:
        rows.append(Row("lost", "-", balance.lost_mm))
    if abs(balance.other_mm) >= WORTH_SHOWING_MM:
        grew = balance.other_mm > 0
        rows.append(Row("roots" if grew else "gave", "-" if grew else "+", abs(balance.other_mm)))
    rows.append(Row("now", "=", taw_mm - balance.now_mm))
    seen_mm = decision.depletion_mm
    if seen_mm is not None and abs(seen_mm - balance.now_mm) >= WORTH_SHOWING_MM:
        rows.append(Row("seen", "", taw_mm - seen_mm))
    if decision.line_mm is not None:
        rows.append(Row("line", "", taw_mm - decision.line_mm))
    rows.append(Row("full", "", taw_mm))
    return rows

"""The answer to "why?": who decided, the soil's books, what moved the estimates, what would have changed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from fieldstation.domain.change import Change
from fieldstation.domain.decision import Input, OtherRung, Rung, SkippedRung, Value
from fieldstation.domain.forecast import Contribution
from fieldstation.domain.run import Code
from fieldstation.domain.soil_water_balance import SoilWaterBalance
from fieldstation.domain.status.decision import DecisionStatus, DecisionSummary
from fieldstation.language.sentences import Words

UNITS: dict[str, Callable[[Words, float | None], str]] = {
    "mm": Words.depth,
    "C": Words.temperature,
    "frac": Words.percent,
    "m3/m3": Words.percent,
}
"""How an input is written, by the unit it is stored with."""
WORTH_SHOWING_MM = 0.5
WORTH_SHOWING_FRAC = 0.01
WORTH_SHOWING_T_HA = 0.05
CUT_SHORT = frozenset(Code) - {Code.DONE, Code.ENDED, Code.LONGEST_RUN}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whole sentences about a decision, and the table of its inputs: name, value with its unit, how good it is.

    `first` are who decided and what would have changed it, `rest` what else is known.
    """

    first: list[str]
    rest: list[str]
    inputs: list[tuple[str, str, str]]
    model: str | None


def sentence(decision: DecisionSummary | None, words: Words) -> str:
    """Why water was chosen or not; before the first decision, that there is none."""
    if decision is None:
        return words("no_data")
    return reason_sentence(decision.reason.code, decision.reason.values, words)


def reason_sentence(code: str, values: Mapping[str, Value], words: Words) -> str:
    """Why, in one sentence."""
    filled = dict(values)
    if "until" in filled:
        filled["until"] = words.date(date.fromisoformat(str(filled["until"])))
    return words.say("reason", code, **filled)


def explain(
    decision: DecisionStatus,
    contributions: Sequence[Contribution],
    words: Words,
    *,
    with_balance: bool = True,
) -> Explanation:
    """Without `books` the soil's water balance is left out: a table tells it."""
    first = [words("decided", when=words.when(decision.at), rung=words.say("rung", decision.rung))]
    first += [_change(change, words) for change in decision.changes]
    lines = [_skipped(skip, words) for skip in decision.skipped]
    lines += _below(decision.rung, decision.below, words)
    if decision.limited_by:
        lines.append(
            words("limited", limits=words.joined(words.say("limit", n) for n in decision.limited_by))
        )
    if with_balance:
        lines += _balance_lines(decision.soil_water_balance, decision.depletion_mm, words)
    lines += _dryness(contributions, words)
    return Explanation(first, lines, [_input(item, words) for item in decision.inputs], decision.model)


def _change(change: Change, words: Words) -> str:
    values: dict[str, Value] = dict(change.values)
    if "limit" in values:
        values["limit"] = words.say("limit", str(values["limit"]))
    return words.say("change", change.code, **values)


def _skipped(skip: SkippedRung, words: Words) -> str:
    values = {"rung": words.say("rung", skip.rung), "why": words.say("why", skip.why)}
    if skip.would_mm is None:
        return words("skipped", **values)
    if not skip.would_mm:
        return words("skipped_waits", **values)
    return words("skipped_gives", mm=skip.would_mm, **values)


def _below(decided: Rung, below: OtherRung | None, words: Words) -> list[str]:
    if below is None:
        return []
    values = {"first": words.say("rung", decided), "rung": words.say("rung", below.rung)}
    if not below.depth_mm:
        return [words("below_waits", **values)]
    return [words("below_gives", mm=below.depth_mm, **values)]


def _balance_lines(balance: SoilWaterBalance | None, seen_mm: float | None, words: Words) -> list[str]:
    """Yesterday and what came and went since; then only what is worth a sentence."""
    if balance is None:
        return []
    values = {field.name: abs(getattr(balance, field.name)) for field in fields(balance)}
    lines = [words("account" if balance.days else "account_planted", **values)]
    if balance.lost_mm >= WORTH_SHOWING_MM:
        lines.append(words("account_lost", **values))
    if abs(balance.other_mm) >= WORTH_SHOWING_MM:
        lines.append(words("account_more" if balance.other_mm > 0 else "account_less", **values))
    if seen_mm is not None and abs(seen_mm - balance.now_mm) >= WORTH_SHOWING_MM:
        lines.append(words("account_seen", seen_mm=seen_mm))
    return lines


def _dryness(contributions: Sequence[Contribution], words: Words) -> list[str]:
    said = [
        words(
            "drier" if driver.effect > 0 else "wetter",
            name=words.say("driver", driver.name),
            by_frac=abs(driver.effect),
        )
        for driver in contributions
        if abs(driver.effect) >= WORTH_SHOWING_FRAC
    ]
    return [words("dryness", list=words.joined(said))] if said else []


def harvest_sentence(contributions: Sequence[Contribution], words: Words) -> str | None:
    """What moved the harvest away from what is usual."""
    usual = next((driver.effect for driver in contributions if driver.name == "usual"), None)
    if usual is None:
        return None
    said = [
        words(
            "more" if driver.effect > 0 else "less",
            name=words.say("driver", driver.name),
            t_ha=abs(driver.effect),
        )
        for driver in contributions
        if driver.name != "usual" and abs(driver.effect) >= WORTH_SHOWING_T_HA
    ]
    if not said:
        return words("harvest_usual", usual_t_ha=usual)
    return words("harvest_made", usual_t_ha=usual, list=words.joined(said))


def _input(item: Input, words: Words) -> tuple[str, str, str]:
    """A row of what was looked at: its name, its value with its unit, how good it is."""
    value, unit = item.value, item.unit
    written = UNITS.get(unit)
    if written is not None and not isinstance(value, str | bool):
        text = written(words, value)
    else:
        text = f"{words.number(value, 2) if isinstance(value, float) else value if value is not None else '?'} {unit}"
    return words.say("input", item.name), text.strip(), words.say("quality", item.quality)

"""What stands behind a piece of advice: the soil's water balance since the line before, and what would have changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import Rung, SkippedRung
from fieldstation.domain.soil_water_balance import SoilWaterBalance, closed
from fieldstation.learning.history import History
from fieldstation.policies.asking import changes_of_choice
from fieldstation.policies.depth import Choice
from fieldstation.policies.irrigation_strategy import IrrigationStrategy
from fieldstation.policies.rungs import calendar


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the account stands before a line is taken in, with the season's sums."""

    depletion_mm: float
    season: dict[str, float]


def standing(history: History) -> Standing | None:
    """None before the account is opened."""
    corrected = history.corrected
    return None if corrected is None else Standing(corrected.depletion_mm, dict(history.season))


def balance_since(history: History, before: Standing | None) -> SoilWaterBalance | None:
    """The account from the line before to this one; None at the first line of a season and after its last.

    Rain that the probes saw and no gauge told counts as rain.
    """
    corrected = history.corrected
    if before is None or corrected is None or not history.in_season:
        return None
    came = {name: total - before.season[name] for name, total in history.season.items()}
    days = round(came["days"])
    return closed(
        days,
        before.depletion_mm,
        came["etc"],
        came["rain"] + came["seen"],
        came["water"] * history.plot.application_efficiency_frac,
        corrected.percolation_mm if days == 1 else 0.0,
        corrected.depletion_mm,
    )


def skipped_above(rung: Rung) -> tuple[SkippedRung, ...]:
    """Why the rungs above could not decide, where nothing but an input that is missing kept them from it."""
    blind = (SkippedRung(Rung.LEARNED, "weather_unknown"), SkippedRung(Rung.WATER_BALANCE, "weather_unknown"))
    if rung is Rung.WATER_BALANCE:
        return (SkippedRung(Rung.LEARNED, "no_forecast"),)
    if rung is Rung.THRESHOLD:
        return blind
    return (*blind, SkippedRung(Rung.THRESHOLD, "no_good_probe")) if rung is Rung.CALENDAR else ()


def changes_of(
    history: History, choice: Choice, strategy: IrrigationStrategy | None, last_water_on: date | None
) -> tuple[Change, ...]:
    """What would have changed the choice of this morning, by chooser or by calendar."""
    morning = history.morning
    assert morning is not None
    if choice.states:
        return changes_of_choice(history.plot, choice, morning.forecast, strategy)
    if choice.depth_mm > 0:
        return (Change(ChangeCode.WATERED_LATELY, {"days": calendar.EVERY_DAYS}),)
    left = 0 if last_water_on is None else calendar.EVERY_DAYS - (morning.on - last_water_on).days
    return (Change(ChangeCode.LATER, {"days": left}) if left > 0 else Change(ChangeCode.NOTHING),)

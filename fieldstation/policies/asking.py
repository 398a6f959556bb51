"""Asking a decider again in a shifted world: the chooser by itself, or a rung of the ladder."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.domain.change import Change
from fieldstation.domain.day import Day
from fieldstation.domain.plot import ForecastDay, Plot
from fieldstation.domain.station import Zone
from fieldstation.policies.change import Ask, Asked, Shift, changes
from fieldstation.policies.depth import Choice, RootState, choose, forecast_mm
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.irrigation_strategy import IrrigationStrategy, strategy_of
from fieldstation.policies.refill import SETTLE_S, Refill
from fieldstation.policies.rootzone import RootZone

Again = Callable[[ZoneFacts, RootZone], Refill]
"""How a rung turns a root zone into a refill."""


def least(*choices: Choice) -> Choice:
    """The choice that gives least water; it waters only where each of them would."""
    found = min(choices, key=lambda choice: choice.depth_mm)
    return replace(found, states=tuple(state for choice in choices for state in choice.states))


def by_chooser(
    plot: Plot,
    states: tuple[RootState, ...],
    forecast: tuple[ForecastDay, ...],
    strategy: IrrigationStrategy | None = None,
) -> Ask:
    """Ask the chooser; of several views of the root zone the one that gives least counts."""

    def ask(shift: Shift) -> float:
        freed, rain = plot_without(plot, shift.without), _forecast_of(forecast, shift)
        return min(choose(freed, _moved(state, shift), rain, strategy).depth_mm for state in states)

    return ask


def changes_of_choice(
    plot: Plot, choice: Choice, forecast: tuple[ForecastDay, ...], strategy: IrrigationStrategy | None = None
) -> tuple[Change, ...]:
    """What would have changed a choice of the chooser; empty for one that it did not make."""
    if not choice.states:
        return ()
    state = choice.states[0]
    limits = choice.limited_by
    if plot.season_cap_mm is not None and "season_water_cap_mm" not in limits:
        limits = (*limits, "season_water_cap_mm")  # it may cut nothing today and still widen the line
    asked = Asked(
        depth_mm=choice.depth_mm,
        depletion_mm=state.depletion_frac * state.taw_mm,
        taw_mm=state.taw_mm,
        line_mm=choice.line_frac * state.taw_mm,
        use_mm_day=crop_coefficient(plot.crop, state.day) * state.et0_mm,
        forecast_mm=forecast_mm(forecast, (strategy or strategy_of(plot)).rain_days),
        limits=limits,
    )
    return changes(by_chooser(plot, choice.states, forecast, strategy), asked)


def by_rung(facts: ZoneFacts, zone: RootZone, again: Again) -> Ask:
    """Ask a rung that knows a depletion."""

    def ask(shift: Shift) -> float:
        moved_mm = shift.drier_mm + (1 - shift.fallen_part) * fallen_mm(facts) - shift.fallen_more_mm
        depletion_mm = min(zone.taw_mm, max(0.0, zone.depletion_mm + moved_mm))
        return again(_facts(facts, shift), replace(zone, depletion_mm=depletion_mm)).depth_mm

    return ask


def changes_of_request(facts: ZoneFacts, refill: Refill, zone: RootZone, again: Again) -> tuple[Change, ...]:
    """What would have changed a rung's refill."""
    settles_h = None
    if facts.last_run_ended_at is not None:
        since_s = (facts.at - facts.last_run_ended_at).total_seconds()
        settles_h = (SETTLE_S - since_s) / 3600 if 0 <= since_s < SETTLE_S else None
    asked = Asked(
        depth_mm=refill.depth_mm,
        depletion_mm=zone.depletion_mm,
        taw_mm=zone.taw_mm,
        line_mm=(refill.line_frac or 0.0) * zone.taw_mm,
        use_mm_day=zone.etc_mm,
        fallen_mm=fallen_mm(facts),
        settles_h=settles_h,
        limits=refill.limited_by,
    )
    return changes(by_rung(facts, zone, again), asked)


def fallen_mm(facts: ZoneFacts) -> float:
    """Rain measured today and yesterday."""
    return (facts.today.rain_mm or 0.0) + ((facts.days[-1].rain_mm or 0.0) if facts.days else 0.0)


def plot_without(plot: Plot, lifted: frozenset[str]) -> Plot:
    """The plot with bounds lifted; a name that is none of its bounds changes nothing."""
    if "max_depth_mm_per_day" in lifted:
        plot = replace(plot, max_depth_mm_per_day=math.inf)
    return replace(plot, season_cap_mm=None) if "season_water_cap_mm" in lifted else plot


def _zone_without(zone: Zone, lifted: frozenset[str]) -> Zone:
    if "max_depth_mm_per_day" in lifted:
        zone = replace(zone, max_depth_mm_per_day=math.inf)
    limits = zone.limits
    return replace(
        zone,
        limits=replace(
            limits,
            longest_run_s=math.inf if "longest_run_s" in lifted else limits.longest_run_s,
            max_s_per_day=math.inf if "max_s_per_day" in lifted else limits.max_s_per_day,
            max_l_per_day=math.inf if "max_l_per_day" in lifted else limits.max_l_per_day,
        ),
    )


def _moved(state: RootState, shift: Shift) -> RootState:
    frac = state.depletion_frac + shift.drier_mm / state.taw_mm
    return replace(state, depletion_frac=min(1.0, max(0.0, frac)))


def _forecast_of(forecast: tuple[ForecastDay, ...], shift: Shift) -> tuple[ForecastDay, ...]:
    if shift.forecast_part != 1:
        forecast = tuple(replace(day, rain_mm=_part(day.rain_mm, shift.forecast_part)) for day in forecast)
    if shift.forecast_more_mm:
        first = forecast[0] if forecast else ForecastDay(0.0, None, None)
        forecast = (replace(first, rain_mm=(first.rain_mm or 0.0) + shift.forecast_more_mm), *forecast[1:])
    return forecast


def _facts(facts: ZoneFacts, shift: Shift) -> ZoneFacts:
    if shift.without:
        facts = replace(facts, zone=_zone_without(facts.zone, shift.without))
    if "day_cap_mm" in shift.without:
        facts = replace(facts, adjustments=replace(facts.adjustments, day_cap_mm=None))
    if shift.settled:
        facts = replace(facts, last_run_ended_at=None)
    if shift.fallen_part == 1 and not shift.fallen_more_mm:
        return facts
    days = tuple(_rained(day, shift.fallen_part) for day in facts.days[-1:])
    today = _rained(facts.today, shift.fallen_part)
    today = replace(today, rain_mm=(today.rain_mm or 0.0) + shift.fallen_more_mm)
    return replace(facts, days=(*facts.days[:-1], *days), today=today)


def _rained(day: Day, part: float) -> Day:
    return replace(day, rain_mm=_part(day.rain_mm, part))


def _part(rain_mm: float | None, part: float) -> float | None:
    return None if rain_mm is None else rain_mm * part

"""From depletion to depth: when to water, how much, and within which bounds. All rungs share it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fieldstation.agronomy.application import gross_mm, run_s
from fieldstation.agronomy.balance import TYPICAL_ET0_MM
from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.domain.decision import Reason, Value
from fieldstation.domain.plot import Plot, plot_of
from fieldstation.policies.depth import Choice, RootState, choose
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.rootzone import RootZone
from fieldstation.policies.window import next_window

SETTLE_S = 6 * 3600.0
RAIN_DELAYS_FROM_MM = 3.0
RAIN_DELAY_BOUND = 1.15  # of the line: beyond it no rain delays a run
SHORTEST_RUN_S = 60.0
TINY_MM = 1e-6
WITHIN_LIMITS = 0.98
"""Of the guard's daily limits: they are a last resort, so a decision ends a little before them."""


@dataclass(frozen=True, slots=True)
class Refill:
    """What a rung wants: gross depth now or none, and when it expects the next watering."""

    reason: Reason
    values: dict[str, Value]
    depth_mm: float
    run_s: float
    start_at: datetime | None
    expected_at: datetime | None
    expected_run_s: float | None
    limited_by: tuple[str, ...]
    line_frac: float | None = None  # of TAW; None for a rung that knows no line


def refill_of(facts: ZoneFacts, zone: RootZone, due: Reason = Reason.REFILL_LINE_REACHED) -> Refill:
    """Decide by depletion against the refill line; depth is 0 or at least the smallest event."""
    plot = plot_of(facts.zone, facts.latitude_deg)
    choice = chosen(facts, zone, plot)
    line_mm, left_mm = choice.line_frac * zone.taw_mm, choice.left_frac * zone.taw_mm
    interval_days = facts.plan_interval_s / 86400.0
    days_left = (line_mm - zone.depletion_mm) / max(0.3, zone.etc_mm)
    values = dict(choice.values)
    depth_mm, limited_by = bounded_depth_mm(facts, zone.depletion_mm - left_mm)
    reason = _reason(facts, zone, plot, choice, days_left, interval_days, due, values)
    if reason in WAITS or depth_mm <= 0:
        if reason not in WAITS:
            reason = Reason.DAILY_LIMIT
        dries_in_days = days_left / facts.learned.crop_use  # for what is told, never for when water is due
        if "days_left" in values and days_left > 0:
            values["days_left"] = round(dries_in_days, 1)
        wait = timedelta(days=min(60.0, max(interval_days, dries_in_days)))
        at = None if reason is Reason.ENOUGH_TO_HARVEST else next_window(facts, facts.at + wait)
        later_mm = gross_mm(max(line_mm, zone.depletion_mm) - left_mm, facts.zone.application_efficiency_frac)
        most_mm = min(day_bounds_mm(facts).values())
        later_s = _run_s(facts, min(adjusted_mm(facts, min(later_mm, most_mm)), most_mm))
        return Refill(
            reason, values, 0.0, 0.0, None, at, None if at is None else later_s, limited_by, choice.line_frac
        )
    start_at, seconds = next_window(facts, facts.at), _run_s(facts, depth_mm)
    return Refill(
        reason, values, depth_mm, seconds, start_at, start_at, seconds, limited_by, choice.line_frac
    )


def chosen(facts: ZoneFacts, zone: RootZone, plot: Plot) -> Choice:
    """What the chooser that every rung shares would do with this root zone."""
    kc = crop_coefficient(plot.crop, facts.day)
    et0_mm = zone.etc_mm / kc if kc > 0 else TYPICAL_ET0_MM
    given_mm = sum(day.irrigation_mm for day in facts.days) + facts.today.irrigation_mm
    frac = zone.depletion_mm / zone.taw_mm
    return choose(plot, RootState(facts.day, zone.taw_mm, frac, et0_mm, given_mm, zone.wetness), ())


WAITS = frozenset(
    {
        Reason.ENOUGH_WATER,
        Reason.ENOUGH_TO_HARVEST,
        Reason.RAIN_DELAY,
        Reason.RECENTLY_WATERED,
        Reason.DAILY_LIMIT,
    }
)


def bounded_depth_mm(facts: ZoneFacts, net_mm: float) -> tuple[float, tuple[str, ...]]:
    """Gross depth for a net refill, as people adjusted it, within every bound of the zone; and the bounds that cut it."""
    zone, limits = facts.zone, facts.zone.limits
    wanted = gross_mm(max(0.0, net_mm), zone.application_efficiency_frac)
    bounds = {
        **{name: bound - facts.given_last_24h_mm for name, bound in day_bounds_mm(facts).items()},
        "longest_run_s": limits.longest_run_s * facts.nominal_lpm / 60 / zone.area_m2,
        "max_s_per_day": WITHIN_LIMITS * limits.max_s_per_day * facts.nominal_lpm / 60 / zone.area_m2
        - facts.given_last_24h_mm,
        "max_l_per_day": WITHIN_LIMITS * limits.max_l_per_day / zone.area_m2 - facts.given_last_24h_mm,
    }
    # less is less of what would really have been given; more stops at the bounds
    depth = min(adjusted_mm(facts, min(wanted, *bounds.values())), *bounds.values())
    most = max(wanted, adjusted_mm(facts, wanted))
    cut = tuple(name for name, bound in bounds.items() if bound < most)
    if depth < zone.min_event_mm or run_s(depth, zone.area_m2, facts.nominal_lpm) < SHORTEST_RUN_S:
        return 0.0, cut
    return depth, cut


def adjusted_mm(facts: ZoneFacts, wanted_mm: float) -> float:
    """A depth a little less or more, as people asked. No adjustment makes a watering of what was none, or none of one."""
    least_mm, frac = facts.zone.min_event_mm, facts.adjustments.nudge_frac
    return wanted_mm if not frac or wanted_mm < least_mm else max(least_mm, wanted_mm * (1 + frac))


def day_bounds_mm(facts: ZoneFacts) -> dict[str, float]:
    """The most for a day, gross: the zone's, and what people asked for where that is less."""
    most_mm, cap_mm = facts.zone.max_depth_mm_per_day, facts.adjustments.day_cap_mm
    return {"max_depth_mm_per_day": most_mm} | (
        {"day_cap_mm": cap_mm} if cap_mm is not None and cap_mm < most_mm else {}
    )


def _reason(
    facts: ZoneFacts,
    zone: RootZone,
    plot: Plot,
    choice: Choice,
    days_left: float,
    interval_days: float,
    due: Reason,
    values: dict[str, Value],
) -> Reason:
    line_mm = choice.line_frac * zone.taw_mm
    if choice.reason is Reason.ENOUGH_TO_HARVEST:
        return choice.reason
    if facts.last_run_ended_at is not None:
        since_s = (facts.at - facts.last_run_ended_at).total_seconds()
        if 0 <= since_s < SETTLE_S:
            values["hours_ago"] = round(since_s / 3600, 1)
            return Reason.RECENTLY_WATERED
    reached = zone.depletion_mm >= line_mm
    if not reached and days_left >= interval_days * 0.5:
        return Reason.ENOUGH_WATER
    if not reached and _ripens_from(facts, replace(zone, depletion_mm=line_mm + TINY_MM), plot):
        return Reason.ENOUGH_TO_HARVEST
    rain_mm = (facts.today.rain_mm or 0.0) + (facts.days[-1].rain_mm or 0.0 if facts.days else 0.0)
    # just below the line too: rain that brings the soil there must not bring water
    if rain_mm >= RAIN_DELAYS_FROM_MM and zone.depletion_mm < RAIN_DELAY_BOUND * line_mm:
        values["rain_mm"] = round(rain_mm, 1)
        return Reason.RAIN_DELAY
    return due if reached else Reason.REFILL_BEFORE_DRY


def _ripens_from(facts: ZoneFacts, zone: RootZone, plot: Plot) -> bool:
    """Whether the chooser, asked about this root zone, says that it holds enough until harvest."""
    return chosen(facts, zone, plot).reason is Reason.ENOUGH_TO_HARVEST


def _run_s(facts: ZoneFacts, depth_mm: float) -> float:
    """Seconds for a depth: by the flow its meter really showed where that is less than the pump's name says.

    The litres of a run are capped by its depth, and its seconds here by the zone's limits, less the
    seconds that the day's water took at that flow.
    """
    by_name_s = run_s(depth_mm, facts.zone.area_m2, facts.nominal_lpm)
    measured_lpm = facts.learned.measured_lpm
    if measured_lpm is None or measured_lpm >= facts.nominal_lpm:
        return by_name_s
    limits, area_m2 = facts.zone.limits, facts.zone.area_m2
    spent_s = run_s(facts.given_last_24h_mm, area_m2, measured_lpm)
    longest_s = min(limits.longest_run_s, WITHIN_LIMITS * limits.max_s_per_day - spent_s)
    return max(by_name_s, min(longest_s, run_s(depth_mm, area_m2, measured_lpm)))

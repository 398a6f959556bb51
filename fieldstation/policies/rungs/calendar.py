"""Rung 4: blind. A reduced fixed amount every few days, and only when the date is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.domain.decision import Reason
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import Refill, bounded_depth_mm
from fieldstation.policies.rootzone import RootZone, levels
from fieldstation.policies.rungs.answer import Answer, Unable
from fieldstation.policies.window import next_window

EVERY_DAYS = 4
BLIND_ET0_MM = 4.0
REDUCED = 0.6


def decide(facts: ZoneFacts, balance: RootZone | None) -> Answer | Unable:
    """A share of what the crop is likely to have used since the last water."""
    del balance
    if not facts.clock_trusted:
        return Unable("clock_untrusted")
    last = facts.last_run_ended_at
    if last is None:
        return Unable("no_last_run")
    use_mm = BLIND_ET0_MM * crop_coefficient(facts.zone.crop, facts.day)
    zone = replace(levels(facts), etc_mm=use_mm)
    due_at = last + timedelta(days=EVERY_DAYS)
    net_mm = min(REDUCED * use_mm * EVERY_DAYS, zone.raw_mm)
    depth_mm, limited_by = bounded_depth_mm(facts, net_mm)
    run_s = depth_mm * facts.zone.area_m2 / facts.nominal_lpm * 60
    values = {"every_days": EVERY_DAYS, "use_mm_day": round(use_mm, 1)}
    if facts.at < due_at or depth_mm <= 0:
        at = next_window(facts, max(due_at, facts.at))
        waits = Refill(Reason.ENOUGH_WATER, dict(values), 0.0, 0.0, None, at, run_s, limited_by)
        return Answer(waits, zone)
    start_at = next_window(facts, facts.at)
    due = Refill(Reason.CALENDAR_DUE, dict(values), depth_mm, run_s, start_at, start_at, run_s, limited_by)
    return Answer(due, zone)

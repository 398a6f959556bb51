"""Rung 3: the probe alone, with a gap between the dry mark and the mark that ends the refill."""

from __future__ import annotations

from dataclasses import replace

from fieldstation.domain.decision import Reason
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import SETTLE_S, Refill, refill_of
from fieldstation.policies.rootzone import RootZone, by_probes, levels
from fieldstation.policies.rungs.answer import Answer, Unable

DAY_S = 86400.0
REFILL_PART = 0.7  # a probe sees one spot: refill less than it asks for


def decide(facts: ZoneFacts, balance: RootZone | None) -> Answer | Unable:
    """Water when the probes within the roots are at the line, at most once a day."""
    del balance
    zone = levels(facts)
    depletion_mm = by_probes(facts, zone)
    if depletion_mm is None:
        return Unable("no_good_probe")
    seen = replace(zone, depletion_mm=depletion_mm)
    if facts.last_run_ended_at is not None:
        since_s = (facts.at - facts.last_run_ended_at).total_seconds()
        if SETTLE_S <= since_s < DAY_S:  # hysteresis in time: let the last water reach the probe
            seen = replace(seen, depletion_mm=min(depletion_mm, 0.5 * zone.raw_mm))
    return Answer(_careful(facts, seen), seen, _careful)


def _careful(facts: ZoneFacts, seen: RootZone) -> Refill:
    made = refill_of(facts, seen, Reason.PROBE_DRY)
    if made.depth_mm > 0:
        depth_mm = max(facts.zone.min_event_mm, made.depth_mm * REFILL_PART)
        made = replace(made, depth_mm=depth_mm, run_s=made.run_s * depth_mm / made.depth_mm)
    return made

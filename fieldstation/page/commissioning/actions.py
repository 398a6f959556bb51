"""A technician's tests by form or by API: what the station itself can say of a step, which outcomes it does not believe."""

from __future__ import annotations

import re
import shutil

from fieldstation.domain.commissioning import Outcome, Step
from fieldstation.domain.reading import Quality
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Pump
from fieldstation.domain.status.guard import GuardStatus
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot

Facts = dict[str, float | str]
LEASE_AND_LEAD_S = 16.0
"""A run of the fail-safe test: up to six seconds alive, the lease of ten."""
VISIT = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{4}$")
LEAST_L = 0.5
"""Less in the bucket says nothing about a meter."""


def keep_step(page: PageContext, visit: str, step: str, outcome: str, of: str, note: str, run: str) -> Answer:
    """Keep what came of a step, with what the station knows of it; refused where it has seen otherwise."""
    snapshot = page.source.snapshot()
    no = proved(step, outcome, snapshot, run)
    if no is not None:
        return Answer(no)
    return page.send_command(
        "commissioned",
        by=page.who(),
        visit=visit,
        step=step,
        outcome=outcome,
        of=of,
        note=note,
        values=facts(page, step, snapshot, run),
    )


def pulses_per_l(page: PageContext, pump: Pump | None, run: str, bucket_l: float) -> float | None:
    """The pulses a litre that make the meter agree with the bucket, from the run that filled it; None without either."""
    found = closed(page.source.snapshot(), run) if run else None
    if pump is None or pump.flow is None or found is None:
        return None
    installed = getattr(pump.flow.meter.settings, "pulses_per_l", None)
    if installed is None or not bucket_l >= LEAST_L or found.litres <= 0:
        return None
    return round(float(installed) * found.litres / bucket_l, 1)


def keep_pulses(page: PageContext, pump: Pump, pulses: float, note: str) -> Answer:
    """Kept to be copied into station.toml, which the guard reads."""
    assert pump.flow is not None
    return page.send_command(
        "calibrate",
        by=page.who(),
        sensor=pump.flow.meter.id,
        kind="pulses_per_l",
        pulses_per_l=pulses,
        note=note,
    )


def pump_of(page: PageContext, zone: str) -> Pump | None:
    """The pump of a zone; None for a zone that is not here."""
    of = page.zones.get(zone)
    return None if of is None else page.station.pump(of.pump)


def facts(page: PageContext, step: str, snapshot: StationSnapshot, run: str) -> Facts:
    """What is known now for a step, by names that have a sentence each (`[fact]` in the words)."""
    guard, controller = snapshot.guard, snapshot.controller
    if step == Step.CLOCK:
        return {"clock_trusted": _word(controller and controller.clock.trusted)}
    if step == Step.STORAGE:
        free_gb = shutil.disk_usage(page.places.data).free / 1e9
        return {"record_ok": _word(controller and controller.storage.ok), "free_gb": round(free_gb, 1)}
    if step == Step.SENSORS:
        probes = [probe for zone in (controller.zones if controller else ()) for probe in zone.probes]
        good = sum(probe.quality is Quality.GOOD for probe in probes)
        air = controller is not None and controller.air.quality is Quality.GOOD
        return {"probes_good": good, "probes_silent": len(probes) - good, "air_ok": _word(air)}
    if step in (Step.LEAK, Step.FLOW):
        return {} if guard is None else _flow(guard)
    if step == Step.STOP:
        return {} if guard is None else {"stop_latched": _word(guard.stop_latched)}
    if step == Step.FAIL_SAFE and run:
        found = closed(snapshot, run)
        return (
            {"still_on": "yes"}
            if found is None
            else {
                "ended_by": found.stop_reason.value,
                "on_s": found.on_s,
            }
        )
    return {}


def proved(step: str, outcome: str, snapshot: StationSnapshot, run: str) -> str | None:
    """Why "passed" cannot be said of a step that the station has seen fail or not seen at all; None where it can."""
    if outcome != Outcome.PASSED:
        return None
    if snapshot.guard is None and step in (Step.RELAY, Step.LEAK, Step.FAIL_SAFE, Step.STOP):
        return "guard_is_silent"
    if step == Step.FAIL_SAFE:
        found = closed(snapshot, run)
        if found is None:
            return "fail_safe_not_seen"
        if found.stop_reason is not Code.LEASE_EXPIRED or found.on_s > LEASE_AND_LEAD_S:
            return "fail_safe_failed"
    if step == Step.STOP and not snapshot.stopped:
        return "stop_not_pressed"
    if step == Step.LEAK and any(
        latch.code is Code.LEAK for latch in (snapshot.guard.latches if snapshot.guard else ())
    ):
        return "leak_seen"
    return None


def closed(snapshot: StationSnapshot, run: str) -> Run | None:
    """The guard's own words on a run that is over."""
    return next((one for one in (snapshot.guard.closed if snapshot.guard else ()) if one.id == run), None)


def _flow(guard: GuardStatus) -> Facts:
    flows = [pump.flow_lpm for pump in guard.inputs.values() if pump.flow_lpm is not None]
    lines_on = any(line.on is not False for line in guard.lines.values())
    found: Facts = {"lines_on": _word(lines_on)}
    if flows:
        found["flow_lpm"] = round(sum(flows), 1)
    return found


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "unknown")  # type: ignore[call-overload, no-any-return] # anything else is unknown

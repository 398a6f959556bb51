"""What the station itself can say about a step of commissioning, and which outcomes it does not believe."""

from __future__ import annotations

import shutil
from typing import Any

from fieldstation.domain.commissioning import Outcome, Step
from fieldstation.page.gather import Picture
from fieldstation.page.site import Site

Facts = dict[str, float | str]
LEASE_AND_LEAD_S = 16.0
"""A run of the fail-safe test: up to six seconds alive, the lease of ten."""


def facts(site: Site, step: str, picture: Picture, run: str) -> Facts:
    """What is known now for a step, by names that have a sentence each (`[fact]` in the words)."""
    guard, controller = picture.guard, picture.controller
    if step == Step.CLOCK:
        trusted = ((controller or {}).get("clock") or {}).get("trusted")
        return {"clock_trusted": _word(trusted)}
    if step == Step.STORAGE:
        ok = ((controller or {}).get("storage") or {}).get("ok")
        free_gb = shutil.disk_usage(site.places.data).free / 1e9
        return {"record_ok": _word(ok), "free_gb": round(free_gb, 1)}
    if step == Step.SENSORS:
        probes = [probe for zone in (controller or {}).get("zones", ()) for probe in zone["probes"]]
        good = sum(probe["quality"] == "good" for probe in probes)
        air = ((controller or {}).get("air") or {}).get("quality") == "good"
        return {"probes_good": good, "probes_silent": len(probes) - good, "air_ok": _word(air)}
    if step in (Step.LEAK, Step.FLOW):
        return {} if guard is None else _flow(guard)
    if step == Step.STOP:
        return {} if guard is None else {"stop_latched": _word(guard.get("stop_latched"))}
    if step == Step.FAIL_SAFE and run:
        found = closed(picture, run)
        return {"still_on": "yes"} if found is None else {
            "ended_by": str(found["stop_reason"]), "on_s": float(found["on_s"]),
        }  # fmt: skip
    return {}


def proved(step: str, outcome: str, picture: Picture, run: str) -> str | None:
    """Why "passed" cannot be said of a step that the station has seen fail or not seen at all; None where it can."""
    if outcome != Outcome.PASSED:
        return None
    if picture.guard is None and step in (Step.RELAY, Step.LEAK, Step.FAIL_SAFE, Step.STOP):
        return "guard_is_silent"
    if step == Step.FAIL_SAFE:
        found = closed(picture, run)
        if found is None:
            return "fail_safe_not_seen"
        if found["stop_reason"] != "lease_expired" or float(found["on_s"]) > LEASE_AND_LEAD_S:
            return "fail_safe_failed"
    if step == Step.STOP and not (picture.guard or {}).get("stop_latched"):
        return "stop_not_pressed"
    if step == Step.LEAK and any(
        latch["code"] == "leak" for latch in (picture.guard or {}).get("latches", ())
    ):
        return "leak_seen"
    return None


def closed(picture: Picture, run: str) -> dict[str, Any] | None:
    """The guard's own words on a run that is over."""
    return next((one for one in (picture.guard or {}).get("closed", ()) if one["id"] == run), None)


def _flow(guard: dict[str, Any]) -> Facts:
    flows = [
        look["flow_lpm"] for look in guard.get("inputs", {}).values() if look.get("flow_lpm") is not None
    ]
    lines_on = any(line["on"] is not False for line in guard.get("lines", {}).values())
    found: Facts = {"lines_on": _word(lines_on)}
    if flows:
        found["flow_lpm"] = round(sum(flows), 1)
    return found


def _word(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "unknown")  # type: ignore[call-overload, no-any-return] # anything else is unknown

"""A technician's day through real processes: a valve held by hand, the fail-safe test, a probe calibrated."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from fieldstation.store.reader import Reader
from tests.kit.station import Demo, wait_for

pytestmark = pytest.mark.slow
Make = Callable[..., Demo]


def ready(demo: Make) -> Demo:
    """A station on wet ground where nothing waters by itself, so that every drop is the test's."""
    station = demo()
    station.by_hand_alone(*(zone.id for zone in station.station.zones))
    station.start("field")
    for zone in station.station.zones:
        station.field("wet", zone=zone.id)
    station.start("guard", "controller")
    station.settled()
    return station


def ask(station: Demo, command: str, **values: Any) -> dict[str, Any]:
    from fieldstation.wire.client import call as one

    return one(station.places.controller_socket, {"verb": command, "by": "tess", **values}, 3)


def begun(station: Demo, command: str, **values: Any) -> str:
    """The run that a test began."""
    answer = ask(station, command, **values)
    assert "id" in answer, answer
    return str(answer["id"])


def test_the_valve_is_open_while_the_hand_holds_and_shuts_when_it_is_not_heard(demo: Make) -> None:
    station = ready(demo)
    hand = begun(station, "relay_test", zone="north", held=True)
    wait_for(lambda: {"pump:main", "valve:north"} <= set(station.relays_on()), 8, "water")
    began = time.monotonic()
    while time.monotonic() - began < 4:
        assert ask(station, "hold_relay", id=hand) == {"holding": True}
        time.sleep(0.5)  # the hand's own rhythm
    assert "pump:main" in station.relays_on()
    assert ask(station, "relay_test", zone="south", held=True)["refused"] == "pump_busy"
    wait_for(lambda: not station.relays_on(), 8, "off without the hand")
    assert ask(station, "hold_relay", id=hand) == {"holding": False}
    run = wait_for(
        lambda: [r for r in station.guard("status")["closed"] if r["id"] == hand], 5, "the run is closed"
    )[0]
    assert (run["origin"], run["stop_reason"]) == ("manual", "ended")
    assert ask(station, "relay_test", zone="nowhere")["refused"] == "zone_unknown"


def test_the_fail_safe_test_kills_the_controller_and_the_guard_takes_the_water_back(demo: Make) -> None:
    station = ready(demo)
    run_id = begun(station, "fail_safe_test", zone="north")
    wait_for(lambda: "pump:main" in station.relays_on(), 8, "water")
    child = station.children["controller"]
    assert child.wait(12) == -9
    died = time.monotonic()
    wait_for(lambda: not station.relays_on(), 14, "lines off after the lease")
    assert time.monotonic() - died < 13.5
    run = wait_for(lambda: [r for r in station.guard("status")["closed"] if r["id"] == run_id], 8, "closed")[
        0
    ]
    assert run["stop_reason"] == "lease_expired"
    station.start("controller")
    passed = {
        "visit": "v1",
        "step": "fail_safe",
        "outcome": "passed",
        "of": "north",
        "values": {"on_s": run["on_s"]},
    }
    assert ask(station, "commissioned", **passed) == {"kept": True}


def test_a_probe_is_watched_calibrated_and_stays_so_over_a_restart(demo: Make) -> None:
    station = ready(demo)

    def value() -> float:
        found: float = station.controller("snapshot")["zones"][0]["probes"][0]["value"]
        return found

    before = wait_for(value, 20, "a reading")
    steady = wait_for(lambda: ask(station, "watch_probe", sensor="north_soil")["steady_v"], 30, "it settles")
    assert 1.0 < steady < 2.9
    no = ask(station, "calibrate", sensor="north_soil", kind="two_point", air_v=1.0, water_v=2.9)
    assert no["refused"] == "air_below_water"
    tried = ask(
        station, "calibrate", sensor="north_soil", kind="two_point", air_v=3.1, water_v=1.2, **{"try": True}
    )
    assert tried["calibrated"] is False
    assert value() == pytest.approx(before, abs=0.02), "a trial changes nothing"
    done = ask(
        station, "calibrate", sensor="north_soil", kind="two_point", air_v=3.1, water_v=1.2, note="bucket"
    )
    assert done["calibrated"] is True
    wait_for(lambda: value() > before + 0.03, 25, "the next round reads by the new curve")
    station.kill("controller")
    station.start("controller")
    wait_for(lambda: (value() or 0) > before + 0.03, 25, "and after a restart")
    ask(station, "calibrate", sensor="north_soil", kind="as_installed")
    wait_for(lambda: 0 < (value() or 0) < before + 0.02, 25, "back as installed")
    with Reader(station.places.record) as reader:
        assert [(entry.who, entry.what) for entry in reader.audit() if entry.who == "tess"] == [
            ("tess", "calibrated")
        ] * 2

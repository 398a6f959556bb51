"""The three journeys of the design, each walked once through real processes, and what breaks them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from fieldstation.store.reader import Reader
from tests.kit.records import newest_round
from tests.kit.station import Demo, wait_for

pytestmark = pytest.mark.slow
Make = Callable[..., Demo]


def watering(station: Demo) -> bool:
    return "pump:main" in station.relays_on()


def started(make: Make, **options: object) -> Demo:
    station = make(**options)
    station.start("field", "guard", "controller")
    wait_for(lambda: watering(station), 60, "the station waters by itself")
    return station


def test_a_run_a_reading_and_a_stop(demo: Make) -> None:
    station = demo()
    began = time.monotonic()
    station.start("field", "guard", "controller", "page")
    wait_for(lambda: watering(station), 90, "the station waters by itself")
    assert time.monotonic() - began < 90
    status = station.get("/api/v1/status")
    # a reading: driver -> snapshot -> page, and in the next batch the record
    assert all(zone["soil_water"]["quality"] == "good" for zone in status["zones"])
    station.controller("flush")
    with Reader(station.places.record) as reader:
        newest = newest_round(reader)
        assert newest is not None
    # a run: forecast -> decision recorded -> lease -> relay -> flow
    wet = next(zone for zone in status["zones"] if zone["decision"]["depth_mm"] > 0)
    assert wet["decision"]["rung"] == "learned"
    with Reader(station.places.record) as reader:
        decision = reader.latest_decision(wet["id"])
        assert decision is not None
        assert decision.depth_mm == pytest.approx(wet["decision"]["depth_mm"])
        assert decision.inputs
    wait_for(lambda: 30 < station.guard("status")["inputs"]["main"]["flow_lpm"] < 50, 20, "flow is measured")
    assert station.get("/healthz") == {"ok": True, "missing": []}
    # a stop: page -> guard -> line off; a foreign page is refused, ours and none are not
    assert station.post("/api/v1/stop", {"Origin": "http://elsewhere.example"})[0] == 403
    assert watering(station)
    code, answer = station.post("/api/v1/stop")
    assert (code, answer["stopped"]) == (200, True)
    assert station.relays_on() == []
    ended = wait_for(lambda: station.controller("snapshot")["zones"], 5, "snapshot")
    assert ended
    run = wait_for(
        lambda: [
            z["last_run"]
            for z in station.get("/api/v1/status")["zones"]
            if z["last_run"] and z["last_run"]["stop_reason"] == "stopped"
        ],
        30,
        "the cut run is told",
    )
    assert run[0]["litres"] > 0
    assert station.get("/api/v1/status")["guard"]["stop_latched"]
    # the latch outlives the guard
    station.kill("guard")
    station.start("guard")
    assert station.guard("status")["stop_latched"]
    assert station.post("/api/v1/resume")[0] == 401, "to resume takes a login"
    assert station.technician().post("/resume")[0] == 200
    assert not station.guard("status")["stop_latched"]


def test_after_a_resume_the_rest_is_decided_and_given_without_waiting_for_a_plan(demo: Make) -> None:
    station = demo()
    station.start("field", "guard", "controller", "page")
    wait_for(lambda: watering(station), 60, "water")
    phone = station.technician()
    phone.post("/stop")
    assert station.relays_on() == []
    assert phone.post("/resume")[0] == 200
    wait_for(lambda: watering(station), 60, "water again")

    def north() -> Any:
        zone = station.controller("snapshot")["zones"][0]
        return zone["last_run"]["stop_reason"] == "stopped" and (zone["run"] or zone["next_run"])

    wait_for(north, 20, "the zone that STOP cut is given the rest, not six hours of rest")


def test_wet_soil_is_not_watered(demo: Make) -> None:
    station = demo()
    station.start("field")
    for zone in station.station.zones:
        station.field("wet", zone=zone.id)
    station.start("guard", "controller")
    zones = wait_for(
        lambda: [z for z in station.controller("snapshot")["zones"] if z["decision"]], 60, "a first decision"
    )
    assert [zone["decision"]["depth_mm"] for zone in zones] == [0, 0]
    assert station.relays_on() == []


def test_a_killed_controller_ends_the_water_within_the_lease(demo: Make) -> None:
    station = started(demo)
    station.kill("controller")
    began = time.monotonic()
    wait_for(lambda: not station.relays_on(), 14, "lines off after the lease")
    assert 2 < time.monotonic() - began < 13.5
    closed = station.guard("status")["closed"]
    assert closed[-1]["stop_reason"] == "lease_expired"


def test_a_killed_guard_with_the_releasing_kernel_is_off_at_once(demo: Make) -> None:
    station = started(demo)
    station.kill("guard")
    assert station.relays_on() == []
    station.start("guard")
    newest = station.guard("status")["closed"][-1]
    assert newest["stop_reason"] == "interrupted"
    assert newest["on_s"] >= 600  # counted pessimistically, as if it had run to its limit


def test_a_killed_guard_with_the_persisting_kernel_is_off_by_the_stop_command(demo: Make) -> None:
    station = started(demo, kernel="persist")
    station.kill("guard")
    assert watering(station), "this kernel keeps the line: that is what the stop command is for"
    command = [
        sys.executable,
        "-m",
        "fieldstation.guard.off",
        "--config",
        str(station.config),
        "--sockets",
        str(station.places.sockets),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert station.relays_on() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_guard_that_is_told_to_end_leaves_every_line_off(demo: Make, number: int) -> None:
    station = started(demo, kernel="persist")
    child = station.children.pop("guard")
    os.kill(child.pid, number)
    assert child.wait(10) == 0
    assert station.relays_on() == []


def test_a_second_instance_is_refused(demo: Make) -> None:
    station = demo(history_days=3)
    station.start("field", "guard")
    command = [sys.executable, "-m", "fieldstation", "guard", *station.options("guard")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "already running" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_physical_stop_button_stops_and_latches(demo: Make) -> None:
    station = started(demo)
    station.field("press", pressed=True)
    wait_for(lambda: not station.relays_on(), 2, "button stops the water")
    status = station.guard("status")
    assert (status["stop_latched"], status["latched_by"]) == (True, "button")
    assert station.guard("resume")["resumed"] is False


def test_an_unplugged_probe_and_a_drained_tank_are_told(demo: Make) -> None:
    station = started(demo)
    station.field("fault", name="unplug", target="north_soil")
    station.field("fault", name="drain_tank", target="main")
    wait_for(lambda: not station.relays_on(), 5, "an empty tank stops the pump")
    told = wait_for(
        lambda: (
            (codes := {a["code"] for a in station.controller("snapshot")["alerts"]})
            >= {"sensor_bad", "run_cut"}
            and codes
        ),
        40,
        "alerts",
    )
    assert "guard_silent" not in told


def test_a_station_that_is_switched_off_books_what_was_given(demo: Make) -> None:
    """Ctrl-C and `systemctl stop` are no power cut: the run is closed as it was, not as its longest."""
    station = started(demo)
    station.kill("controller", signal.SIGTERM)
    status = station.guard("status")
    assert status["runs"] == []
    assert status["closed"][-1]["stop_reason"] == "ended"
    assert status["closed"][-1]["on_s"] < 60
    with Reader(station.places.record) as reader:
        run = reader.last_run(status["closed"][-1]["zone"])
    assert run is not None
    assert run.id == status["closed"][-1]["id"]
    assert run.litres < 60

"""What people ask, through real processes: water by hand from the page to the relay, a skip, a pause, a restart between."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldstation.store.reader import Reader
from tests.kit.phone import Phone
from tests.kit.station import Demo, wait_for

pytestmark = pytest.mark.slow
Make = Callable[..., Demo]


def zone(station: Demo, name: str = "north") -> dict[str, Any]:
    found: dict[str, Any] = next(z for z in station.controller("snapshot")["zones"] if z["id"] == name)
    return found


def quiet(make: Make) -> tuple[Demo, Phone]:
    """A station that waters nothing by itself, and a phone that may ask for water."""
    station = make()
    station.by_hand_alone(*(one.id for one in station.station.zones))
    station.start("field", "guard", "controller", "page")
    phone = station.technician()
    station.settled()
    return station, phone


def key_on(phone: Phone) -> str:
    found = re.search(r'name="key" value="([^"]+)"', phone.get("/zones/north/water")[1])
    assert found is not None
    return found[1]


def test_water_by_hand_flows_once_ends_by_itself_and_is_forgotten_by_a_restart(demo: Make) -> None:
    station, phone = quiet(demo)
    key = key_on(phone)
    assert "opened the water" in phone.post("/zones/north/water", key=key, minutes="5")[1]
    wait_for(lambda: {"pump:main", "valve:north"} <= set(station.relays_on()), 10, "the relays close")
    (run,) = station.guard("status")["runs"]
    assert (run["origin"], run["zone"]) == ("manual", "north")
    assert run["planned_s"] == pytest.approx(300, abs=1)
    # the same form again, and another one: no second run, no longer one
    assert phone.post("/zones/north/water", key=key, minutes="20")[0] == 200
    phone.post("/zones/north/water", key=key_on_screen(key), minutes="20")
    assert [(one["id"], one["planned_s"]) for one in station.guard("status")["runs"]] == [
        (run["id"], run["planned_s"])
    ]
    assert zone(station)["run"]["by"] == "Ana"
    # this watering ends, and is on record with who asked
    assert phone.post("/zones/north/end")[0] == 200
    wait_for(lambda: not station.relays_on(), 10, "the relays open")
    last = wait_for(
        lambda: zone(station)["last_run"]["origin"] == "manual" and zone(station)["last_run"], 15, "recorded"
    )
    assert last["stop_reason"] == "ended"
    with Reader(station.places.record) as reader:
        audit_log = [(one.who, one.what, one.zone) for one in reader.audit()]
    assert {("Ana", "water_now", "north"), ("Ana", "end_run", "north")} <= set(audit_log)
    # the controller restarts: the form of before waters nothing
    station.kill("controller")
    station.start("controller")
    code, html = phone.post("/zones/north/water", key=key, minutes="5")
    assert code == 409
    assert "started anew" in html
    assert station.guard("status")["runs"] == []
    assert station.relays_on() == []


def key_on_screen(key: str) -> str:
    """Another form of the same run of the controller."""
    return f"{key.partition('.')[0]}.{'0' * 16}"


def test_stop_comes_first_and_the_guards_no_is_a_sentence(demo: Make) -> None:
    station, phone = quiet(demo)
    key = key_on(phone)
    phone.post("/zones/north/water", key=key, minutes="5")
    wait_for(lambda: "pump:main" in station.relays_on(), 10, "water")
    assert station.post("/api/v1/stop")[1]["stopped"] is True
    assert station.relays_on() == []
    code, html = phone.post("/zones/south/water", key=key_on_screen(key), minutes="5")
    assert code == 409
    assert "STOP was pressed" in html
    assert station.relays_on() == []


def test_a_skip_is_used_once_and_a_pause_holds_over_a_restart(demo: Make) -> None:
    station, first = demo(), "north"
    station.by_hand_alone(*(one.id for one in station.station.zones if one.id != first))
    station.start("field", "guard")
    wire = station.station.pumps[0].tank_float
    assert wire is not None
    station.field("fault", name="unplug", target=wire.id)
    station.start("page", "controller")
    phone = station.technician()
    wait_for(
        lambda: (zone(station, first)["next_run"] or {}).get("certain"),
        60,
        "a watering waits, for the tank's float is cut off",
    )
    # what waits is skipped at once, and is not asked for when the float is whole again, nor after a restart
    assert "will be skipped" in phone.post(f"/zones/{first}/skip?lang=en")[1]
    assert zone(station, first)["decision"]["reason"]["code"] == "skipped"
    station.field("clear", name="unplug", target=wire.id)
    wait_for(
        lambda: station.guard("status")["inputs"]["main"]["tank_ok"], 20, "the guard sees the float again"
    )
    station.kill("controller")
    station.start("controller")
    station.settled()
    assert zone(station, first)["decision"]["reason"]["code"] == "skipped"
    assert [one["name"] for one in zone(station, first)["nudges"]] == ["skipped"]
    assert station.relays_on() == []
    with Reader(station.places.record) as reader:
        audit_log = [(one.who, one.what, one.zone) for one in reader.audit()]
    assert audit_log.count(("station", "skip_used", first)) == 1
    # taken back, it waters; paused and ended, it does not, and the pause holds over a restart
    assert phone.post(f"/zones/{first}/skip", on="no")[0] == 200
    wait_for(lambda: f"valve:{first}" in station.relays_on(), 60, "it waters after all")
    until = (datetime.now(ZoneInfo(station.station.timezone)) + timedelta(days=3)).date().isoformat()
    assert phone.post(f"/zones/{first}/pause", until=until)[0] == 200
    assert phone.post(f"/zones/{first}/end")[0] == 200
    wait_for(lambda: not station.relays_on(), 15, "off")
    station.kill("controller")
    station.start("controller")
    reason = wait_for(lambda: zone(station, first)["decision"], 60, "decided anew")["reason"]
    assert (reason["code"], reason["values"]["by"]) == ("paused", "Ana")
    html = phone.get("/?lang=en")[1].replace("\u2068", "").replace("\u2069", "")
    assert "Ana paused watering until" in html
    assert station.relays_on() == []

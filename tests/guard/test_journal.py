"""What the guard tells of itself: each thing once, with its cause, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality
from fieldstation.guard import inputs, lines
from fieldstation.guard.inputs import DeviceInputs
from fieldstation.guard.lines import RelayLines
from tests.kit.controller_bench import STATION, HandClock
from tests.kit.journal import journal
from tests.kit.plant import Plant

Lines = Callable[[], list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Lines]:
    with journal(tmp_path, "guard") as read:
        yield lambda: [line.partition("guard: ")[2] for line in read()]


def test_a_run_from_its_beginning_to_a_lease_that_ran_out(told: Lines) -> None:
    plant = Plant()
    plant.hold(1)
    plant.start("north")
    plant.hold(5)
    plant.renewing = False
    plant.hold(20)
    began, ended = told()
    assert began.startswith("run_began zone=north origin=auto longest_s=60 run=r1")
    assert ended.startswith("run_ended zone=north stop_reason=lease_expired on_s=")


def test_a_refusal_is_told_once_until_it_is_another_one(told: Lines) -> None:
    plant = Plant()
    plant.tank = False
    plant.hold(5)
    for _ in range(5):
        plant.start("north")
        plant.hold(1)
    plant.stop()
    for _ in range(5):
        plant.start("north")
    refused = [line for line in told() if line.startswith("run_refused")]
    assert refused == ["run_refused zone=north code=tank_low", "run_refused zone=north code=stopped"]


def test_what_is_only_waited_out_is_no_warning(tmp_path: Path) -> None:
    with journal(tmp_path, "guard") as read:
        plant = Plant()
        plant.hold(1)
        plant.start("north")
        plant.start("south")
        plant.stop()
        plant.start("south")
        refused = [line for line in read() if "run_refused" in line]
    assert ["WARNING" in line for line in refused] == [False, True], refused


def test_stop_and_resume(told: Lines) -> None:
    plant = Plant()
    plant.hold(1)
    plant.stop()
    plant.hold(1)
    plant.resume()
    plant.hold(1)
    assert told() == ["stop by=test", "stop_lifted"]


def test_a_ledger_that_cannot_be_kept_and_can_again(told: Lines) -> None:
    plant = Plant()
    plant.hold(1)
    plant.disk = False
    plant.stop()
    plant.hold(1)
    assert plant.engine.handle({"verb": "status"})["ledger_detail"] == "disk"
    plant.disk = True
    plant.hold(10)
    assert [line for line in told() if "ledger" in line] == [
        'ledger_not_kept detail=disk so="no water"',
        "ledger_kept_again",
    ]


@dataclass
class Puppet:
    """A device that fails where the test says."""

    id: str
    opens: str = ""
    fails: str = ""
    litres = 0.0

    def open(self) -> None:
        if self.opens:
            raise DeviceError(Quality.NO_ANSWER, self.opens)

    def _ask(self) -> bool:
        if self.fails:
            raise DeviceError(Quality.NO_ANSWER, self.fails)
        return True

    has_water = is_pressed = is_on = property(_ask)
    on = off = _ask

    @property
    def heard_age_s(self) -> float | None:
        return None if self.fails else 0.0

    def close(self) -> None:
        return


@pytest.fixture
def puppets(monkeypatch: pytest.MonkeyPatch) -> dict[str, Puppet]:
    made: dict[str, Puppet] = {}

    def build(device: Any, *_: object) -> Puppet:
        return made.setdefault(device.id, Puppet(device.id))

    monkeypatch.setattr(inputs, "build", build)
    monkeypatch.setattr(lines, "build", build)
    return made


def test_what_a_device_fails_with_is_kept_until_it_answers(puppets: dict[str, Puppet]) -> None:
    seen = DeviceInputs(STATION, None, HandClock())  # type: ignore[arg-type] # puppets need no pins
    seen.read_inputs(0.0)
    assert seen.faults == {}
    for puppet in puppets.values():
        puppet.fails = f"{puppet.id}: no such line"
    look = seen.read_inputs(1.0)
    assert look.pumps["main"].tank_ok is None
    assert set(seen.faults) == set(puppets)
    assert sum(why.endswith("no such line") for why in seen.faults.values()) == len(puppets) - 1, (
        "a meter only falls silent"
    )
    for puppet in puppets.values():
        puppet.fails = ""
    seen.read_inputs(2.0)
    assert seen.faults == {}


def test_a_line_that_cannot_be_opened_says_why_as_long_as_the_guard_runs(puppets: dict[str, Puppet]) -> None:
    valve = STATION.zones[0].valve.id
    puppets[valve] = Puppet(valve, opens="GPIO 27 is taken", fails="is not open")
    relays, name = RelayLines(STATION, None, HandClock()), f"valve:{STATION.zones[0].id}"  # type: ignore[arg-type]
    assert relays.faults == {name: "GPIO 27 is taken"}
    with pytest.raises(DeviceError):
        relays.drive(name, on=True)
    assert relays.faults == {name: "GPIO 27 is taken"}, "the first cause explains the next"
    pump = puppets[STATION.pumps[0].relay.id]
    pump.fails = "gone"
    with pytest.raises(DeviceError):
        relays.drive("pump:main", on=False)
    pump.fails = ""
    assert relays.read("pump:main") is True
    assert relays.faults["pump:main"] == "gone", "what can be read cannot therefore be driven"
    relays.drive("pump:main", on=False)
    assert "pump:main" not in relays.faults


def test_a_lost_device_is_told_once_and_so_is_its_return(told: Lines) -> None:
    plant = Plant()
    plant.hold(1)
    plant.faults["tank_float"] = "GPIO busy"
    plant.hold(5)
    assert plant.engine.handle({"verb": "status"})["faults"] == {"tank_float": "GPIO busy"}
    plant.faults.clear()
    plant.hold(2)
    assert told() == ['device_lost device=tank_float detail="GPIO busy"', "device_back device=tank_float"]

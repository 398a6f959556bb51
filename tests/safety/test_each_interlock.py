"""Each interlock refuses or cuts what it is for, and nothing else does so in its place."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from fieldstation.domain.run import Code
from fieldstation.safety import order
from fieldstation.safety.interlocks import (
    budget,
    busy,
    flow,
    frost,
    latched,
    ledger,
    line,
    longest_run,
    rest,
    stop,
    tank,
)
from tests.kit.plant import Plant, Violation

Scenario = Callable[[Plant], str | None]
"""Lives a story; returns the reason that the guard gave for no water, None when it gave water."""


def asked(plant: Plant, zone: str = "north") -> str | None:
    answer = plant.start(zone, 60)
    return None if answer["permitted"] else str(answer["reason"])


def ended(plant: Plant) -> str | None:
    if any(plant.lines.values()):
        return None
    return str(plant.engine.machine.memory.closed[-1].stop_reason)


def given(plant: Plant, seconds: float, times: int = 1) -> None:
    """Whole runs with their rests, far enough apart for starts an hour."""
    for _ in range(times):
        assert plant.start("north", seconds)["permitted"]
        plant.hold(seconds + 5)
        plant.hold(1200)


def stopped(plant: Plant) -> str | None:
    plant.stop()
    plant.stopped = False  # the reason is looked at, not the plant's own watch
    return asked(plant)


def ledger_lost(plant: Plant) -> str | None:
    plant.disk = False
    asked(plant)
    plant.disk = True  # a disk that comes back is believed only after a save
    return asked(plant)


def line_disobeys(plant: Plant) -> str | None:
    weld(plant)
    plant.hold(2)
    plant.engine.machine.memory.latches.clear()
    return asked(plant)


def weld(plant: Plant) -> None:
    plant.read = lambda name: True if name == "valve:south" else plant.lines.get(name, False)  # type: ignore[method-assign] # this relay is welded


def fault_latched(plant: Plant) -> str | None:
    plant.start("north", 60)
    plant.flow = "burst"
    plant.hold(20)
    plant.flow = "normal"
    plant.hold(60)
    return asked(plant)


def tank_empty(plant: Plant) -> str | None:
    plant.tank = False
    plant.hold(1)
    return asked(plant)


def pipe_burst(plant: Plant) -> str | None:
    plant.start("north", 60)
    plant.flow = "burst"
    plant.hold(20)
    return ended(plant)


def freezing(plant: Plant) -> str | None:
    plant.air = (1.0, 60.0)
    return asked(plant)


def two_zones(plant: Plant) -> str | None:
    plant.start("north", 60)
    plant.hold(35)
    return asked(plant, "south")


def cap_forgotten(plant: Plant) -> str | None:
    plant.start("north", 60)
    run = next(iter(plant.engine.machine.runs.values()))
    run.kept.planned_s = run.asked_s = 1e9  # the second net under the same fall
    plant.hold(126)
    return ended(plant)


def day_spent(plant: Plant) -> str | None:
    given(plant, 100, times=3)
    return asked(plant)


def too_soon(plant: Plant) -> str | None:
    plant.start("north", 20)
    plant.hold(30)
    return asked(plant)


SCENARIOS: list[tuple[ModuleType, Scenario, Code]] = [
    (stop, stopped, Code.STOPPED),
    (ledger, ledger_lost, Code.LEDGER),
    (line, line_disobeys, Code.LINE_FAULT),
    (latched, fault_latched, Code.TOO_MUCH_FLOW),
    (tank, tank_empty, Code.TANK_LOW),
    (flow, pipe_burst, Code.TOO_MUCH_FLOW),
    (frost, freezing, Code.FROST),
    (busy, two_zones, Code.PUMP_BUSY),
    (longest_run, cap_forgotten, Code.LONGEST_RUN),
    (budget, day_spent, Code.LITRES_PER_DAY),
    (rest, too_soon, Code.MIN_REST),
]
names = [module.__name__.rpartition(".")[2] for module, _, _ in SCENARIOS]


def test_every_interlock_has_its_scenario() -> None:
    assert [module.judge for module, _, _ in SCENARIOS] == list(order.INTERLOCKS)


@pytest.mark.parametrize(("module", "scenario", "code"), SCENARIOS, ids=names)
def test_it_says_no(module: ModuleType, scenario: Scenario, code: Code) -> None:
    del module
    plant = Plant()
    plant.hold(2)
    assert scenario(plant) == code.value


@pytest.mark.parametrize(("module", "scenario", "code"), SCENARIOS, ids=names)
def test_without_it_the_scenario_would_see_water(
    module: ModuleType, scenario: Scenario, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tuple(judge for judge in order.INTERLOCKS if judge is not module.judge)
    monkeypatch.setattr(order, "INTERLOCKS", left)
    plant = Plant()
    plant.hold(2)
    try:
        assert scenario(plant) != code.value
    except Violation:
        return  # the watched lines moved where they must not


def test_a_ledger_nobody_can_read_means_no_water_and_stays_as_it_is() -> None:
    plant = Plant()
    plant.saved = {"not": "ours"}
    plant.reboot()
    plant.hold(20)
    assert asked(plant) == Code.LEDGER.value
    assert plant.start("south", 60)["permitted"] is False
    assert plant.engine.handle({"verb": "resume"})["resumed"] is False
    plant.stop()
    assert plant.saved == {"not": "ours"}


def test_a_welded_relay_is_told_and_latched() -> None:
    plant = Plant()
    plant.hold(2)
    weld(plant)
    plant.hold(2)
    assert plant.engine.handle({"verb": "status"})["latches"][0]["code"] == Code.LINE_FAULT.value
    assert plant.engine.handle({"verb": "status"})["lines"]["valve:south"]["on"] is True
    assert asked(plant) == Code.LINE_FAULT.value


def test_nothing_above_the_guard_lengthens_a_run() -> None:
    plant = Plant()
    plant.hold(2)
    plant.start("north", 30)
    for _ in range(40):  # renewed and asked anew as fast as anyone can
        plant.engine.handle(
            {"verb": "renew", "id": plant.run, "max_s": 9999, "air_t_c": 20, "air_t_age_s": 1}
        )
        assert (
            plant.engine.handle({"verb": "start", "id": f"x{_}", "zone": "north", "max_s": 9999})["permitted"]
            is False
        )
        plant.tick()
        plant.tick()
    assert ended(plant) == Code.DONE.value
    assert plant.engine.machine.memory.closed[-1].on_s <= 31

"""Small ways to water a world and to look at it."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.reading import Quantity, Sample
from fieldstation.simulation.world import World

NOMINAL_LPM = 480.0
"""Of the stations that conftest makes."""


def zone(world: World, id: str = "zone1") -> dict[str, Any]:
    found: dict[str, Any] = world.truth()["zones"][id]
    return found


def water(world: World, id: str, seconds: float) -> None:
    world.set_line(f"valve:{id}", on=True)
    world.set_line("pump:main", on=True)
    world.step(seconds)
    world.set_line("pump:main", on=False)
    world.set_line(f"valve:{id}", on=False)


def by_sensor(samples: list[Sample]) -> dict[tuple[str, Quantity], Sample]:
    return {(sample.sensor, sample.quantity): sample for sample in samples}

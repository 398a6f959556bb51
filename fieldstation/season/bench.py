"""The guard's doors on a virtual clock: a ledger in memory, relays and inputs of the world."""

from __future__ import annotations

from typing import Any

from fieldstation.season.clock import VirtualClock
from fieldstation.season.witness import Witness
from fieldstation.simulation.world import World


class MemoryLedger:
    """Keeps what the guard saved; a season has no power cuts of its own."""

    def __init__(self) -> None:
        self.saved: dict[str, Any] = {}
        self.writes = 0

    def load(self) -> dict[str, Any]:
        """What was saved last."""
        return self.saved

    def save(self, memory: dict[str, Any]) -> None:
        """Keep it."""
        self.saved = memory
        self.writes += 1


class WorldLines:
    """Relays of the simulated world, in front of the witness."""

    def __init__(self, world: World, witness: Witness, clock: VirtualClock) -> None:
        self._world = world
        self._witness = witness
        self._clock = clock

    def drive(self, name: str, on: bool) -> None:
        """Drive one relay line."""
        self._world.set_line(name, on)
        self._witness.drove(name, on, self._clock.mono_s())

    def read(self, name: str) -> bool:
        """The level of one line."""
        return self._world.line(name)

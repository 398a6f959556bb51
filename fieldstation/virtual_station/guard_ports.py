"""The guard's doors on a virtual clock: a ledger in memory, relays and inputs of the world."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.station import Station
from fieldstation.safety.memory import Memory
from fieldstation.safety.moment import Inputs, PumpInputs
from fieldstation.simulation.world import World
from fieldstation.virtual_station.clock import VirtualClock
from fieldstation.virtual_station.witness import Witness


class MemoryLedger:
    """Keeps what the guard saved; a season has no power cuts of its own."""

    def __init__(self) -> None:
        self.saved: dict[str, Any] = Memory().as_dict()

    def load(self) -> dict[str, Any]:
        """What was saved last."""
        return self.saved

    def save(self, memory: dict[str, Any]) -> None:
        """Keep it."""
        self.saved = memory


class WorldLines:
    """Relays of the simulated world, in front of the witness."""

    def __init__(self, world: World, witness: Witness, clock: VirtualClock) -> None:
        self._world = world
        self._witness = witness
        self._clock = clock
        self.faults: dict[str, str] = {}

    def drive(self, name: str, on: bool) -> None:
        """Drive one relay line."""
        self._world.set_line(name, on)
        self._witness.drove(name, on, self._clock.mono_s())

    def read(self, name: str) -> bool:
        """The level of one line."""
        return self._world.line(name)


class WorldInputs:
    """Flow meter, float and stop button of the simulated world, as the guard sees them."""

    def __init__(self, station: Station, world: World) -> None:
        self._station = station
        self._world = world
        self.button = False
        self.faults: dict[str, str] = {}

    def read_inputs(self, mono_s: float) -> Inputs:
        """One look; a virtual meter is always heard, its count may stand still."""
        del mono_s
        return Inputs(
            {
                pump.id: PumpInputs(self._world.litres(pump.id), 0.0, self._world.tank_ok(pump.id))
                for pump in self._station.pumps
            },
            self.button,
        )

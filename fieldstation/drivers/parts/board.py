"""The other end of the lines: what a driver's `simulate` connects its model to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol, TypeVar

from fieldstation.domain.reading import Quantity
from fieldstation.drivers.pins.backend import Place

Edge = tuple[int, int, float]
"""Pin, level, monotonic seconds."""


class NoAnswer(Exception):
    """A model's chip does not acknowledge."""


class SimulatedChip(Protocol):
    """A chip on a bus, from its own side."""

    def exchange(self, sent: bytes, count: int) -> bytes:
        """What it answers, by the rules of `Chip.exchange`. Raises NoAnswer."""


class EdgeSource(Protocol):
    """Something that makes edges as time passes."""

    waiting: int
    """Events that have happened and have yet to be sent, because the device is slow."""

    def until(self, now_s: float) -> list[Edge]:
        """Edges since the last call."""


Look = Callable[[], Mapping[Quantity, float] | None]
"""What a sensor shows now, by quantity, as its `shows` made it of the truth; None with its wire off."""

C = TypeVar("C", bound=SimulatedChip)


class Board(Protocol):
    """The simulated Pi's header and buses, from the devices' side."""

    chance: Random

    def now_s(self) -> float:
        """Seconds on the monotonic clock."""

    def chip(self, place: Place, make: Callable[[], C]) -> C:
        """The chip at a place, made when its first device asks: several may share one."""

    def output(self, pin: int, resting: int, drove: Callable[[int], None]) -> None:
        """A line that the Pi drives: the level of its own resistor, and who hears of each level."""

    def input(self, pin: int, level: Callable[[], int | None]) -> None:
        """A line that the Pi reads: 0 or 1, or None for an open contact."""

    def edges(self, source: EdgeSource) -> None:
        """Ask a source for its edges as time passes."""

    def pulses(self, pin: int, answer: Callable[[int], list[int]]) -> None:
        """A line that answers a pull of so many microseconds with a train of widths in microseconds."""

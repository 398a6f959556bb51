"""A float in the tank. A cut wire reads as empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.binding import setting
from fieldstation.domain.reading import Quantity
from fieldstation.drivers.parts.board import Board
from fieldstation.drivers.parts.contact import Bouncing, Contact

ROLE = "tank_float"
MEASURES: dict[Quantity, float] = {}
BLOCKING = False
SETTLE_S = 2.0
BOUNCES_S = 0.25


@dataclass(frozen=True, slots=True)
class Settings:
    """A switch to ground that is closed while there is water; the Pi's pull-up makes open = empty."""

    pin: int = setting("BCM pin of the float switch", pin=True)


class Driver(Contact):
    """Says whether there is water. Empty is believed at once, full only after two steady seconds."""

    @property
    def has_water(self) -> bool:
        """Whether the tank holds water. Raises DeviceError when the line cannot be read."""
        closed, steady_s = self._steady_s()
        return closed and steady_s >= SETTLE_S


def simulate(settings: Settings, board: Board, has_water: Callable[[], bool]) -> None:
    """A float that bounces on waves."""
    Bouncing(settings.pin, board, has_water, BOUNCES_S)

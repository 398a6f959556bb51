"""A stop button with a normally closed contact. A cut wire reads as pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.binding import setting
from fieldstation.domain.reading import Quantity
from fieldstation.drivers.parts.board import Board
from fieldstation.drivers.parts.contact import Bouncing, Contact

ROLE = "stop_button"
MEASURES: dict[Quantity, float] = {}
BLOCKING = False
HELD_S = 0.05
BOUNCES_S = 0.02


@dataclass(frozen=True, slots=True)
class Settings:
    """A normally closed contact to ground; pressing or cutting it lets the pull-up win."""

    pin: int = setting("BCM pin of the stop button", pin=True)


class Driver(Contact):
    """Says whether the button is pressed. A spike shorter than 50 ms is not a press."""

    @property
    def is_pressed(self) -> bool:
        """Whether the contact is open. Raises DeviceError when the line cannot be read."""
        closed, steady_s = self._steady_s()
        return not closed and steady_s >= HELD_S


def simulate(settings: Settings, board: Board, is_pressed: Callable[[], bool]) -> None:
    """A button that bounces."""
    Bouncing(settings.pin, board, lambda: not is_pressed(), BOUNCES_S)

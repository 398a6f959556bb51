"""A contact between a pin and ground, closed while all is well, so that a cut wire reads as trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.drivers.parts.board import Board, Edge
from fieldstation.drivers.parts.edges import level, open_input
from fieldstation.drivers.pins.backend import Pins

BOUNCES = (1, 2, 3)
OLD_WAY = 0.3  # of looks at a bouncing contact see it as it was


class Contact:
    """A line of the driver, pulled up by the Pi."""

    def __init__(self, id: str, settings: Any, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._closed = True
        self._since_s = float("-inf")

    def open(self) -> None:
        """Claim the line; a contact found closed counts as steady. Raises DeviceError."""
        self._device = open_input(self.id, self._settings.pin, self._pins, pull_up=True)
        self._closed, self._since_s = True, float("-inf")
        self._steady_s()

    def close(self) -> None:
        """Let the line go. Safe to call twice."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _steady_s(self) -> tuple[bool, float]:
        """Whether the contact is closed, and for how long it was seen so, s. Raises DeviceError."""
        closed, now_s = level(self.id, self._device), self._clock.mono_s()
        if closed is not self._closed:
            self._closed, self._since_s = closed, now_s
        return closed, now_s - self._since_s


class Bouncing:
    """The model of a contact: for a moment after it moves, it is open and closed by turns."""

    waiting = 0

    def __init__(self, pin: int, board: Board, closed: Callable[[], bool], bounces_s: float) -> None:
        self._pin = pin
        self._board = board
        self._asked = closed
        self._bounces_s = bounces_s
        self._closed = self._told = closed()
        self._moved_s = float("-inf")
        board.input(pin, self.level)
        board.edges(self)

    def level(self) -> int | None:
        """How a single look sees it: 0 when closed to ground, None when open."""
        now_s = self._move()
        bouncing = now_s - self._moved_s < self._bounces_s
        closed = self._closed is not (bouncing and self._board.chance.random() < OLD_WAY)
        return 0 if closed else None

    def until(self, now_s: float) -> list[Edge]:
        """Its edges since the last call: the move itself and its bounces, all before `now_s`."""
        self._move()
        if self._told == self._closed:
            return []
        self._told = self._closed
        level = int(not self._closed)
        flips = 2 * self._board.chance.choice(BOUNCES) + 1  # odd: it ends where it moved to
        gap_s = min(self._bounces_s, 0.01) / flips
        return [
            (self._pin, level if flip % 2 == 0 else 1 - level, now_s - (flips - flip) * gap_s)
            for flip in range(flips)
        ]

    def _move(self) -> float:
        now_s, closed = self._board.now_s(), self._asked()
        if closed is not self._closed:
            self._closed, self._moved_s = closed, now_s
        return now_s

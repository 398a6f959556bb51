"""A contact between a pin and ground, closed while all is well, so that a cut wire reads as trouble."""

from __future__ import annotations

from collections.abc import Callable

from fieldstation.drivers.parts.board import Board, Edge
from fieldstation.drivers.parts.line import Line

BOUNCES = (1, 2, 3)
OLD_WAY = 0.3  # of looks at a bouncing contact see it as it was


class Contact(Line):
    """Knows for how long the contact has been as it is."""

    _closed = True
    _since_s = float("-inf")

    def open(self) -> None:
        """Claim the line; a contact found closed counts as steady. Raises DeviceError."""
        self._claim()
        self._closed, self._since_s = True, float("-inf")
        self._steady_s()

    def _steady_s(self) -> tuple[bool, float]:
        """Whether the contact is closed, and for how long it was seen so, s. Raises DeviceError."""
        closed, now_s = self._is_closed(), self._clock.mono_s()
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
        self._closed = self._reported = closed()
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
        if self._reported == self._closed:
            return []
        self._reported = self._closed
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

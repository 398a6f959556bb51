"""A switch that bounces: for a moment after it moves, it is open and closed by turns."""

from __future__ import annotations

import random
from collections.abc import Callable

from fieldstation.simulator.pulses import Edge

BOUNCES = (1, 2, 3)
OLD_WAY = 0.3  # of looks at a bouncing contact see it as it was


class Contact:
    """A float switch or a button between a pin and ground."""

    def __init__(
        self, bounces_s: float, chance: random.Random, clock: Callable[[], float], *, closed: bool
    ) -> None:
        self._bounces_s = bounces_s
        self._clock = clock
        self._chance = chance
        self._closed = closed
        self._moved_s = float("-inf")
        self._told = closed

    def move(self, *, closed: bool) -> None:
        """Let the world move it."""
        if closed != self._closed:
            self._closed, self._moved_s = closed, self._clock()

    def reads_closed(self) -> bool:
        """How a single look sees it."""
        bouncing = self._clock() - self._moved_s < self._bounces_s
        return self._closed is not (bouncing and self._chance.random() < OLD_WAY)

    def edges(self, pin: int, now_s: float) -> list[Edge]:
        """Its edges since the last call: the move itself and its bounces, all before `now_s`."""
        if self._told == self._closed:
            return []
        self._told = self._closed
        level = int(not self._closed)
        flips = 2 * self._chance.choice(BOUNCES) + 1  # odd: it ends where it moved to
        gap_s = min(self._bounces_s, 0.01) / flips
        return [
            (pin, level if flip % 2 == 0 else 1 - level, now_s - (flips - flip) * gap_s)
            for flip in range(flips)
        ]

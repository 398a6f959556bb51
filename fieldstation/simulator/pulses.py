"""Pulses that water makes: a flow meter's clean ones, a rain gauge's bouncing ones."""

from __future__ import annotations

import random

from fieldstation.simulation.world import World

Edge = tuple[int, int, float]  # pin, level, monotonic seconds

SWING_S = 0.4  # a bucket cannot tip again sooner
CLOSED_S = 0.05  # a tip closes the reed so long
BOUNCES = (0, 0, 1, 2)
BOUNCE_S = 0.001


class FlowPulses:
    """One flow meter: pulses evenly over the time in which the water passed."""

    def __init__(self, pin: int, pump: str, per_l: float, world: World, now_s: float) -> None:
        self._pin, self._pump, self._per_l, self._world = pin, pump, per_l, world
        self._sent_l = world.litres(pump)
        self._until_s = now_s

    def until(self, now_s: float) -> list[Edge]:
        """Edges of the pulses since the last call."""
        from_s, self._until_s = self._until_s, now_s
        pulses = int((self._world.litres(self._pump) - self._sent_l) * self._per_l + 1e-9)
        if pulses <= 0:
            return []
        self._sent_l += pulses / self._per_l
        half_s = (now_s - from_s) / pulses / 2
        return [(self._pin, step % 2, from_s + (step + 1) * half_s) for step in range(2 * pulses)]


class RainTips:
    """The gauge's reed: closes for an instant at each tip, and bounces."""

    def __init__(self, pin: int, world: World, chance: random.Random, now_s: float) -> None:
        self._pin, self._world, self._chance = pin, world, chance
        self._next_s = now_s
        self.waiting = 0

    def until(self, now_s: float) -> list[Edge]:
        """Edges of a tip that is due; further tips wait until the bucket has swung back."""
        self.waiting += self._world.tips()
        if not self.waiting or now_s < self._next_s:
            return []
        self.waiting -= 1
        self._next_s = now_s + SWING_S
        at_s, found = now_s - CLOSED_S - 0.01, list[Edge]()
        for _ in range(self._chance.choice(BOUNCES)):
            found += [(self._pin, 0, at_s), (self._pin, 1, at_s + BOUNCE_S)]
            at_s += 2 * BOUNCE_S
        return [*found, (self._pin, 0, at_s), (self._pin, 1, at_s + CLOSED_S)]

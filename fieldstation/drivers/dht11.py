"""A DHT11: the DHT22's coarse relative, without frost. The library ignores its sign bit."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from fieldstation.domain.reading import Quantity
from fieldstation.drivers import dht22
from fieldstation.drivers.parts.board import Board, Look

MEASURES = {Quantity.AIR_T: 2.0, Quantity.AIR_RH: 0.05}
BLOCKING = True
MISSES = dht22.MISSES
Settings = dht22.Settings
KIND = "DHT11"
TRIGGER_US = 10000


class Driver(dht22.Driver):
    """One measurement a call, within 0-50 C and 20-90 %."""

    kind = KIND
    limits_c = (0.0, 50.0)
    limits_frac = (0.20, 0.90)


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """Whole degrees and percents, no frost."""
    del settings
    t_c, rh_pct = dht22.noisy(truth, chance)
    shown_pct = min(90, max(20, round(rh_pct)))
    return {Quantity.AIR_T: float(round(min(50.0, max(0.0, t_c)))), Quantity.AIR_RH: shown_pct / 100}


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """A sensor that wants a longer pull than a DHT22."""
    dht22.answer(settings.pin, board, look, KIND, TRIGGER_US)

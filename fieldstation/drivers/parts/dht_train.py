"""The pulse train of a DHT22 or DHT11: forty bits as low and high times in microseconds."""

from __future__ import annotations

import random

LOW_US, ZERO_US, ONE_US = 52, 25, 71
LOST, FLIPPED = 0.04, 0.02  # of readings: an edge missed, a bit misread


def frame(t_c: float, rh_frac: float, kind: str) -> list[int]:
    """The five bytes that the sensor sends, checksum last.

    >>> frame(21.5, 0.571, "DHT22")
    [2, 59, 0, 215, 20]
    """
    if kind == "DHT11":
        t_c = min(50.0, max(0.0, t_c))
        data = [round(rh_frac * 100), 0, int(t_c), round((t_c - int(t_c)) * 10) % 10]
    else:
        rh, t = round(rh_frac * 1000), round(abs(t_c) * 10) | (0x8000 if t_c < 0 else 0)
        data = [rh >> 8, rh & 255, t >> 8, t & 255]
    return [*data, sum(data) & 255]


def widths(t_c: float, rh_frac: float, kind: str, chance: random.Random) -> list[int]:
    """81 widths, low and high in turn, with jitter; now and then an edge is lost or a bit misread."""
    train: list[int] = []
    for byte in frame(t_c, rh_frac, kind):
        for bit in range(7, -1, -1):
            train.append(LOW_US + chance.randint(-2, 2))
            train.append((ONE_US if byte >> bit & 1 else ZERO_US) + chance.randint(-2, 2))
    train.append(LOW_US)
    if chance.random() < FLIPPED:
        at = 2 * chance.randrange(40) + 1
        train[at] = ZERO_US if train[at] > 51 else ONE_US
    if chance.random() < LOST:
        del train[2 * chance.randrange(40) :]
    return train

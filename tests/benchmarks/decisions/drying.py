"""The truth of drying: copies of a season that live on without water, as its probes would read them."""

from __future__ import annotations

import copy
import random
from typing import Any

from fieldstation.domain.plot import Morning
from fieldstation.learning.history import History

HORIZONS_D = (1, 2, 3, 7)
SHARE_OF_MORNINGS = 0.16
MOST_FRAC = 0.6

Dried = tuple[list[float], float]
"""A row in the order of AHEAD_NAMES, and what came of it."""


def dried(
    land: Any, history: History, morning: Morning, bias: dict[int, float], chance: random.Random
) -> list[Dried]:
    """Rows of some mornings: the change of each probe, of the declared soil's span, if no water is given.

    The probe's bias stays in it, its noise does not. A season that ends on the way has no row.
    """
    if chance.random() >= SHARE_OF_MORNINGS or not morning.probes:
        return []
    without = copy.deepcopy(land, {id(land.days): land.days})
    true: dict[tuple[int, int], float] = {}
    for days in range(1, max(HORIZONS_D) + 1):
        if without.over:
            break
        without.give(0.0)
        for depth, off in bias.items():
            stands = without.at_cm(depth)
            if 0 <= stands <= MOST_FRAC:  # the library can wind itself up in sand that is dry to the bottom
                true[depth, days] = stands + off
    soil = history.plot.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac
    read = {probe.depth_cm: probe.vwc_frac for probe in morning.probes}
    return [
        (made, (true[depth, days] - read[depth]) / span)
        for (depth, days), made in history.ahead_rows(HORIZONS_D).items()
        if (depth, days) in true
    ]

"""Probes that cannot be right: drier than air-dry, over field capacity for a month, swapped, new, stuck."""

from __future__ import annotations

from collections import deque
from itertools import combinations

from fieldstation.domain.plot import Plot, ProbeReading
from fieldstation.learning.probe_past import STUCK_DAYS

OVER_FULL_FRAC = 0.015
OVER_FULL_OF = (27, 30)
UNDER_DRY_FRAC = 0.04
UNDER_DRY_DAYS = 4
AIR_DRY_OF_WILTING = 0.5
"""Air dries ground to about half its wilting point (FAO-56 chapter 7)."""
AIR_DRY_LESS_FRAC = 0.04
NOTHING_FRAC = 0.002
"""An unplugged probe reads zero; no ground does."""
SWAP_FRAC = 0.04
SWAP_NEAR_FRAC = 0.02
SWAPPED_DAYS = 10
"""Their pasts are mixed for as long."""
KNOWN_AFTER = 10


class SoilWatch:
    """Follows a field's probes."""

    def __init__(self, plot: Plot) -> None:
        self._soil = plot.soil
        self._over: deque[bool] = deque(maxlen=OVER_FULL_OF[1])
        self._under = self._heard = self._swapped = 0
        self._last: dict[int, float] = {}
        self._depths: set[int] = set()
        self._same: dict[int, tuple[float, int]] = {}

    def check(self, probes: tuple[ProbeReading, ...]) -> tuple[tuple[ProbeReading, ...], list[str]]:
        """The readings that can stand in the declared soil, and the codes of what is wrong."""
        found = self._lasting(probes)
        soil = self._soil
        least = max(NOTHING_FRAC, AIR_DRY_OF_WILTING * soil.wilting_point_frac - AIR_DRY_LESS_FRAC)
        kept = tuple(reading for reading in probes if reading.vwc_frac > least)
        if len(kept) < len(probes):
            found.append("probe_drier_than_air")
        if not kept:
            return kept, found
        now = {reading.depth_cm: reading.vwc_frac for reading in kept}
        if self._heard >= KNOWN_AFTER and set(now) - self._depths:
            found.append("probe_new_depth")
        for depth, value in now.items():
            stood, days = self._same.get(depth, (value, 0))
            self._same[depth] = (value, days + 1 if value == stood else 1)
        if any(days >= STUCK_DAYS for _, days in self._same.values()):
            found.append("probe_stuck")
        if self._crossed(now):
            self._swapped = SWAPPED_DAYS
        if self._swapped > 0:
            self._swapped -= 1
            found.append("probes_swapped")
        self._heard += 1
        self._depths |= set(now)
        self._last = now
        return kept, found

    def _lasting(self, probes: tuple[ProbeReading, ...]) -> list[str]:
        if not probes:
            return []
        soil, found = self._soil, []
        full, dry = soil.field_capacity_frac + OVER_FULL_FRAC, soil.wilting_point_frac - UNDER_DRY_FRAC
        self._over.append(all(reading.vwc_frac > full for reading in probes))
        self._under = self._under + 1 if all(reading.vwc_frac < dry for reading in probes) else 0
        if sum(self._over) >= OVER_FULL_OF[0]:
            found.append("probes_over_full")
        if self._under >= UNDER_DRY_DAYS:
            found.append("probes_below_wilting")
        return found

    def _crossed(self, now: dict[int, float]) -> bool:
        """Whether two probes took each other's readings since the morning before."""
        for one, other in combinations(sorted(set(now) & set(self._last)), 2):
            was, stood = self._last[one], self._last[other]
            apart = abs(was - stood)
            if apart > SWAP_FRAC and max(abs(now[one] - stood), abs(now[other] - was)) < min(
                SWAP_NEAR_FRAC, apart / 3
            ):
                return True
        return False

"""Water given: a run from its row, and how much ended in each step of a grid, from thousands at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from fieldstation.domain.run import Code, Run
from fieldstation.store.history.grid import Grid
from fieldstation.store.instant import from_ms

POURED = (
    "SELECT started_at, ended_at, depth_mm, litres FROM run WHERE zone = ? AND ended_at >= ? AND ended_at < ?"
    " ORDER BY ended_at DESC, id DESC LIMIT 100000"
)
NEWEST = "SELECT id, run_id, seq FROM run ORDER BY id DESC LIMIT 1"
MOST = 16
"""Zones and spans whose water by months is remembered, some 20 kB each for ten years."""

Poured = tuple[int, int, float, float]
"""What a step needs of a run: begin and end in ms since 1970, gross depth in mm, litres."""


class Water(NamedTuple):
    """What ended in each step: gross depth in mm, litres, how many runs.

    `begun_ms` is when each run began (ms since 1970), newest first; for steps of hours alone.
    """

    mm: list[float]
    litres: list[float]
    runs: list[int]
    begun_ms: list[int]


def added(grid: Grid, poured: Sequence[Poured], tz: tzinfo) -> Water:
    """These runs by the steps of a grid; local days and months are those of `tz`."""
    mm, litres, runs = [0.0] * grid.count, [0.0] * grid.count, [0] * grid.count
    steps = grid.indexes([ended_ms for _, ended_ms, _, _ in poured], tz)
    for step, (_, _, depth_mm, volume_l) in zip(steps, poured, strict=True):
        if 0 <= step < grid.count:
            mm[step] += depth_mm
            litres[step] += volume_l
            runs[step] += 1
    begun_ms = [started_ms for started_ms, *_ in poured] if grid.unit == "hour" else []
    return Water(mm, litres, runs, begun_ms)


class WaterByMonth:
    """Remembers sums by months until another run is recorded, for runs are only ever added. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[Any, ...], tuple[tuple[Any, ...], Water]] = {}

    def get(self, key: tuple[Any, ...], newest: tuple[Any, ...], add: Callable[[], Water]) -> Water:
        """The sums of `key` with `newest` the run recorded last: remembered, or added up now."""
        with self._lock:
            at, water = self._kept.get(key, ((), None))
        if water is not None and at == newest:
            return water
        water = add()
        with self._lock:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = newest, water
        return water


def run_of(row: Sequence[Any]) -> Run:
    """A run from its columns, in the order of Run. Raises ValueError for a damaged one."""
    id, seq, zone, origin, started, ended, on_s, litres, measured, reason = row
    begun, over = from_ms(started), from_ms(ended)
    return Run(id, seq, zone, origin, begun, over, on_s, litres, bool(measured), Code(reason))

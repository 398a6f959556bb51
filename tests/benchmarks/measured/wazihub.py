"""Wazihub, Senegal: raw probes of four plots watered by hand, 24 hours ahead, nothing known of the watering to come.

A forecast stands at each reading and is judged by the reading nearest 24 hours later. Each day's
forecasts come from models of what was over by then, all plots together. Judged is the last 30 % of
each plot's readings, when some weeks have shown the habits of who waters; the whole stretch from the
third week on is told beside it. "Without watering" are windows in which no reading rises by 10 over
the one before: known afterwards, used to choose what is judged and learned, never as a feature.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fieldstation.learning.boosters import Size
from tests.benchmarks.measured.rivals import boosted, ridge, scores, stays
from tests.benchmarks.measured.tables import number, table

BEGINS = datetime(2019, 2, 23, tzinfo=UTC)
AHEAD_H, NEAR_H = 24.0, 1.75
WATERED_RISE = 8.0
DRY_WINDOW_RISE = 10.0
FIRST_LEARN_H, LEARN_EVERY_H = 14 * 24.0, 24.0
JUDGED_SHARE = 0.3
LEAST_ROWS = 60
SIZE = Size(120, 8, 15, 0.05)
Readings = list[tuple[float, float]]
"""Hours since BEGINS, raw value."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows by feature group's columns; changes; when a forecast stands, when it is known; rises; plots."""

    rows: Any
    groups: dict[str, list[int]]
    changes: Any
    at_h: Any
    known_h: Any
    rises: Any
    plots: Any

    def last(self) -> Any:
        """The last part of each plot's readings."""
        found = np.zeros(len(self.changes), dtype=bool)
        for plot in np.unique(self.plots):
            own = self.plots == plot
            found |= own & (self.at_h >= np.quantile(self.at_h[own], 1 - JUDGED_SHARE))
        return found


def run(data: Path) -> None:
    made = samples(data)
    everything = [column for columns in made.groups.values() for column in columns]
    every, dry = np.ones(len(made.changes), dtype=bool), made.rises < DRY_WINDOW_RISE
    for name, learned, judged in (("", every, every), (", windows without watering", dry, dry)):
        ours = _forward(made, learned, everything, None)
        line = _forward(made, learned, everything, "ridge")
        for stretch, part in (("last 30 % of each plot", made.last()), ("all from day 14", every)):
            seen = judged & part & ~np.isnan(ours)
            print(
                f"Wazihub +24 h{name}, {stretch}, RMSE / MAE in raw units: ours {scores((ours - made.changes)[seen])}, "
                f"ridge {scores((line - made.changes)[seen])}, stays {scores(stays(made.changes)[seen])}; "
                f"{int(seen.sum())} forecasts"
            )
        if name == "":
            _ablate(made, learned, everything)


def _ablate(made: Samples, learned: Any, everything: list[int]) -> None:
    """What the general forecast loses without a group of features, or with another loss."""
    tried = {
        f"without {name}": [c for c in everything if c not in columns]
        for name, columns in made.groups.items()
    }
    found = {name: _forward(made, learned, columns, None) for name, columns in tried.items()}
    found["absolute loss"] = _forward(made, learned, everything, 0.5)
    judged = made.last()
    texts = ", ".join(f"{name} {scores((one - made.changes)[judged])}" for name, one in found.items())
    print(f"  ablation, last 30 %: {texts}")


def _forward(made: Samples, learned: Any, columns: list[int], loss: float | str | None) -> Any:
    """Changes forecast, NaN before the first day of learning; each day by models of what was over by then."""
    found = np.full(len(made.changes), np.nan)
    rows = made.rows[:, columns]
    for begin in np.arange(FIRST_LEARN_H, made.at_h.max() + 1, LEARN_EVERY_H):
        asked = (made.at_h >= begin) & (made.at_h < begin + LEARN_EVERY_H)
        known = learned & (made.known_h < begin)
        if not asked.any() or known.sum() < LEAST_ROWS:
            continue
        if isinstance(loss, str):
            found[asked] = ridge(rows[known], made.changes[known], rows[asked], 20.0)
        else:
            found[asked] = boosted(rows[known], made.changes[known], rows[asked], loss, SIZE)
    return found


def samples(data: Path) -> Samples:
    """Every forecast instant that has a reading a day later."""
    plots: dict[str, Readings] = defaultdict(list)
    for row in table(data / "soil_moisture_raw.csv"):
        at_h = _hours(row)
        if at_h >= 0:
            plots[row["plot"]].append((at_h, float(row["soil_moisture_raw_pct"])))
    air = _air(data)
    rows, facts = [], []
    for plot, readings in sorted(plots.items()):
        series = _thinned(sorted(readings))
        times, values = [at for at, _ in series], [value for _, value in series]
        for index, (at_h, value) in enumerate(series):
            then = _nearest(times, at_h + AHEAD_H)
            if then is None:
                continue
            steps = [values[k + 1] - values[k] for k in range(index, then)]
            groups = _features(times[: index + 1], values[: index + 1], air, at_h)
            rows.append([one for group in groups.values() for one in group] + [float(plot)])
            facts.append((values[then] - value, at_h, times[then], max([*steps, 0.0]), int(plot)))
    columns: dict[str, list[int]] = {}
    at = 0
    for name, group in groups.items():
        columns[name] = list(range(at, at + len(group)))
        at += len(group)
    columns["the plot's name"] = [at]
    changes, at_hours, known, rises, names = (np.asarray(one) for one in zip(*facts, strict=True))
    return Samples(np.asarray(rows), columns, changes, at_hours, known, rises, names)


def _hours(row: dict[str, str]) -> float:
    """Hours since BEGINS, by the device's own clock (its zone is not stated)."""
    return (datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC) - BEGINS) / timedelta(hours=1)


def _thinned(readings: Readings) -> Readings:
    """At most one reading in half an hour."""
    kept = readings[:1]
    for one in readings[1:]:
        if one[0] - kept[-1][0] >= 0.5:
            kept.append(one)
    return kept


def _nearest(times: Sequence[float], wanted: float) -> int | None:
    after = bisect_left(times, wanted)
    near = [k for k in (after - 1, after) if 0 <= k < len(times)]
    best = min(near, key=lambda k: abs(times[k] - wanted))
    return best if abs(times[best] - wanted) <= NEAR_H else None


def _features(
    times: Sequence[float], values: Sequence[float], air: tuple[Any, Any], at_h: float
) -> dict[str, list[float]]:
    """Groups of features; readings end at the forecast instant."""
    now = values[-1]

    def before(hours: float) -> float:
        index = bisect_right(times, at_h - hours) - 1
        return values[index] if index >= 0 and at_h - hours - times[index] < 4 else math.nan

    def since(hours: float) -> Sequence[float]:
        return values[bisect_left(times, at_h - hours) :]

    lags = [now, *(now - before(hours) for hours in (3, 6, 12, 18, 24, 36, 48, 72)), before(24) - before(48)]
    spread: list[float] = []
    for hours in (24, 48, 72, 168):
        part = since(hours)
        spread += [max(part) - now, now - min(part), now - float(np.mean(part))]
    ranked = sorted(values)
    spread += [
        now - ranked[len(ranked) // 10],
        ranked[9 * len(ranked) // 10] - now,
        bisect_left(ranked, now) / len(ranked),
        float(np.mean(values)),
    ]
    hour = at_h % 24
    return {
        "lags": lags,
        "spread": spread,
        "watering so far": _waterings(times, values, at_h),
        "clock": [
            hour,
            math.sin(hour / 12 * math.pi),
            math.cos(hour / 12 * math.pi),
            (at_h // 24) % 7,
            at_h // 24,
        ],
        "weather": _last_day(air, at_h),
    }


def _waterings(times: Sequence[float], values: Sequence[float], at_h: float) -> list[float]:
    """When and how it was watered so far, by rises of its own readings."""
    now = values[-1]
    rises = [k for k in range(1, len(values)) if values[k] - values[k - 1] >= WATERED_RISE]
    if not rises:
        return [math.nan] * 5 + [0.0, 0.0] + [math.nan] * 3
    last = rises[-1]
    gaps = [times[b] - times[a] for a, b in pairwise(rises[-6:])]
    return [
        at_h - times[last],
        values[last] - values[last - 1],
        values[last] - now,
        values[last - 1] - now,
        at_h - times[rises[-2]] if len(rises) > 1 else math.nan,
        float(sum(at_h - times[k] < 72 for k in rises)),
        float(sum(at_h - times[k] < 168 for k in rises)),
        float(np.mean([values[k - 1] for k in rises[-5:]])) - now,
        float(np.mean([values[k] for k in rises[-5:]])) - now,
        float(np.mean(gaps)) if gaps else math.nan,
    ]


def _air(data: Path) -> tuple[Any, Any]:
    """Hours and (n, 3) temperature, humidity and wind."""
    rows = sorted(
        (
            _hours(row),
            number(row["air_temp_c"]),
            number(row["rel_humidity_pct"]),
            number(row["wind_speed_kmh"]),
        )
        for row in table(data / "weather_15min.csv")
    )
    made = np.asarray(rows)
    return made[:, 0], made[:, 1:]


def _last_day(air: tuple[Any, Any], at_h: float) -> list[float]:
    hours, values = air
    part = values[np.searchsorted(hours, at_h - 24) : np.searchsorted(hours, at_h, side="right")]
    if not len(part) or np.isnan(part).all(axis=0).any():
        return [math.nan] * 4
    return [*map(float, np.nanmean(part, axis=0)), float(np.nanmax(part[:, 0]))]

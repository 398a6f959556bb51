"""A measured field through `advise`: the stream's lines in, what it foretells of each probe against what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from fieldstation.advice.adviser import Advice, Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.learning.forecaster import Forecaster
from tests.benchmarks.measured.rivals import scores

WET_MM = 2.0
"""More rain than this, or any irrigation, and a stretch is no drying."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A season of one plot: a name to group by, its zone file as a table, its lines in order."""

    group: str
    zone: dict[str, Any]
    lines: Sequence[dict[str, Any]]

    def live(self, models: Forecaster | None) -> Iterator[tuple[date, Adviser, Advice]]:
        """Each morning with the adviser that has heard it; irrigation is always as measured."""
        adviser = Adviser(plot_from(self.zone), models)
        for line in self.lines:
            advice = adviser.advise(parse_line(line, 0.0))
            yield advice.on, adviser, advice


def drying_scores(field: str, replays: Sequence[Replay]) -> None:
    """What each probe reads 1, 3 and 7 days ahead, over stretches in which no water came."""
    models = Forecaster.load()
    found: dict[tuple[int, int], list[tuple[float, float, bool]]] = {}
    for replay in replays:
        read = {
            (line["on"], probe["depth_cm"]): probe["vwc_frac"]
            for line in replay.lines
            for probe in line["soil"]
        }
        came = {
            line["on"]: line["irrigated_mm"] + WET_MM * (line["irrigated_mm"] > 0) + line["rain_mm"]
            for line in replay.lines
        }
        for on, _, advice in replay.live(models):
            for ahead in advice.ahead:
                days = ahead.hours // 24
                stretch = [(on + timedelta(days=n)).isoformat() for n in range(1, days + 1)]
                then = read.get((stretch[-1], ahead.depth_cm))
                if then is None or sum(came.get(day, WET_MM + 1) for day in stretch) > WET_MM:
                    continue
                range_ = ahead.vwc_frac
                now = read[on.isoformat(), ahead.depth_cm]
                inside = range_.p10 <= then <= range_.p90
                found.setdefault((ahead.depth_cm, days), []).append((range_.p50 - then, now - then, inside))
    for (depth, days), rows in sorted(found.items()):
        made = np.asarray([(100 * ours, 100 * stays) for ours, stays, _ in rows])
        inside = np.mean([one for _, _, one in rows])
        print(
            f"{field} drying +{days} d at {depth} cm, shipped models, RMSE / MAE in vol %: ours {scores(made[:, 0])}, "
            f"stays {scores(made[:, 1])}; inside the 80 % range {100 * inside:.0f} %; {len(rows)} readings"
        )

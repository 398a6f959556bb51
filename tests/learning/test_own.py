"""The station's own model of drying: how far it may move a forecast, how wide it is, and what it refuses to be."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from fieldstation.domain.forecast import Quantiles
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.history import AHEAD_NAMES
from fieldstation.learning.own import (
    MANIFEST,
    MOVES_AT_MOST,
    NAMES,
    Lesson,
    OwnDrying,
    grow,
    of,
    without_rain,
)

FIRST = date(2026, 5, 1)
TOLD = Quantiles(-0.2, -0.1, 0.1)
ROW = [0.0] * len(AHEAD_NAMES)


class Says:
    """Trees that say one number."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, rows: Sequence[Sequence[float]]) -> list[float]:
        assert all(len(row) == len(NAMES) for row in rows)
        return [self.value for _ in rows]


def corrected(move: float, low: float = 1.0, high: float = 1.0) -> Quantiles:
    own = OwnDrying("own-0", Says(move), ["probe"], low, high)  # type: ignore[arg-type] # says one number
    (found,) = own.corrected(["probe"], [ROW], [TOLD])
    return found


@pytest.mark.parametrize("way", [1, -1])
def test_no_forecast_is_moved_further_than_is_allowed(way: int) -> None:
    assert corrected(way * 0.2).p50 == pytest.approx(-0.1 + way * 0.2)
    assert corrected(way * 7.0).p50 == pytest.approx(-0.1 + way * MOVES_AT_MOST)


def test_each_side_of_a_range_has_its_own_width() -> None:
    found = corrected(0.1, low=0.5, high=2.0)
    assert (found.p10, found.p50, found.p90) == pytest.approx((-0.05, 0.0, 0.4))


def lessons(noise: float, seed: int = 1) -> list[Lesson]:
    """Drying that the shipped model misses by 0.1, and by noise that nobody can foretell."""
    chance = random.Random(seed)
    found = []
    for day in range(120):
        for probe in ("a", "b"):
            row = list(ROW)
            row[AHEAD_NAMES.index("days")] = 1.0 + day % 3
            row[AHEAD_NAMES.index("kc")] = chance.random()
            found.append(
                Lesson("north", probe, FIRST + timedelta(days=day), row, TOLD, chance.gauss(-0.2, noise))
            )
    return found


@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_its_ranges_are_as_wide_as_days_that_it_did_not_see_ask(noise: float) -> None:
    version, files = grow(lessons(noise), "base")
    own = of(files, version, "base", "here")
    fresh = lessons(noise, seed=2)
    said = own.corrected([x.probe for x in fresh], [x.row for x in fresh], [x.shipped for x in fresh])
    inside = [a.p10 <= x.change_frac <= a.p90 for a, x in zip(said, fresh, strict=True)]
    assert 0.7 < sum(inside) / len(inside) < 0.93


def test_it_learns_of_the_soil_alone_so_rain_to_come_is_taken_out_and_nothing_else() -> None:
    row = [float(n + 1) for n in range(len(AHEAD_NAMES))]
    told = without_rain(row)
    changed = {name for name, a, b in zip(AHEAD_NAMES, row, told, strict=True) if a != b}
    assert changed == {"rain_mm"}
    assert told[AHEAD_NAMES.index("rain_mm")] == 0.0
    assert row[0] == 1.0, "the row that was told stays as it was"


@pytest.mark.parametrize(
    "change",
    [
        {"features": [*NAMES[1:], NAMES[0]]},
        {"ahead_features": [*AHEAD_NAMES[1:], AHEAD_NAMES[0]]},
        {"base": "x"},
    ],
)
def test_a_version_made_over_other_features_is_foreign(change: dict[str, object]) -> None:
    version, files = grow(lessons(0.05), "base")
    of(files, version, "base", "here")
    about = {**json.loads(files[MANIFEST]), **change}
    with pytest.raises(ModelError) as caught:
        of({**files, MANIFEST: json.dumps(about).encode()}, version, "base", "here")
    assert caught.value.code == "model_foreign"

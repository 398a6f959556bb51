"""The station's own model of drying: small trees over what the shipped model still misses at these probes.

A residual: with no trees it says what the shipped model says, so it begins from all that was
learned before. Absolute error, few leaves, few features: one farm's data are few and lumpy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fieldstation.domain.forecast import Quantiles
from fieldstation.learning.boosters import Model, ModelError, Size, fit
from fieldstation.learning.history import AHEAD_NAMES

LOOKS_AT = (
    "this_insitu",
    "this_below_high",
    "this_change_3d",
    "this_over_mean_3d",
    "this_slope_7d",
    "this_depth_cm",
    "days",
    "rain_1d_mm",
    "rain_3d_mm",
    "water_1d_mm",
    "water_3d_mm",
    "kc",
    "season_frac",
    "nudged_frac",
    "et0_mm_ahead",
)
NAMES = (*LOOKS_AT, "shipped", "probe")
SIZE = Size(trees=120, leaves=7, rows_a_leaf=30, learning_rate=0.06)
FRESH_PART = 0.25
"""The last part of the days fitted sets how wide ranges are: days that those trees did not see."""
WIDEST, NARROWEST = 4.0, 0.15
MOVES_AT_MOST = 0.5
"""Of the soil's span: no correction of a forecast is larger."""
MANIFEST = "about.json"
TREES = "drying.txt"
FILE_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class Lesson:
    """One dry window: `row` by AHEAD_NAMES, what the shipped model said, and what came."""

    zone: str
    probe: str
    on: date
    row: Sequence[float]
    shipped: Quantiles
    change_frac: float


class OwnDrying:
    """One version, ready to correct the shipped model's answers."""

    def __init__(
        self, version: str, trees: Model, probes: Sequence[str], low_wide: float, high_wide: float
    ) -> None:
        self.version = version
        self._trees = trees
        self._probes = list(probes)
        self._low, self._high = low_wide, high_wide

    def corrected(
        self, probes: Sequence[str], rows: Sequence[Sequence[float]], shipped: Sequence[Quantiles]
    ) -> list[Quantiles]:
        """Changes in parts of the soil's span; a probe that was never learned keeps the shipped answer."""
        if not rows:
            return []
        made = [
            _features(row, predicted, self._number(probe))
            for probe, row, predicted in zip(probes, rows, shipped, strict=True)
        ]
        found = []
        for probe, predicted, move in zip(probes, shipped, self._trees.predict(made), strict=True):
            if probe not in self._probes:
                found.append(predicted)
                continue
            mid = predicted.p50 + min(MOVES_AT_MOST, max(-MOVES_AT_MOST, move))
            low, high = (
                self._low * (predicted.p50 - predicted.p10),
                self._high * (predicted.p90 - predicted.p50),
            )
            found.append(Quantiles(mid - low, mid, mid + high))
        return found

    def _number(self, probe: str) -> float:
        return float(self._probes.index(probe)) if probe in self._probes else -1.0


def grow(lessons: Sequence[Lesson], base: str) -> tuple[str, dict[str, bytes]]:
    """Fit a version: its name and its files by name. The same lessons give the same bytes.

    Raises ModelError without LightGBM.
    """
    probes = sorted({lesson.probe for lesson in lessons})
    days = sorted({lesson.on for lesson in lessons})
    fresh_from = days[int(len(days) * (1 - FRESH_PART))]
    early = [lesson for lesson in lessons if lesson.on < fresh_from]
    fresh = [lesson for lesson in lessons if lesson.on >= fresh_from]
    judge = OwnDrying("", Model(_trees(early, probes)), probes, 1.0, 1.0)
    low, high = _widths(fresh, judge.corrected(*_columns(fresh)))
    trees = _trees(lessons, probes)
    about = {
        "base": base,
        "features": list(NAMES),
        "ahead_features": list(AHEAD_NAMES),
        "probes": probes,
        "low_wide": low,
        "high_wide": high,
        "days": len(days),
        "windows": len(lessons),
        "from": days[0].isoformat(),
        "until": days[-1].isoformat(),
        "sha256": {TREES: hashlib.sha256(trees.encode()).hexdigest()},
    }
    manifest = (json.dumps(about, indent=1) + "\n").encode()
    return f"own-{hashlib.sha256(manifest).hexdigest()[:8]}", {TREES: trees.encode(), MANIFEST: manifest}


def without_rain(row: Sequence[float]) -> list[float]:
    """The same row, told that no rain comes: the question is how the soil dries, and only dry days judge it.

    For a row of a morning without a forecast, as the station's all are: the books in it ran forward dry.
    """
    predicted = list(row)
    predicted[_RAIN_AT] = 0.0
    return predicted


def read(folder: Path, version: str, sha256: str, base: str) -> OwnDrying:
    """A version's files, checked against the sum on record. Raises ModelError.

    Codes: `model_missing`, `model_damaged` (not the files on record), `model_foreign` (made
    for another shipped model or other features).
    """
    manifest = _bytes(folder / MANIFEST)
    if hashlib.sha256(manifest).hexdigest() != sha256:
        raise ModelError("model_damaged", f"{folder / MANIFEST}: is not the file on record")
    return of({MANIFEST: manifest, TREES: _bytes(folder / TREES)}, version, base, str(folder))


def of(files: dict[str, bytes], version: str, base: str, where: str) -> OwnDrying:
    """A version out of its files' bytes. Raises ModelError."""
    try:
        about = json.loads(files[MANIFEST])
        sums, probes = about["sha256"], [str(probe) for probe in about["probes"]]
        low, high = float(about["low_wide"]), float(about["high_wide"])
        made_for = about["base"], about["features"], about["ahead_features"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("model_damaged", f"{where}: {MANIFEST} cannot be used ({error!r})") from error
    if hashlib.sha256(files[TREES]).hexdigest() != sums.get(TREES):
        raise ModelError("model_damaged", f"{where}: {TREES} is not the file of its manifest")
    if made_for != (base, list(NAMES), list(AHEAD_NAMES)):
        raise ModelError("model_foreign", f"{where}: made over {made_for[0]}, in charge is {base}")
    return OwnDrying(version, Model(files[TREES].decode()), probes, low, high)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise ModelError("model_missing", f"{path}: {error.strerror}") from error
    if len(data) > FILE_LIMIT:
        raise ModelError("model_damaged", f"{path}: larger than any model of ours")
    return data


_RAIN_AT = AHEAD_NAMES.index("rain_mm")
_AT = tuple(AHEAD_NAMES.index(name) for name in LOOKS_AT)


def _features(row: Sequence[float], shipped: Quantiles, probe: float) -> list[float]:
    return [*(row[at] for at in _AT), shipped.p50, probe]


def _columns(lessons: Sequence[Lesson]) -> Any:
    return (
        [lesson.probe for lesson in lessons],
        [lesson.row for lesson in lessons],
        [lesson.shipped for lesson in lessons],
    )


def _trees(lessons: Sequence[Lesson], probes: Sequence[str]) -> str:
    rows = [_features(lesson.row, lesson.shipped, float(probes.index(lesson.probe))) for lesson in lessons]
    missed = [lesson.change_frac - lesson.shipped.p50 for lesson in lessons]
    return fit(rows, missed, NAMES, 0.5, SIZE)


def _widths(fresh: Sequence[Lesson], said: Sequence[Quantiles]) -> tuple[float, float]:
    """How much wider or narrower than the shipped ranges ours must be so that 10 % fall out on each side."""
    below, above = [], []
    for lesson, forecast in zip(fresh, said, strict=True):
        below.append((forecast.p50 - lesson.change_frac) / max(1e-4, forecast.p50 - forecast.p10))
        above.append((lesson.change_frac - forecast.p50) / max(1e-4, forecast.p90 - forecast.p50))
    return _bounded(below), _bounded(above)


def _bounded(needed: list[float]) -> float:
    if not needed:
        return 1.0
    ranked = sorted(needed)
    return round(min(WIDEST, max(NARROWEST, ranked[min(len(ranked) - 1, int(0.9 * len(ranked)))])), 4)

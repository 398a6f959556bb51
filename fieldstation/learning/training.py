"""Fit the models to rows, judge them on rows held out, and write them whole or not at all."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fieldstation.learning.boosters import QUANTILES, Model, fit
from fieldstation.learning.features import NAMES
from fieldstation.learning.forecaster import DRYING_NAMES

TREES = {"drying": 60, "depletion": 90, "yield": 50}

Rows = Sequence[Sequence[float]]
Data = Mapping[str, tuple[Rows, Sequence[float]]]
"""Rows and targets by target name."""


def train(data: Data) -> dict[str, str]:
    """Model texts by file name, from rows and targets by target name."""
    texts = {}
    for target, (rows, values) in data.items():
        names = DRYING_NAMES if target == "drying" else NAMES
        for quantile, alpha in QUANTILES.items():
            texts[f"{target}_{quantile}.txt"] = fit(rows, values, names, alpha, TREES[target])
    return texts


def scores(
    texts: Mapping[str, str], held_out: Data, naive: Mapping[str, Sequence[float]]
) -> dict[str, dict[str, float]]:
    """Per target on held-out rows: RMSE, RMSE of the naive guess, and the share within p10-p90."""
    found = {}
    for target, (rows, values) in held_out.items():
        low, mid, high = (Model(texts[f"{target}_{q}.txt"]).predict(rows) for q in QUANTILES)
        inside = sum(min(a, b) <= v <= max(a, b) for a, b, v in zip(low, high, values, strict=True))
        found[target] = {
            "rmse": round(_rmse(mid, values), 4),
            "rmse_naive": round(_rmse(naive[target], values), 4),
            "coverage_80": round(inside / len(values), 3),
            "rows": len(values),
        }
    return found


def write(folder: Path, texts: dict[str, str], about: dict[str, Any]) -> None:
    """Write models and manifest aside, sync, then put them in place, the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    joined = "".join(sums[name] for name in sorted(sums))
    version = f"base-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"
    manifest = {"version": version, "features": list(NAMES), **about, "sha256": sums}
    files = {**texts, "manifest.json": json.dumps(manifest, indent=1) + "\n"}
    for name, text in files.items():
        aside = folder / f".{name}.new"
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    for name in files:
        (folder / f".{name}.new").rename(folder / name)


def _rmse(guesses: Sequence[float], values: Sequence[float]) -> float:
    return math.sqrt(sum((g - v) ** 2 for g, v in zip(guesses, values, strict=True)) / len(values))

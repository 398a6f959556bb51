"""Fit the models to rows, judge them on rows held out, and write them whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldstation.learning.boosters import QUANTILES, Model, Size, fit
from fieldstation.learning.history import AHEAD_NAMES, NAMES
from fieldstation.learning.yield_row import YIELD_NAMES
from fieldstation.wire import durable

CENTRE = {
    "depletion": Size(195, 31, 150),
    "drying_shallow": Size(85, 20, 100, 0.1),
    "drying_deep": Size(90, 26, 100, 0.1),
    "yield": Size(85, 15, 60),
}
EDGE = {
    "depletion": Size(90, 15, 150),
    "drying_shallow": Size(55, 12, 100, 0.1),
    "drying_deep": Size(55, 12, 100, 0.1),
    "yield": Size(60, 8, 60),
}
INSIDE_WANTED = 0.80
WIDEST = 3.0

Data = Mapping[str, tuple[Any, Any]]
"""Rows (n, features) and targets (n,) by target name."""


def train(data: Data) -> dict[str, str]:
    """Model texts by file name."""
    texts = {}
    for target, (rows, values) in data.items():
        names = AHEAD_NAMES if target.startswith("drying") else YIELD_NAMES if target == "yield" else NAMES
        for name, alpha in QUANTILES.items():
            size = (CENTRE if alpha is None else EDGE)[target]
            texts[f"{target}_{name}.txt"] = fit(rows, values, names, alpha, size)
    return texts


def widening(low: Any, mid: Any, high: Any, values: Any, inside: float = INSIDE_WANTED) -> float:
    """By how much a range must grow around its middle to hold that part of values never trained on."""
    import numpy as np

    below, above = np.maximum(mid - low, 1e-6), np.maximum(high - mid, 1e-6)
    needed = np.where(values < mid, (mid - values) / below, (values - mid) / above)
    return float(min(WIDEST, max(0.5, np.quantile(needed, inside))))


def ranges(texts: Mapping[str, str], target: str, rows: Any) -> tuple[Any, Any, Any]:
    """p10, middle and p90 of a target for rows."""
    import numpy as np

    found = [np.asarray(Model(texts[f"{target}_{name}.txt"]).predict(rows)) for name in QUANTILES]
    return np.minimum(found[0], found[1]), found[1], np.maximum(found[2], found[1])


def present(folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Texts and manifest of a folder, to write again with some of them new. Raises OSError or ValueError."""
    about = json.loads((folder / "manifest.json").read_text())
    texts = {name: (folder / name).read_text() for name in about["sha256"]}
    return texts, {
        name: value for name, value in about.items() if name not in ("version", "features", "sha256")
    }


def write(folder: Path, texts: dict[str, str], about: dict[str, Any]) -> None:
    """Write models and manifest, the manifest last. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    joined = "".join(sums[name] for name in sorted(sums))
    version = f"base-{hashlib.sha256(joined.encode()).hexdigest()[:8]}"
    manifest = {"version": version, "features": list(NAMES), **about, "sha256": sums}
    files = {**texts, "manifest.json": json.dumps(manifest, indent=1) + "\n"}
    durable.write(folder, {name: text.encode() for name, text in files.items()})

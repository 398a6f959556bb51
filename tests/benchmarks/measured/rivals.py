"""What a forecast must beat, and how it is scored."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fieldstation.learning.boosters import Model, Size, fit


def stays(targets: Any) -> Any:
    """The errors of "the last reading stays", where targets are changes from it."""
    return -np.asarray(targets)


def ridge(rows: Any, values: Any, ask: Any, weight: float = 0.5) -> Any:
    """A straight line in every feature, shrunk; an unknown value counts as the mean."""
    middle = np.nan_to_num(np.nanmean(rows, axis=0))
    spread = np.nan_to_num(np.nanstd(rows, axis=0)) + 1e-9
    known = np.nan_to_num((rows - middle) / spread)
    slopes = np.linalg.solve(
        known.T @ known + weight * np.eye(known.shape[1]), known.T @ (values - values.mean())
    )
    return values.mean() + np.nan_to_num((ask - middle) / spread) @ slopes


def boosted(rows: Any, values: Any, ask: Any, quantile: float | None, size: Size) -> Any:
    """LightGBM as the station uses it; the mean where `quantile` is None."""
    names = [f"f{n}" for n in range(rows.shape[1])]
    return np.asarray(Model(fit(rows, values, names, quantile, size)).predict(ask.tolist()))


def rmse(errors: Any) -> float:
    """Root of the mean square."""
    return math.sqrt(float(np.mean(np.square(errors))))


def scores(errors: Any, digits: int = 2) -> str:
    """RMSE / MAE."""
    return f"{rmse(errors):.{digits}f} / {float(np.mean(np.abs(errors))):.{digits}f}"

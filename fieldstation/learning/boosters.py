"""LightGBM, and nothing else: fit, load, predict. The library loads at the first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

QUANTILES: dict[str, float | None] = {"p10": 0.1, "p50": None, "p90": 0.9}
"""The middle is the mean: for a decision a large error costs more than two small ones."""
SETTINGS = {
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 7,
    "verbose": -1,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 127,
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a model may grow."""

    trees: int
    leaves: int
    rows_a_leaf: int
    learning_rate: float = 0.06


class ModelError(Exception):
    """No model can be used; `code` is `lightgbm_missing`, `model_missing` or `model_damaged`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def library() -> Any:
    """The lightgbm module. Raises ModelError with the package to install."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:
        hint = "; install it with: apt install libgomp1" if "libgomp" in str(error) else ""
        raise ModelError("lightgbm_missing", f"LightGBM cannot be loaded ({error}){hint}") from error
    return lightgbm


def fit(rows: Any, targets: Any, names: Sequence[str], quantile: float | None, size: Size) -> str:
    """A model as LightGBM's own text; the mean where `quantile` is None. The same data give the same bytes.

    `rows` is shaped (n, features), `targets` (n,).
    """
    import numpy as np

    lightgbm = library()
    data = lightgbm.Dataset(
        np.asarray(rows, dtype=np.float64),
        label=np.asarray(targets, dtype=np.float64),
        feature_name=list(names),
        params={"max_bin": SETTINGS["max_bin"], "verbose": -1},
    )
    goal = {"objective": "regression"} if quantile is None else {"objective": "quantile", "alpha": quantile}
    grown = {
        "num_leaves": size.leaves,
        "min_data_in_leaf": size.rows_a_leaf,
        "learning_rate": size.learning_rate,
    }
    booster = lightgbm.train({**SETTINGS, **goal, **grown}, data, size.trees)
    text: str = booster.model_to_string()
    return text


class Model:
    """One loaded model."""

    def __init__(self, text: str) -> None:
        lightgbm = library()
        try:
            self._booster = lightgbm.Booster(model_str=text)
        except (lightgbm.basic.LightGBMError, ValueError) as error:
            raise ModelError("model_damaged", f"LightGBM does not read this model: {error}") from error

    def predict(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """One value a row; rows are shaped (n, features)."""
        import numpy as np

        found = self._booster.predict(np.asarray(rows, dtype=np.float64), num_threads=1)
        return [float(value) for value in found]

    def contributions(self, row: Sequence[float]) -> list[float]:
        """How far each feature moved the prediction of one row (SHAP values), the last one the mean."""
        import numpy as np

        matrix = np.asarray([row], dtype=np.float64)
        found = self._booster.predict(matrix, pred_contrib=True, num_threads=1)[0]
        return [float(value) for value in found]

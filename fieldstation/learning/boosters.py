"""LightGBM, and nothing else: fit, load, predict. The library loads at the first use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
SETTINGS = {
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 7,
    "verbose": -1,
    "num_leaves": 15,
    "learning_rate": 0.08,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.9,
    "max_bin": 127,
}


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


def fit(
    rows: Sequence[Sequence[float]],
    targets: Sequence[float],
    names: Sequence[str],
    quantile: float,
    trees: int,
) -> str:
    """A quantile model as LightGBM's own text. The same data give the same bytes."""
    import numpy as np

    lightgbm = library()
    data = lightgbm.Dataset(
        np.asarray(rows, dtype=np.float64),
        label=np.asarray(targets, dtype=np.float64),
        feature_name=list(names),
        params={"max_bin": SETTINGS["max_bin"], "verbose": -1},
    )
    booster = lightgbm.train({**SETTINGS, "objective": "quantile", "alpha": quantile}, data, trees)
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

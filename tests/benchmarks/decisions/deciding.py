"""The models without what no decision looks at: drying to come, yield."""

from __future__ import annotations

from typing import Any

from fieldstation.learning.forecaster import Forecaster


class Deciding(Forecaster):
    """Only what a decision needs, for judging many seasons."""

    def ahead(self, history: Any, horizons_d: Any) -> Any:
        return ()

    def harvest(self, history: Any) -> None:
        return None

    def harvest_contributions(self, history: Any) -> Any:
        return ()

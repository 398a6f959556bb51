"""The compiled copies against their originals; without numba they run as plain Python, which is the same text."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from fieldstation.domain.plot import ForecastDay, Plot
from fieldstation.policies.depth import Choice, RootState, choose
from fieldstation.policies.irrigation_strategy import IrrigationStrategy
from tests.benchmarks.decisions import ky_field
from tests.benchmarks.decisions.compiled import check, chooser
from tests.benchmarks.decisions.field import Case
from tests.benchmarks.decisions.places import Weather

CASE = Case("tunis", 1985, "maize", "loam", 3)


def test_the_chooser_is_the_packages_own_to_the_hundredth() -> None:
    assert check.chooser(600) > 100  # enough of them water


def test_a_chooser_that_differs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wider(
        plot: Plot, state: RootState, forecast: tuple[ForecastDay, ...], strategy: IrrigationStrategy
    ) -> Choice:
        return choose(plot, state, forecast, replace(strategy, gap_frac=strategy.gap_frac + 0.05))

    monkeypatch.setattr(check, "original", wider)
    with pytest.raises(check.CopyError, match="chooser, state"):
        check.chooser(600)


def test_the_account_is_the_packages_own() -> None:
    check.account()


def test_every_field_of_manner_is_copied() -> None:
    assert chooser.Ways._fields == tuple(field.name for field in fields(IrrigationStrategy))


def test_the_second_family_grows_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    days = {
        CASE.planted_on + timedelta(days=n): Weather(12.0, 26.0, 40.0 if n % 17 == 3 else 0.0, 3.0 + n % 5)
        for n in range(200)
    }
    monkeypatch.setattr(ky_field, "weather_of", lambda case: days)
    check.second_family(CASE)

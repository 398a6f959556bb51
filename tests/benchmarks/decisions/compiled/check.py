"""Are the compiled copies what they copy? Asked before any tuning; a tuner on a wrong copy finds wrong numbers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from fieldstation.agronomy.crop_stage import root_depth_m
from fieldstation.agronomy.water_balance import next_morning, opened
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.plot import ForecastDay, Plot, Prices
from fieldstation.policies.depth import RootState
from fieldstation.policies.depth import choose as original
from fieldstation.policies.irrigation_strategy import STRATEGY, IrrigationStrategy
from tests.benchmarks.decisions.compiled import ky
from tests.benchmarks.decisions.compiled.account import account_next, taw_mm
from tests.benchmarks.decisions.compiled.chooser import NO_CAP_MM, choose, ways_of
from tests.benchmarks.decisions.compiled.told import OURS, Told, of_plot
from tests.benchmarks.decisions.field import FORECAST_DAYS, Case
from tests.benchmarks.decisions.ky_field import KyField

HUNDREDTH_MM = 0.01


class CopyError(RuntimeError):
    """A compiled copy differs from its original."""


def chooser(states: int, seed: int = 1) -> int:
    """Random plots, strategies and mornings through both choosers; how many were watered. Raises CopyError.

    Depths are rounded down to 0.01 mm, so a last bit may move one by that much.
    """
    chance, watered = random.Random(f"chooser/{seed}"), 0
    for number in range(states):
        plot, strategy, state, forecast = _case(chance)
        told = told_at(plot, state, forecast)
        cap = NO_CAP_MM if plot.season_cap_mm is None else plot.season_cap_mm
        mine = choose(
            ways_of(strategy), told, state.day, state.depletion_frac, state.wetness, state.given_mm, cap
        )
        theirs = original(plot, state, forecast, strategy).depth_mm
        if abs(mine - theirs) > HUNDREDTH_MM + 1e-9:
            raise CopyError(
                f"chooser, state {number}: compiled {mine}, original {theirs}: {plot} {state} {strategy}"
            )
        watered += theirs > 0
    return watered


def account(days: int = 120) -> None:
    """A season of the plain balance in both. Raises CopyError."""
    chance = random.Random("account")
    for name in crop_names():
        plot = replace(_plot(chance), crop=crop(name))
        rain, et0 = (
            np.array([chance.choice((0.0, 0.4, 9.0)) for _ in range(days)]),
            np.array([chance.uniform(0, 9) for _ in range(days)]),
        )
        told = of_plot(plot, OURS, rain, et0, et0, np.zeros((days, FORECAST_DAYS)), np.zeros(days))
        book, mine = opened(plot.crop, plot.soil, 0, 0.3), 0.3 * taw_mm(told, 0)
        for day in range(1, min(days, plot.crop.season_days)):
            mm = chance.choice((0.0, 0.0, 20.0))
            book = next_morning(
                book, plot.crop, plot.soil, et0[day], rain[day], mm * plot.application_efficiency_frac
            )
            mine = account_next(told, day, mine, mm)
            if abs(mine - book.depletion_mm) > 1e-6:
                raise CopyError(
                    f"account of {name}, day {day}: compiled {mine}, original {book.depletion_mm}"
                )


def second_family(case: Case) -> None:
    """A season of `KyField` in both, watered by chance. Raises CopyError."""
    chance, field, given = random.Random(case.name), KyField(case), []
    while not field.over:
        given.append(chance.choice((0.0, 0.0, 0.0, chance.uniform(1, 25))))
        field.give(given[-1])
    mine = ky.by_schedule(ky.land_of(case), np.array(given))[0]
    if abs(mine - field.yield_t_ha()) > 1e-6 * max(1.0, mine):
        raise CopyError(f"second family, {case.name}: compiled {mine} t/ha, original {field.yield_t_ha()}")


def told_at(plot: Plot, state: RootState, forecast: tuple[ForecastDay, ...]) -> Told:
    """A season of which one morning is known: what `choose` is told."""
    count = plot.crop.season_days
    predicted = np.zeros((count, FORECAST_DAYS))
    predicted[state.day, : len(forecast)] = [day.rain_mm or 0.0 for day in forecast[:FORECAST_DAYS]]
    et0 = np.full(count, state.et0_mm)
    return of_plot(plot, OURS, np.zeros(count), et0, et0, predicted, np.zeros(count))


def _plot(chance: random.Random) -> Plot:
    most = chance.choice((8.0, 25.0, 60.0))
    return Plot(
        latitude_deg=40.0,
        elevation_m=10.0,
        soil=chance.choice(list(soils().values())),
        crop=crop(chance.choice(crop_names())),
        planted_on=date(2025, 4, 20),
        area_m2=1000.0,
        max_depth_mm_per_day=most,
        application_efficiency_frac=chance.uniform(0.6, 0.95),
        min_event_mm=chance.choice((0.5, 1.0, 5.0)),
        season_cap_mm=chance.choice((None, None, 60.0, 300.0)),
        prices=chance.choice((None, Prices(180.0, chance.uniform(0.05, 9.0), 2.0))),
    )


def _strategy(chance: random.Random) -> IrrigationStrategy:
    def near(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(near(one) for one in value)
        if isinstance(value, int):
            return chance.randrange(0, 7)
        return value * chance.uniform(0.4, 1.8) + chance.gauss(0, 0.1)

    found = IrrigationStrategy(*(near(getattr(STRATEGY, name)) for name in IrrigationStrategy.__slots__))
    return replace(found, worth_mm=abs(found.worth_mm) + 100, rain_fades=min(1.0, abs(found.rain_fades)))


def _case(chance: random.Random) -> tuple[Plot, IrrigationStrategy, RootState, tuple[ForecastDay, ...]]:
    plot = _plot(chance)
    day = chance.randrange(plot.crop.season_days)
    taw = 1000 * (plot.soil.field_capacity_frac - plot.soil.wilting_point_frac) * root_depth_m(plot.crop, day)
    state = RootState(
        day, taw, chance.random(), chance.uniform(0.2, 10), chance.uniform(0, 250), chance.uniform(0, 1.5)
    )
    rain = (None, 0.0, 0.0, 1.5, 12.0)
    forecast = tuple(
        ForecastDay(chance.choice(rain), None, None) for _ in range(chance.randrange(FORECAST_DAYS + 1))
    )
    return plot, _strategy(chance), state, forecast


def everything(case: Case, states: int = 4000) -> list[str]:
    """Every copy against its original, a line for each. Raises CopyError at the first that differs."""
    watered = chooser(states)
    account()
    second_family(case)
    return [
        f"chooser: {states} states agree, {watered} of them watered",
        "account: every crop agrees",
        f"second family: {case.name} agrees",
    ]

"""When the learned rung is not believed, when water has outrun the crop, and the calendar of a field nobody hears."""

from __future__ import annotations

from typing import Any

import pytest

from fieldstation.advice.adviser import (
    NET_FRAC,
    OVER_DEMAND,
    RAIN_USED,
    UNSURE_FRAC,
    WET_OF_LINE,
    Advice,
    Adviser,
)
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.agronomy.water_balance import moved
from fieldstation.domain.decision import Rung
from fieldstation.domain.forecast import Quantiles
from fieldstation.policies.rungs.calendar import EVERY_DAYS
from tests.kit.mornings import line, zone


class Says:
    """Models that say one range of the depletion, moved from where the account stands."""

    def __init__(self, off: float, half: float) -> None:
        self.off, self.half = off, half

    def depletion(self, history: Any) -> tuple[Quantiles, tuple[()]]:
        mid = history.corrected.depletion_frac + self.off
        return Quantiles(mid - self.half, mid, mid + self.half), ()

    def harvest(self, history: Any) -> None:
        return None

    def ahead(self, history: Any, days: Any) -> tuple[()]:
        return ()

    def harvest_contributions(self, history: Any) -> tuple[()]:
        return ()


def morning_by(off: float, half: float) -> Advice:
    adviser = Adviser(plot_from(zone()), Says(off, half))  # type: ignore[arg-type] # says one range
    for day in range(5):
        advice = adviser.advise(parse_line(line(day), 0.0))
    return advice


@pytest.mark.parametrize(
    ("off", "half", "why"),
    [
        (0.0, UNSURE_FRAC / 2 - 0.01, None),
        (0.0, UNSURE_FRAC / 2 + 0.01, "forecast_unsure"),
        (NET_FRAC - 0.01, 0.1, None),
        (NET_FRAC + 0.01, 0.1, "disagrees_with_balance"),
        (-NET_FRAC - 0.01, 0.1, "disagrees_with_balance"),
    ],
)
def test_a_forecast_that_is_unsure_or_far_from_the_account_does_not_decide(
    off: float, half: float, why: str | None
) -> None:
    advice = morning_by(off, half)
    assert advice.rung is (Rung.LEARNED if why is None else Rung.WATER_BALANCE)
    assert [skip.why for skip in advice.skipped if skip.rung is Rung.LEARNED] == (
        [] if why is None else [why]
    )


def test_water_has_outrun_the_crop_by_what_it_wants_less_the_rain_that_it_could_use() -> None:
    adviser = Adviser(plot_from(zone()), None)
    for day in range(5):
        adviser.advise(parse_line(line(day), 0.0))
    account = adviser.history.balance
    assert account is not None
    wanted_mm = OVER_DEMAND * (200.0 - RAIN_USED * 100.0) + 0.6 * account.taw_mm
    for net_mm, over in ((wanted_mm - 1, False), (wanted_mm + 1, True)):
        adviser.history.season.update(demand=200.0, rain=100.0, water=net_mm / 0.85)
        assert adviser._over_watered(account) is over


@pytest.mark.parametrize(
    ("soil", "nudged_of_line", "waters"),
    [("silt_loam", 0.2, False), ("silt_loam", WET_OF_LINE + 0.05, True), ("sand", 0.4, True)],
)
def test_where_the_account_that_hears_the_probes_stands_wet_the_model_alone_gives_no_water(
    soil: str, nudged_of_line: float, waters: bool
) -> None:
    """In sand that much of the line is a few millimetres, which the probes' tremble alone may have brought."""
    adviser = Adviser(plot_from(zone(soil=soil)), Says(0.4, 0.1))  # type: ignore[arg-type] # says one range
    for day in range(60):
        adviser.advise(parse_line(line(day, soil=[]), 0.0))
    history = adviser.history
    assert history.corrected is not None
    due = adviser._by(history.corrected, 1.0).line_frac
    history.corrected = moved(history.corrected, nudged_of_line * due)
    advice = adviser._choose([])
    assert advice.rung is Rung.LEARNED
    assert (advice.choice.depth_mm > 0) is waters
    assert advice.below is not None
    assert advice.below.depth_mm == 0


BLIND: dict[str, Any] = {"air_t_min_c": None, "air_t_max_c": None, "rain_mm": None, "soil": []}


def blind(days: int = 30) -> Adviser:
    """Nobody hears this field; its calendar is due every so many days."""
    adviser = Adviser(plot_from(zone()), None)
    for day in range(days):
        adviser.advise(parse_line(line(day, **BLIND), 0.0))
    return adviser


def due_days(adviser: Adviser, first: int, days: int = 12) -> list[int]:
    found = []
    for day in range(first, first + days):
        advice = adviser.advise(parse_line(line(day, **BLIND), 0.0))
        assert advice.rung is Rung.CALENDAR
        found += [day] if advice.choice.depth_mm > 0 else []
    return found


def test_the_calendar_counts_from_the_day_on_which_water_came() -> None:
    adviser = blind()
    adviser.advise(parse_line(line(30, **{**BLIND, "irrigated_mm": 12.0}), 0.0))  # it came on day 29
    assert due_days(adviser, 31)[:2] == [29 + EVERY_DAYS, 29 + 2 * EVERY_DAYS]


def test_a_calendar_that_was_answered_before_a_restart_goes_on_as_if_there_had_been_none() -> None:
    lived, resumed = blind(), blind()
    lines = [parse_line(line(day, **BLIND), 0.0) for day in range(30, 30 + EVERY_DAYS)]
    for told in lines:
        advice = lived.advise(told)
        resumed.remember(told, advice.choice.depth_mm, advice.rung)
    assert due_days(resumed, 30 + EVERY_DAYS) == due_days(lived, 30 + EVERY_DAYS) != []


@pytest.mark.parametrize("wettest", ["account", "nudged", "learned"])
def test_where_probes_cannot_be_right_the_wettest_view_decides(wettest: str) -> None:
    adviser = Adviser(plot_from(zone()), Says(0.0, 0.05))  # type: ignore[arg-type] # says one range
    for day in range(60):
        adviser.advise(parse_line(line(day), 0.0))
    history = adviser.history
    assert history.balance is not None
    assert history.corrected is not None
    seen = dict.fromkeys(("account", "nudged", "learned"), 0.8)
    assert depth_of(adviser, seen) > 0, "all of them dry: it waters"
    assert depth_of(adviser, {**seen, wettest: 0.05}) == 0


def depth_of(adviser: Adviser, seen: dict[str, float]) -> float:
    """What is given with the probes unheard when each view has this much of TAW gone."""
    history = adviser.history
    assert history.balance is not None
    assert history.corrected is not None
    history.balance = moved(history.balance, seen["account"])
    history.corrected = moved(history.corrected, seen["nudged"])
    adviser._models = Says(seen["learned"] - seen["nudged"], 0.05)  # type: ignore[assignment] # says one range
    return adviser._choose(["probes_over_full"]).choice.depth_mm

"""Who waters: each rule takes a morning's line and gives a gross depth. None sees more than a station."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.input import parse_line
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.month import Month
from fieldstation.agronomy.soil_water import adjusted_p_frac
from fieldstation.agronomy.water_balance import WaterBalance, next_morning, opened
from fieldstation.domain.plot import Plot
from fieldstation.policies.depth import RootState, choose
from fieldstation.policies.irrigation_strategy import IrrigationStrategy

Line = dict[str, Any]
Rule = Callable[[Line, Any], float]
"""(line, the field) -> mm. Only the yardstick looks at the field."""


class Book:
    """The plain FAO-56 account from lines, shared by the textbook rules."""

    def __init__(self, plot: Plot) -> None:
        self.plot, self.et0_mm = plot, 4.5
        self.account: WaterBalance | None = None
        self.given_mm = 0.0
        self.month = Month()

    def add(self, line: Line) -> WaterBalance | None:
        told = parse_line(line, 0.0)
        morning = told.morning
        day = (morning.on - self.plot.planted_on).days
        if morning.air_t_min_c is not None and morning.air_t_max_c is not None:
            self.et0_mm = hargreaves_et0_mm(
                morning.air_t_min_c,
                morning.air_t_max_c,
                self.plot.latitude_deg,
                morning.on.timetuple().tm_yday,
            )
        self.given_mm += morning.irrigated_mm
        if not 0 <= day < self.plot.crop.season_days:
            return None
        if self.account is None:
            self.account = opened(self.plot.crop, self.plot.soil, day, 0.3)
            return self.account
        gone = max(1, day - self.account.day)
        net = morning.irrigated_mm * self.plot.application_efficiency_frac / gone
        for _ in range(gone):
            self.account = next_morning(
                self.account,
                self.plot.crop,
                self.plot.soil,
                self.et0_mm,
                (morning.rain_mm or 0.0) / gone,
                net,
            )
            self.month = self.month.next_day((morning.rain_mm or 0.0) / gone, self.account.kc * self.et0_mm)
        return self.account

    def state(self, account: WaterBalance, depletion_frac: float) -> RootState:
        """What the chooser asks for."""
        return RootState(
            account.day, account.taw_mm, depletion_frac, self.et0_mm, self.given_mm, self.month.wetness
        )


def rainfed(plot: Plot) -> Rule:
    return lambda line, field: 0.0


def timer(plot: Plot) -> Rule:
    days = [0]

    def rule(line: Line, field: Any) -> float:
        days[0] += 1
        return _capped(plot, line, 25.0 if days[0] % 5 == 1 else 0.0)

    return rule


def zimmerman(plot: Plot) -> Rule:
    """OpenSprinkler's weather percentage (30 % humidity, 70 F, no rain as its base) on the timer."""
    days = [0]

    def rule(line: Line, field: Any) -> float:
        days[0] += 1
        if days[0] % 5 != 1:
            return 0.0
        low, high = line.get("air_t_min_c"), line.get("air_t_max_c")
        percent = 100.0
        if low is not None and high is not None:
            percent += 4 * ((low + high) / 2 * 1.8 + 32 - 70)
        if line.get("rh_mean_pct") is not None:
            percent += 30 - line["rh_mean_pct"]
        percent -= 200 * (line.get("rain_mm") or 0.0) / 25.4
        return _capped(plot, line, 25.0 * min(200.0, max(0.0, percent)) / 100)

    return rule


def probes(count: int) -> Callable[[Plot], Rule]:
    def make(plot: Plot) -> Rule:
        soil = plot.soil
        span = soil.field_capacity_frac - soil.wilting_point_frac

        def rule(line: Line, field: Any) -> float:
            values = [probe["vwc_frac"] for probe in line.get("soil", [])[:count]]
            if not values:
                return 0.0
            frac = sum((soil.field_capacity_frac - value) / span for value in values) / len(values)
            return _capped(plot, line, 25.0 if frac > 0.5 else 0.0)

        return rule

    return make


def fao56(plot: Plot) -> Rule:
    book = Book(plot)

    def rule(line: Line, field: Any) -> float:
        account = book.add(line)
        if account is None:
            return 0.0
        p = adjusted_p_frac(plot.crop.p_frac, account.kc * book.et0_mm)
        if account.depletion_frac < p:
            return 0.0
        return _capped(plot, line, account.depletion_mm / plot.application_efficiency_frac)

    return rule


def bucket(strategy: IrrigationStrategy) -> Callable[[Plot], Rule]:
    """The account alone under a tuned strategy: what is left when nothing is learned."""
    return _by_strategy(strategy, lambda account, field: account.depletion_frac)


def ours(models: Any, strategy: IrrigationStrategy | None) -> Callable[[Plot], Rule]:
    def make(plot: Plot) -> Rule:
        adviser = Adviser(plot, models, strategy)
        return lambda line, field: adviser.advise(parse_line(line, adviser.advised_mm)).choice.depth_mm

    return make


def yardstick(strategy: IrrigationStrategy) -> Callable[[Plot], Rule]:
    """Reads the model's own root zone: what perfect sensing under the same strategy would give."""
    return _by_strategy(strategy, lambda account, field: field.depletion_frac(min(1.2, account.root_m)))


def _by_strategy(
    strategy: IrrigationStrategy, depletion_frac: Callable[[Any, Any], float]
) -> Callable[[Plot], Rule]:
    def make(plot: Plot) -> Rule:
        book = Book(plot)

        def rule(line: Line, field: Any) -> float:
            account = book.add(line)
            if account is None:
                return 0.0
            state = book.state(account, depletion_frac(account, field))
            return choose(plot, state, parse_line(line, 0.0).morning.forecast, strategy).depth_mm

        return rule

    return make


def _capped(plot: Plot, line: Line, mm: float) -> float:
    mm = min(mm, plot.max_depth_mm_per_day)
    if plot.season_cap_mm is not None:
        mm = min(mm, max(0.0, plot.season_cap_mm - (line.get("season_irrigated_mm") or 0.0)))
    return mm

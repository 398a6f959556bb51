"""One field's advice, morning by morning: the account, the models, the chooser, and which rung spoke."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fieldstation.advice.checks.air import AirWatch
from fieldstation.advice.checks.rain_gauge import GaugeWatch
from fieldstation.advice.checks.soil import SoilWatch
from fieldstation.advice.checks.water import WaterWatch
from fieldstation.advice.explain import balance_since, changes_of, skipped_above, standing
from fieldstation.advice.input import ParsedLine
from fieldstation.advice.texture import SoilInPlace
from fieldstation.agronomy.balance import MAX_UNKNOWN_DAYS
from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.agronomy.water_balance import WaterBalance
from fieldstation.config.tables import soils
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import OtherRung, Reason, Rung, SkippedRung
from fieldstation.domain.forecast import Contribution, Quantiles, YieldBy
from fieldstation.domain.plot import Morning, Plot, ProbeReading
from fieldstation.domain.soil import Soil
from fieldstation.domain.soil_water_balance import SoilWaterBalance
from fieldstation.learning.forecaster import Ahead, Forecaster
from fieldstation.learning.history import History
from fieldstation.learning.maturity import matures
from fieldstation.policies.asking import least
from fieldstation.policies.depth import Choice, RootState, choose, to_hundredth
from fieldstation.policies.irrigation_strategy import IrrigationStrategy
from fieldstation.policies.rungs import calendar

HORIZONS_D = (1, 3, 7)
GAP_DAYS = 14
UNHEARD = frozenset({"probes_over_full", "probes_below_wilting"})
"""Probes that cannot stand in the soil that was declared: the weather's account decides."""
UNSURE_FRAC = 0.75
"""A range of the depletion wider than this is no knowledge."""
NET_FRAC = 0.45
"""Model and account further apart than this: the account decides, and the drier view does not."""
WET_OF_LINE, WET_BELOW_MM = 0.5, 12.0
"""Where the account that hears the probes stands so far below its line, the model alone gives no water."""
OVER_DEMAND = 1.15
"""Net water beyond this many times what the crop can have used since planting helps no crop: a probe or a pipe is wrong."""
RAIN_USED = 0.7


@dataclass(frozen=True, slots=True)
class Advice:
    """What one morning gets. `depth_mm` gross; ranges are p10, p50, p90; dates of harvest likewise."""

    on: date
    rung: Rung
    choice: Choice
    depletion_frac: Quantiles | None
    taw_mm: float | None
    root_m: float | None
    ahead: tuple[Ahead, ...] = ()
    yield_t_ha: Quantiles | None = None
    yield_by: YieldBy | None = None
    harvest_on: tuple[date, date, date] | None = None
    drivers: tuple[Contribution, ...] = ()
    noticed: tuple[str, ...] = ()
    yield_drivers: tuple[Contribution, ...] = ()
    changes: tuple[Change, ...] = ()
    skipped: tuple[SkippedRung, ...] = ()
    below: OtherRung | None = None
    account: SoilWaterBalance | None = None
    soil_taken_as: str | None = None  # another texture than the declared one, told by the probes


BeforeLeap = tuple[
    History, AirWatch, SoilWatch, WaterWatch, GaugeWatch, date | None, SoilInPlace, list[Morning]
]
"""What an adviser knows, as it stood before a leap in the dates: a mistyped date must not end the season."""


class Adviser:
    """Feed it every line once, in order. Without models it decides by the account."""

    def __init__(
        self, plot: Plot, models: Forecaster | None, strategy: IrrigationStrategy | None = None
    ) -> None:
        self.plot, self._declared = plot, plot.soil
        self.history = History(plot)
        self.given_mm = 0.0
        self.advised_mm = 0.0
        self._models = models
        self._strategy = strategy
        self._air, self._soil, self._water = AirWatch(plot), SoilWatch(plot), WaterWatch(plot)
        self._gauge = GaugeWatch()
        self._last_water_on: date | None = None
        self._before: BeforeLeap | None = None
        self._balance_plain: SoilWaterBalance | None = None
        self._in_place = SoilInPlace(plot, soils().values())
        self._mornings: list[Morning] = []

    def advise(self, parsed: ParsedLine) -> Advice:
        """Take in a morning and choose. Raises ValueError when it is not after the last one."""
        noticed = self._add_morning(parsed)
        advice = self._choose(noticed)
        self.advised_mm = advice.choice.depth_mm
        return advice

    def remember(self, parsed: ParsedLine, advised_mm: float, rung: Rung) -> None:
        """Take in a morning that was answered before, with what was answered. Raises ValueError like `advise`."""
        self._add_morning(parsed)
        self.advised_mm = advised_mm
        if rung is Rung.CALENDAR and advised_mm > 0:
            self._last_water_on = parsed.morning.on

    def _add_morning(self, parsed: ParsedLine) -> list[str]:
        """Into the history with what can be believed; the codes of what cannot."""
        morning, noticed = parsed.morning, list(parsed.noticed)
        if self.history.on is not None and morning.on <= self.history.on:
            morning = self._back_before_the_leap(morning)
            noticed.append("date_went_back")
        on = self.history.on
        days = 1 if on is None else (morning.on - on).days
        self._before = None
        if on is not None and days > 1:
            self._before = (
                self.history,
                self._air,
                self._soil,
                self._water,
                self._gauge,
                self._last_water_on,
                self._in_place,
                self._mornings,
            )
            self._stand(copy.deepcopy(self._before))
        if days >= GAP_DAYS and on is not None:
            noticed.append("gap_of_weeks")
            self._air.forget()
        given_mm, codes = self._water.check(
            morning.irrigated_mm,
            known=parsed.water_known,
            advised_mm=self.advised_mm,
            total_mm=parsed.season_irrigated_mm,
            days=days,
        )
        self.given_mm = self._water.given_mm
        noticed += codes
        if given_mm > 0:
            self._last_water_on = morning.on - timedelta(days=1)
        low, high = morning.air_t_min_c, morning.air_t_max_c
        air = self._air.check(morning.on, low, high, refused="air_impossible" in parsed.noticed)
        if air is not None:
            noticed.append(air)
            low = high = None
        morning = replace(morning, air_t_min_c=low, air_t_max_c=high, irrigated_mm=given_mm)
        untold = self._gauge.check(morning, water_known=parsed.water_known)
        if untold is not None:
            noticed.append(untold)
        self._mornings.append(morning)
        heard, believed, codes = self._believable(morning)
        before = standing(self.history)
        self.history.add(replace(morning, probes=heard))
        self._balance_plain = balance_since(self.history, before)
        soil = self._in_place.add_morning(believed, self.history.balance)
        if soil != self.plot.soil:
            codes = self._live_again_in(soil)
        noticed += codes
        return list(dict.fromkeys(noticed))

    def _live_again_in(self, soil: Soil) -> list[str]:
        """The season so far once more, in the soil that the probes tell of; what is wrong with this morning's there."""
        self.plot = replace(self.plot, soil=soil)
        self.history, self._soil = History(self.plot), SoilWatch(self.plot)
        codes: list[str] = []
        for morning in self._mornings:
            heard, _, codes = self._believable(morning)
            self.history.add(replace(morning, probes=heard))
        return codes

    def _believable(
        self, morning: Morning
    ) -> tuple[tuple[ProbeReading, ...], tuple[ProbeReading, ...], list[str]]:
        """The readings that the history hears, those that are believable one by one, and the codes of what is wrong."""
        believed, codes = self._soil.check(morning.probes)
        return (() if UNHEARD & set(codes) else believed), believed, codes

    def _stand(self, before: BeforeLeap) -> None:
        (
            self.history,
            self._air,
            self._soil,
            self._water,
            self._gauge,
            self._last_water_on,
            self._in_place,
            self._mornings,
        ) = before
        self.plot = self.history.plot

    def _back_before_the_leap(self, morning: Morning) -> Morning:
        """Undo a leap that this morning shows to be a mistake; what the leaping line told of water still came."""
        leapt, before = self.history.morning, self._before
        if leapt is None or before is None or before[0].on is None or morning.on <= before[0].on:
            raise ValueError(f"{morning.on} does not come after {self.history.on}")
        self._stand(before)
        rain = [mm for mm in (leapt.rain_mm, morning.rain_mm) if mm is not None]
        return replace(
            morning,
            rain_mm=sum(rain) if rain else None,
            irrigated_mm=morning.irrigated_mm + leapt.irrigated_mm,
        )

    def _choose(self, noticed: list[str]) -> Advice:
        history = self.history
        assert history.on is not None
        if not history.in_season:
            values = {"day": history.day, "season_days": self.plot.crop.season_days}
            none = Choice(0.0, Reason.OUT_OF_SEASON, dict(values), 0.0)
            return Advice(
                history.on,
                Rung.WATER_BALANCE,
                none,
                None,
                None,
                None,
                noticed=tuple(noticed),
                changes=(Change(ChangeCode.CROP_IN_GROUND),),
            )
        balance, corrected = history.balance, history.corrected
        assert balance is not None
        assert corrected is not None
        if history.unknown_days > MAX_UNKNOWN_DAYS:
            return self._blind(balance, corrected, noticed)
        plain = self._by(corrected, corrected.depletion_frac)
        if self._models is None:
            return self._advice(
                Rung.WATER_BALANCE, plain, corrected, _around(corrected.depletion_frac), noticed
            )
        estimate, contributions = self._models.depletion(history)
        wide = estimate.p90 - estimate.p10 > UNSURE_FRAC
        apart = abs(estimate.p50 - corrected.depletion_frac) > NET_FRAC
        learned = self._by(balance, estimate.p50)
        rung, choice = Rung.LEARNED, learned
        if self._over_watered(balance):
            noticed.append("more_than_the_crop_can_use")
        if UNHEARD & set(noticed) or "more_than_the_crop_can_use" in noticed:
            by_weather = self._by(balance, balance.depletion_frac)
            plain = least(plain, by_weather)
        if noticed or wide or apart:
            rung = Rung.WATER_BALANCE
            choice = least(plain, learned) if noticed else plain
            why = noticed[0] if noticed else "forecast_unsure" if wide else "disagrees_with_balance"
            advice = self._advice(rung, choice, balance, estimate, noticed, contributions)
            return replace(advice, skipped=(SkippedRung(Rung.LEARNED, why, learned.depth_mm),))
        if _stands_wet(history, corrected, plain.line_frac):
            choice = least(learned, plain)
        advice = self._advice(rung, choice, balance, estimate, noticed, contributions)
        return replace(advice, below=OtherRung(Rung.WATER_BALANCE, plain.depth_mm))

    def _over_watered(self, balance: WaterBalance) -> bool:
        """Whether the season's water has outrun the crop, whatever the probes say."""
        sums = self.history.season
        net_mm = sums["water"] * self.plot.application_efficiency_frac
        wanted_mm = OVER_DEMAND * max(0.0, sums["demand"] - RAIN_USED * sums["rain"])
        return net_mm > wanted_mm + 0.6 * balance.taw_mm

    def _by(self, balance: WaterBalance, depletion_frac: float) -> Choice:
        morning = self.history.morning
        assert morning is not None
        et0 = list(self.history.et0)[-5:] or [self.history.et0_mm]
        state = RootState(
            balance.day,
            balance.taw_mm,
            depletion_frac,
            sum(et0) / len(et0),
            self.given_mm,
            self.history.month.wetness,
        )
        return replace(choose(self.plot, state, morning.forecast, self._strategy), states=(state,))

    def _blind(self, balance: WaterBalance, corrected: WaterBalance, noticed: list[str]) -> Advice:
        """No weather for days: the probe by its own marks, else a small amount by the calendar."""
        history = self.history
        past = history.probe(deep=False)
        now = past.now() if past is not None and not past.stuck() else None
        soil = self.plot.soil
        if past is not None and now is not None:
            span = soil.field_capacity_frac - soil.wilting_point_frac
            shown = min(1.0, max(0.0, (past.full(soil.field_capacity_frac) - now) / span))
            choice = self._by(balance, shown)
            if choice.depth_mm > 0:
                choice = replace(choice, reason=Reason.PROBE_DRY)
            return self._advice(Rung.THRESHOLD, choice, balance, _around(shown, 0.25), noticed)
        assert history.on is not None
        use_mm = calendar.BLIND_ET0_MM * crop_coefficient(self.plot.crop, balance.day)
        since = (
            calendar.EVERY_DAYS if self._last_water_on is None else (history.on - self._last_water_on).days
        )
        depth = calendar.REDUCED * use_mm * calendar.EVERY_DAYS / self.plot.application_efficiency_frac
        depth = min(depth, self.plot.max_depth_mm_per_day)
        if self.plot.season_cap_mm is not None:
            depth = min(depth, self.plot.season_cap_mm - self.given_mm)
        due = since >= calendar.EVERY_DAYS and depth >= self.plot.min_event_mm
        reason = Reason.CALENDAR_DUE if due else Reason.ENOUGH_WATER
        choice = Choice(
            to_hundredth(depth, self.plot.min_event_mm) if due else 0.0,
            reason,
            {"every_days": calendar.EVERY_DAYS},
            0.0,
        )
        if due:
            self._last_water_on = history.on
        return self._advice(Rung.CALENDAR, choice, balance, _around(corrected.depletion_frac, 0.3), noticed)

    def _advice(
        self,
        rung: Rung,
        choice: Choice,
        balance: WaterBalance,
        depletion: Quantiles,
        noticed: list[str],
        contributions: tuple[Contribution, ...] = (),
    ) -> Advice:
        history, models = self.history, self._models
        assert history.on is not None
        harvest = models.harvest(history) if models else None
        return Advice(
            on=history.on,
            rung=rung,
            choice=choice,
            depletion_frac=depletion,
            taw_mm=balance.taw_mm,
            root_m=balance.root_m,
            ahead=models.ahead(history, HORIZONS_D) if models else (),
            yield_t_ha=harvest.t_ha if harvest else None,
            yield_by=harvest.by if harvest else None,
            harvest_on=matures(history.growing).on(self.plot.planted_on),
            drivers=contributions,
            noticed=tuple(noticed),
            yield_drivers=models.harvest_contributions(history) if models else (),
            changes=changes_of(history, choice, self._strategy, self._last_water_on),
            account=self._balance_plain,
            skipped=skipped_above(rung),
            soil_taken_as=None if self.plot.soil == self._declared else self.plot.soil.texture,
        )


def _stands_wet(history: History, corrected: WaterBalance, line_frac: float) -> bool:
    """Half way to the line or less, by more than what probes see come by their tremble alone, and by probes that can be right."""
    assert history.morning is not None
    probes, most = history.morning.probes, history.plot.soil.saturation_frac
    drowned = bool(probes) and all(reading.vwc_frac > most for reading in probes)
    below_mm = line_frac * corrected.taw_mm - corrected.depletion_mm
    return not drowned and corrected.depletion_frac < WET_OF_LINE * line_frac and below_mm > WET_BELOW_MM


def _around(frac: float, half: float = 0.15) -> Quantiles:
    return Quantiles(max(0.0, frac - half), frac, min(1.0, frac + half))

"""A field's past as running sums: one morning in, one row of features out. Pure.

Two accounts run side by side. The plain FAO-56 account believes the weather and the soil's table. The
corrected one also uses the probes. They show water that nobody measured, and their own reading when the
soil is full.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import replace
from datetime import date, timedelta

from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.heat_units import heat_units_c_days
from fieldstation.agronomy.month import Month
from fieldstation.agronomy.water_balance import WaterBalance, moved, next_morning, opened
from fieldstation.domain.plot import Morning, Plot, ProbeReading
from fieldstation.learning.ahead import PAST_NAMES, RUN_NAMES, Run, coming, past_values
from fieldstation.learning.growing import Growing
from fieldstation.learning.probe_past import KEPT_DAYS, NAN, ProbePast
from fieldstation.learning.widths import DEEP_FROM_CM

BEGIN_DEPLETION_FRAC = 0.3
"""Nobody knows the soil at planting; a third gone errs towards watering a little early, not late."""
TYPICAL_ET0_MM = 4.5
SHALLOW_GAIN, DEEP_GAIN = 0.05, 0.12
SEEN_RISE_FRAC = 0.015
SEEN_DEPTH_MM = 300.0
"""A probe speaks for about this much soil when it sees water come."""
SURPRISE_GAIN = 0.12


class History:
    """One plot's season so far. `add` every morning once, in order."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self.on: date | None = None
        self.balance: WaterBalance | None = None
        self.corrected: WaterBalance | None = None
        self.probes: dict[int, ProbePast] = {}
        self.et0_mm = TYPICAL_ET0_MM
        self.heat_c_days = 0.0
        self.unknown_days = 0
        self.rain: deque[float] = deque(maxlen=KEPT_DAYS)
        self.water: deque[float] = deque(maxlen=KEPT_DAYS)
        self.et0: deque[float] = deque(maxlen=KEPT_DAYS)
        self.month = Month()
        self.season = dict.fromkeys(("rain", "water", "seen", "et0", "etc", "demand", "stress", "days"), 0.0)
        self.surprise = {"shallow": 0.0, "deep": 0.0}  # how far probes keep standing from the account, of TAW
        self.morning: Morning | None = None
        self.growing = Growing(plot)

    @property
    def day(self) -> int:
        """Days since planting, negative before."""
        return -1 if self.on is None else (self.on - self.plot.planted_on).days

    @property
    def in_season(self) -> bool:
        """Whether a crop is in the ground."""
        return 0 <= self.day < self.plot.crop.season_days

    def add(self, morning: Morning) -> None:
        """Take in one morning; days without one in between share its rain and water."""
        gone = 1 if self.on is None else max(1, (morning.on - self.on).days)
        self.on, self.morning = morning.on, morning
        self._weather(morning, gone)
        self.growing.saw(morning.on - timedelta(days=1), morning.air_t_min_c, morning.air_t_max_c)
        for reading in morning.probes:
            self.probes.setdefault(reading.depth_cm, ProbePast(reading.depth_cm))
        heard = {reading.depth_cm: reading.vwc_frac for reading in morning.probes}
        for depth, past in self.probes.items():
            past.add(heard.get(depth))
        if not self.in_season:
            return
        if self.balance is None:
            self._open(morning.probes)
            return
        self._live(morning, gone)

    def later_today(self, readings: tuple[ProbeReading, ...], came_mm: float) -> History:
        """A copy that has heard the probes again since the morning, when `came_mm` of net water was told."""
        found = copy.deepcopy(self)
        found.replace_readings(readings, came_mm)
        return found

    def replace_readings(self, readings: tuple[ProbeReading, ...], came_mm: float) -> None:
        """Newer readings of the same day."""
        assert self.morning is not None
        self.morning = replace(self.morning, probes=readings)
        for reading in readings:
            self.probes.setdefault(reading.depth_cm, ProbePast(reading.depth_cm)).add(reading.vwc_frac)
        if self.corrected is not None:
            wet_mm = came_mm + self._seen_mm(came_mm)
            self.corrected = moved(
                self.corrected, self.corrected.depletion_frac - wet_mm / self.corrected.taw_mm
            )
            self._listen()

    def _weather(self, morning: Morning, gone: int) -> None:
        low, high = morning.air_t_min_c, morning.air_t_max_c
        known = low is not None and high is not None and morning.rain_mm is not None
        self.unknown_days = 0 if known else self.unknown_days + gone
        if low is not None and high is not None:
            yesterday = morning.on - timedelta(days=1)
            self.et0_mm = hargreaves_et0_mm(low, high, self.plot.latitude_deg, yesterday.timetuple().tm_yday)
            if self.day > 0:
                self.heat_c_days += gone * heat_units_c_days(low, high, self.plot.crop.base_t_c)

    def _open(self, readings: tuple[ProbeReading, ...]) -> None:
        soil = self.plot.soil
        span = soil.field_capacity_frac - soil.wilting_point_frac
        begun = BEGIN_DEPLETION_FRAC
        if readings:
            shown = sum((soil.field_capacity_frac - r.vwc_frac) / span for r in readings) / len(readings)
            begun = 0.5 * begun + 0.5 * min(0.8, max(0.0, shown))
        self.balance = opened(self.plot.crop, soil, self.day, BEGIN_DEPLETION_FRAC)
        self.corrected = opened(self.plot.crop, soil, self.day, begun)
        self.growing.catch_up(self.day)

    def _live(self, morning: Morning, gone: int) -> None:
        assert self.balance is not None
        assert self.corrected is not None
        crop, soil = self.plot.crop, self.plot.soil
        rain = (morning.rain_mm or 0.0) / gone
        net = morning.irrigated_mm * self.plot.application_efficiency_frac / gone
        shown = self._probe_depletion()
        seen = self._seen_mm(rain * gone + net * gone) / gone
        for _ in range(gone):
            self.balance = next_morning(self.balance, crop, soil, self.et0_mm, rain, net)
            self.corrected = next_morning(self.corrected, crop, soil, self.et0_mm, rain + seen, net)
            self.rain.append(rain)
            self.water.append(morning.irrigated_mm / gone)
            self.et0.append(self.et0_mm)
            self.month = self.month.next_day(rain, self.corrected.kc * self.et0_mm)
            sums = self.season
            sums["rain"] += rain
            sums["water"] += morning.irrigated_mm / gone
            sums["seen"] += seen
            sums["et0"] += self.et0_mm
            sums["etc"] += self.corrected.etc_mm
            sums["demand"] += self.corrected.kc * self.et0_mm
            sums["stress"] += 1 - self.corrected.ks
            sums["days"] += 1
            grown = (self.corrected.depletion_frac, self.et0_mm, shown, self.balance.depletion_frac)
            self.growing.live(morning.air_t_min_c, morning.air_t_max_c, *grown)
            if self.corrected.percolation_mm > 2:
                for past in self.probes.values():
                    past.drained = True
        self._listen()

    def _probe_depletion(self) -> tuple[float, float] | None:
        """Depletion as the probes alone tell it, and their mean reading in m3/m3."""
        full, dry = self.plot.soil.field_capacity_frac, self.plot.soil.wilting_point_frac
        heard = [(past, past.now()) for past in self.probes.values() if not past.stuck()]
        seen = [((past.full(full) - now) / (full - dry), now) for past, now in heard if now is not None]
        return (sum(f for f, _ in seen) / len(seen), sum(v for _, v in seen) / len(seen)) if seen else None

    def _seen_mm(self, known_mm: float) -> float:
        """Water that probes saw come and nobody measured: a blocked gauge, a forgotten tap."""
        if known_mm > 2.0:
            return 0.0
        rises = [past.change(1) for past in self.probes.values() if not past.stuck()]
        rise = sum(value for value in rises if value == value and value > SEEN_RISE_FRAC)
        return min(60.0, rise * SEEN_DEPTH_MM)

    def _listen(self) -> None:
        assert self.corrected is not None
        soil = self.plot.soil
        span = soil.field_capacity_frac - soil.wilting_point_frac
        frac = self.corrected.depletion_frac
        for name in self.surprise:
            self.surprise[name] *= 1 - SURPRISE_GAIN
        for past in self.probes.values():
            now = past.recent[-1] if past.recent else None
            if now is None or past.stuck() or past.depth_cm > self.corrected.root_m * 100 + 15:
                continue
            shown = (past.full(soil.field_capacity_frac) - now) / span
            deep = past.depth_cm >= DEEP_FROM_CM
            gain = DEEP_GAIN if deep else SHALLOW_GAIN
            self.surprise["deep" if deep else "shallow"] += SURPRISE_GAIN * (
                min(1.1, max(-0.1, shown)) - frac
            )
            frac += gain * (min(1.1, max(-0.1, shown)) - frac)
        self.corrected = moved(self.corrected, frac)

    # -- what the models see ---------------------------------------------------------------

    def probe(self, *, deep: bool) -> ProbePast | None:
        """The shallowest probe that speaks, or the deepest when it is another one."""
        alive = sorted(depth for depth, past in self.probes.items() if past.now() is not None)
        if not alive:
            return None
        if deep:
            return self.probes[alive[-1]] if alive[-1] >= DEEP_FROM_CM else None
        return self.probes[alive[0]]

    def row(self) -> list[float]:
        """Features in the order of NAMES; NaN where nothing is known."""
        assert self.balance is not None
        assert self.corrected is not None
        plot, crop, soil = self.plot, self.plot.crop, self.plot.soil
        span = soil.field_capacity_frac - soil.wilting_point_frac
        sums, days = self.season, max(1.0, self.season["days"])
        values = {
            "balance_frac": self.balance.depletion_frac,
            "nudged_frac": self.corrected.depletion_frac,
            "nudged_ks": self.corrected.ks,
            "percolation_mm": self.corrected.percolation_mm,
            "taw_mm": self.balance.taw_mm,
            "root_m": self.balance.root_m,
            "root_max_m": crop.root_max_m,
            "kc": self.balance.kc or crop_coefficient(crop, max(0, self.day)),
            "p_frac": crop.p_frac,
            "season_frac": self.day / crop.season_days,
            "day": float(self.day),
            "fc_frac": soil.field_capacity_frac,
            "span_frac": span,
            "et0_mm": self.et0_mm,
            "et0_7d_mm": sum(list(self.et0)[-7:]),
            "rain_1d_mm": sum(list(self.rain)[-1:]),
            "rain_3d_mm": sum(list(self.rain)[-3:]),
            "rain_14d_mm": sum(list(self.rain)[-14:]),
            "water_1d_mm": sum(list(self.water)[-1:]),
            "water_3d_mm": sum(list(self.water)[-3:]),
            "water_14d_mm": sum(list(self.water)[-14:]),
            "season_rain_mm": sums["rain"],
            "season_water_mm": sums["water"],
            "season_seen_mm": sums["seen"],
            "season_supply_frac": (sums["rain"] + sums["water"]) / max(1.0, sums["etc"]),
            "season_stress_frac": sums["stress"] / days,
            "unknown_days": float(self.unknown_days),
            "rh_frac": _nan(self.morning.rh_mean_frac if self.morning else None),
            "efficiency_frac": plot.application_efficiency_frac,
            "potential_t_ha": crop.yield_potential_t_ha,
            "heat_c_days": self.heat_c_days,
            "stage_frac": self._stage_frac(),
            "shallow_surprise": self.surprise["shallow"],
            "deep_surprise": self.surprise["deep"],
            **self._probe_values("shallow", self.probe(deep=False), span),
            **self._probe_values("deep", self.probe(deep=True), span),
        }
        return [values[name] for name in NAMES]

    def ahead_rows(self, horizons_d: tuple[int, ...]) -> dict[tuple[int, int], list[float]]:
        """A row in the order of AHEAD_NAMES by (depth in cm, days ahead), for the probes of this morning."""
        assert self.morning is not None
        base, found = self.row(), {}
        soil, forecast = self.plot.soil, self.morning.forecast
        span = soil.field_capacity_frac - soil.wilting_point_frac
        assert self.corrected is not None
        ahead = coming(self.morning, max(horizons_d, default=0), self.plot.latitude_deg, self._usual_et0_mm())
        full = soil.field_capacity_frac
        shown = {
            r.depth_cm: (self.probes[r.depth_cm].full(full) - r.vwc_frac) / span
            for r in self.morning.probes
            if not self.probes[r.depth_cm].stuck()
        }
        run = Run(self.corrected, self.plot.crop, soil, shown, ahead)
        came = [rain + water for rain, water in zip(self.rain, self.water, strict=True)]
        for reading in self.morning.probes:
            past = self.probes[reading.depth_cm]
            this = [
                (past.full(full) - reading.vwc_frac) / span,
                (past.high_frac() - reading.vwc_frac) / span,
                past.change(3) / span,
                past.over_mean(3) / span,
                past.over_mean(7) / span,
                past.slope() / span,
                float(reading.depth_cm),
            ]
            other = next((d for d in shown if d != reading.depth_cm), reading.depth_cm)
            for days in horizons_d:
                rain = [day.rain_mm for day in forecast[:days] if day.rain_mm is not None]
                so_far = past_values(past, span, self.corrected.root_m, came, list(self.et0), ahead[:days])
                found[reading.depth_cm, days] = [
                    *base,
                    *this,
                    float(days),
                    sum(rain) if rain else NAN,
                    sum(et0 for et0, _ in ahead[:days]),
                    *run.values(reading.depth_cm, days, other),
                    *so_far,
                ]
        return found

    def _usual_et0_mm(self) -> float:
        last = list(self.et0)[-5:]
        return sum(last) / len(last) if last else self.et0_mm

    def _stage_frac(self) -> float:
        """0 to 4: the stage, and how much of it has gone."""
        day = max(0, self.day)
        for number, length in enumerate(self.plot.crop.stage_days):
            if day < length:
                return number + day / length
            day -= length
        return 4.0

    def _probe_values(self, which: str, past: ProbePast | None, span: float) -> dict[str, float]:
        table = self.plot.soil.field_capacity_frac
        now = past.now() if past else None
        if past is None or now is None or past.stuck():
            return dict.fromkeys(_probe_names(which), NAN)
        found = (
            (table - now) / span,
            (past.full(table) - now) / span,
            (past.high_frac() - now) / span,
            past.high_frac() - table,
            (now - past.low_frac) / span,
            past.change(1) / span,
            past.change(3) / span,
            past.change(7) / span,
            float(past.depth_cm),
            float(len(past.ranked)),
        )
        return dict(zip(_probe_names(which), found, strict=True))


def _probe_names(which: str) -> tuple[str, ...]:
    kinds = (
        "table",
        "insitu",
        "below_high",
        "high",
        "above_low",
        "change_1d",
        "change_3d",
        "change_7d",
        "depth_cm",
        "readings",
    )
    return tuple(f"{which}_{kind}" for kind in kinds)


def _nan(value: float | None) -> float:
    return NAN if value is None else value


FEATURES: dict[str, str] = {
    "balance_frac": "soil_balance",
    "nudged_frac": "soil_balance",
    "nudged_ks": "soil_balance",
    "percolation_mm": "soil_balance",
    "taw_mm": "soil",
    "root_m": "crop_stage",
    "root_max_m": "crop_stage",
    "kc": "crop_stage",
    "p_frac": "crop_stage",
    "season_frac": "crop_stage",
    "day": "crop_stage",
    "fc_frac": "soil",
    "span_frac": "soil",
    "et0_mm": "weather",
    "et0_7d_mm": "weather",
    "rain_1d_mm": "rain",
    "rain_3d_mm": "rain",
    "rain_14d_mm": "rain",
    "water_1d_mm": "water_given",
    "water_3d_mm": "water_given",
    "water_14d_mm": "water_given",
    "season_rain_mm": "rain",
    "season_water_mm": "water_given",
    "season_seen_mm": "soil_probe",
    "season_supply_frac": "water_given",
    "season_stress_frac": "soil_balance",
    "unknown_days": "weather",
    "rh_frac": "weather",
    "efficiency_frac": "water_given",
    "potential_t_ha": "crop_stage",
    "heat_c_days": "weather",
    "stage_frac": "crop_stage",
    "shallow_surprise": "soil_probe",
    "deep_surprise": "soil_probe",
    **dict.fromkeys(_probe_names("shallow"), "soil_probe"),
    **dict.fromkeys(_probe_names("deep"), "soil_probe"),
}
"""Every feature and the group of words a farmer knows."""
NAMES = tuple(FEATURES)
AHEAD_NAMES = (
    *NAMES,
    "this_insitu",
    "this_below_high",
    "this_change_3d",
    "this_over_mean_3d",
    "this_over_mean_7d",
    "this_slope_7d",
    "this_depth_cm",
    "days",
    "rain_mm",
    "et0_mm_ahead",
    *RUN_NAMES,
    *PAST_NAMES,
)
"""A row about one probe some days ahead, without water: what rain and thirst are forecast till then."""

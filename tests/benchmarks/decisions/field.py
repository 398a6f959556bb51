"""One season of AquaCrop as a station would meet it: lines in the morning, gross depths back."""

from __future__ import annotations

import copy
import math
import pickle
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.config.tables import crop
from tests.benchmarks.decisions import quicker
from tests.benchmarks.decisions.places import Weather, place, weather

EFFICIENCY = 0.85
MAX_MM = 25.0
PRICES = {"maize": 180.0, "wheat": 220.0, "tomato": 1200.0, "potato": 600.0}
SEASON_DAYS = {"maize": 132, "wheat": 197, "tomato": 110, "potato": 121}
# field capacity, wilting point, saturation, Ksat mm/day: AquaCrop's default soils
TEXTURES = {
    "sand": (0.13, 0.06, 0.36, 3000),
    "loamy_sand": (0.16, 0.08, 0.38, 2200),
    "sandy_loam": (0.22, 0.10, 0.41, 1200),
    "loam": (0.31, 0.15, 0.46, 500),
    "silt_loam": (0.33, 0.13, 0.46, 575),
    "silt": (0.33, 0.09, 0.43, 500),
    "sandy_clay_loam": (0.32, 0.20, 0.47, 225),
    "clay_loam": (0.39, 0.23, 0.50, 125),
    "silty_clay_loam": (0.44, 0.23, 0.52, 150),
    "sandy_clay": (0.39, 0.27, 0.50, 35),
    "silty_clay": (0.50, 0.32, 0.54, 100),
    "clay": (0.54, 0.39, 0.55, 35),
}
PROBES_CM = (15, 45)
FORECAST_DAYS = 7


SPRING = (4, 20)
NO_WARP = (0.0, 1.0, 1.0)


def season_days(name: str) -> int:
    """How long the crop stands: AquaCrop's varieties, else the table's."""
    return SEASON_DAYS.get(name) or crop(name).season_days


@dataclass(frozen=True, slots=True)
class Case:
    """One field in one season. Everything by chance in it follows from `seed`."""

    place: str
    year: int
    crop: str
    texture: str
    seed: int
    warp: tuple[float, float, float] = NO_WARP  # C warmer, rain times, ET0 times

    @property
    def planted_on(self) -> date:
        month, day = place(self.place).plantings.get(self.crop, SPRING)
        return date(self.year, month, day)

    @property
    def name(self) -> str:
        return f"{self.place}-{self.year}-{self.crop}-{self.texture}-{self.seed}"


@lru_cache(maxsize=4)
def weather_of(case: Case) -> dict[date, Weather]:
    """The case's season, warmer or drier than it was where the case says so (training only)."""
    days = weather(case.place)
    warmer_c, rain, et0 = case.warp
    if case.warp == NO_WARP:
        return days
    latitude, found = place(case.place).latitude_deg, {}
    for number in range(-10, season_days(case.crop) + 20):
        on = case.planted_on + timedelta(days=number)
        day = days.get(on)
        if day is None:
            continue
        doy = on.timetuple().tm_yday
        low, high = day.t_min_c + warmer_c, day.t_max_c + warmer_c
        before = hargreaves_et0_mm(day.t_min_c, day.t_max_c, latitude, doy)
        share = hargreaves_et0_mm(low, high, latitude, doy) / before if before > 0.1 else 1.0
        found[on] = Weather(low, high, day.rain_mm * rain, max(0.1, day.et0_mm * share * et0))
    return found


@lru_cache(maxsize=4)
def _begun(case: Case) -> tuple[bytes, float, float]:
    """AquaCrop at the morning of planting, to be copied; true wilting point and field capacity."""
    import pandas as pd
    from aquacrop import AquaCropModel, Crop, InitialWaterContent, IrrigationManagement, Soil

    quicker.install()
    chance = random.Random(f"field/{case.name}")
    days, first = weather_of(case), case.planted_on
    last = first + timedelta(days=SEASON_DAYS[case.crop] + 3)
    rows = [(d, days[d]) for d in (first + timedelta(n) for n in range((last - first).days + 1))]
    frame = pd.DataFrame(
        {
            "MinTemp": [w.t_min_c for _, w in rows],
            "MaxTemp": [w.t_max_c for _, w in rows],
            "Precipitation": [w.rain_mm for _, w in rows],
            "ReferenceET": [w.et0_mm for _, w in rows],
            "Date": pd.to_datetime([d for d, _ in rows]),
        }
    )
    fc, wp, sat, ksat = TEXTURES[case.texture]
    shift = chance.gauss(0, 0.02)
    span = (fc - wp) * max(0.6, chance.gauss(1, 0.10))
    wilts = max(0.02, wp + shift)
    full = min(sat - 0.01, wilts + span)
    soil = Soil("custom", dz=[0.1] * 12, cn=61, rew=9)
    soil.add_layer(1.2, wilts, full, sat, ksat, 100)
    start = chance.uniform(0.5, 1.0)
    theta = wilts + start * (full - wilts)
    model = AquaCropModel(
        f"{first:%Y/%m/%d}",
        f"{last:%Y/%m/%d}",
        frame,
        soil,
        Crop(case.crop.title(), planting_date=f"{first:%m/%d}"),
        InitialWaterContent(wc_type="Num", value=[theta]),
        IrrigationManagement(irrigation_method=5, AppEff=100 * EFFICIENCY, MaxIrr=MAX_MM),
    )
    model._initialize()
    model.weather_df = model.weather_df.iloc[:0]  # its values are kept apart
    return pickle.dumps(model), wilts, full


class Field:
    """A season under way. `line()` is this morning's; `give()` ends the day."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.days = weather_of(case)
        begun, self.wp, self.fc = _begun(case)
        self._model = pickle.loads(begun)
        self.on = case.planted_on
        self.given_mm: list[float] = []
        self.rain_mm = 0.0

    @property
    def over(self) -> bool:
        return bool(self._model._clock_struct.model_is_finished)

    @property
    def theta(self) -> Any:
        """m3/m3 by 0.1 m."""
        return self._model._init_cond.th

    def at_cm(self, depth_cm: int) -> float:
        """True water content where a probe sits."""
        theta = self.theta
        if depth_cm == 45:
            return float(theta[4])
        return float(theta[depth_cm // 10])

    def depletion_frac(self, root_m: float) -> float:
        """True depletion of true TAW over a depth, 0 full to 1; wetter than full counts 0."""
        whole, part = int(root_m * 10 + 1e-9), root_m * 10 - int(root_m * 10 + 1e-9)
        theta = self.theta
        weights = [1.0] * whole + ([part] if part > 1e-6 and whole < len(theta) else [])
        missing = sum(w * (self.fc - float(t)) for w, t in zip(weights, theta, strict=False))
        return max(0.0, min(1.0, missing / (sum(weights) * (self.fc - self.wp))))

    def hidden(self) -> tuple[float, float]:
        """(depletion of the crop's own root zone as a fraction of its TAW, its depth in m)."""
        state = self._model._init_cond
        root = max(0.3, float(state.z_root))
        return self.depletion_frac(min(1.2, root)), root

    def give(self, gross_mm: float) -> None:
        """Water this morning, live the day."""
        depth = max(0.0, min(MAX_MM, gross_mm))
        self._model._param_struct.IrrMngt.depth = depth
        self.rain_mm = self.days[self.on].rain_mm
        self._model.run_model(num_steps=1, initialize_model=False)
        self.given_mm.append(depth)
        self.on += timedelta(days=1)

    def yield_t_ha(self) -> float:
        """Dry yield at the end, or 0 before."""
        stats = self._model._outputs.final_stats
        column = next(c for c in stats.columns if "ry yield" in c)
        return float(stats[column].iloc[0]) if len(stats) else 0.0

    def profit(self) -> float:
        """$/ha."""
        return profit(
            self.case.crop, self.yield_t_ha(), sum(self.given_mm), sum(mm > 0 for mm in self.given_mm)
        )

    def branch(self) -> Field:
        """The same season from here, on its own."""
        return copy.deepcopy(self)


def profit(crop: str, dry_t_ha: float, water_mm: float, events: int) -> float:
    """$/ha: price x dry yield - 1 a mm - 2 an event."""
    return PRICES[crop] * dry_t_ha - water_mm - 2.0 * events


def day_weather(case: Case, on: date) -> Weather:
    """The day's weather."""
    return weather_of(case)[on]


def forecast(case: Case, on: date) -> list[dict[str, float]]:
    """Seven days from today, wrong about 15 % of days at day 1 and 60 % at day 7."""
    days = weather_of(case)
    found = []
    for ahead in range(FORECAST_DAYS):
        true = days.get(on + timedelta(days=ahead))
        if true is None:
            break
        chance = random.Random(f"forecast/{case.name}/{on}/{ahead}")
        rain = true.rain_mm
        wrong = 0.15 + 0.45 * ahead / 6
        if chance.random() < wrong:
            other = days.get(on + timedelta(days=chance.choice([-9, -5, -3, 3, 5, 9])))
            rain = other.rain_mm if other else 0.0
        spread = 0.5 + 0.4 * ahead
        found.append(
            {
                "rain_mm": round(rain * math.exp(chance.gauss(0, 0.25)), 1),
                "air_t_min_c": round(true.t_min_c + chance.gauss(0, spread), 1),
                "air_t_max_c": round(true.t_max_c + chance.gauss(0, spread), 1),
            }
        )
    return found

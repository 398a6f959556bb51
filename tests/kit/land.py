"""A simulated field, its weather with rain, and a season in which the advice is followed."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from fieldstation.advice.adviser import Advice, Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.domain.station import Device, Limits, Zone
from fieldstation.simulation.plot import Plot as Ground
from fieldstation.simulation.weather import WeatherDay, evaporative_demand_mm
from fieldstation.virtual_station.planting import live_day
from tests.kit.models import MODELS, twin

Line = dict[str, Any]
Change = Callable[[Line, int], Line]


@dataclass(frozen=True)
class Place:
    """A climate in five numbers, and what is grown there."""

    latitude_deg: float
    crop: str
    planted_on: date
    mean_c: float
    swing_c: float
    wet_days: float

    def weather(self, on: date, seed: int = 1) -> WeatherDay:
        chance = random.Random(f"{seed}/{self.latitude_deg}/{on}")
        season = math.cos(2 * math.pi * (on.timetuple().tm_yday - 205) / 365)
        mean = self.mean_c + self.swing_c * season + chance.gauss(0, 2)
        half = chance.uniform(3.5, 7.0)
        rain = round(chance.expovariate(1 / 7), 1) if chance.random() < self.wet_days else 0.0
        return WeatherDay(on, round(mean - half, 1), round(mean + half, 1), rain)

    def zone(self, **more: Any) -> dict[str, Any]:
        zone = {
            "soil": "loam",
            "crop": self.crop,
            "planted_on": self.planted_on,
            "area_m2": 10000,
            "max_depth_mm_per_day": 25,
            "application_efficiency_frac": 0.85,
            **more,
        }
        return {"latitude_deg": self.latitude_deg, "elevation_m": 20, "zone": zone}


WARM = Place(36.8, "tomato", date(2026, 4, 10), 18.0, 8.5, 0.10)
COOL = Place(55.2, "potato", date(2026, 4, 20), 9.0, 7.0, 0.05)


class Land:
    """The true field and the lines that a station would write about it."""

    def __init__(self, place: Place) -> None:
        self.place, self.plot = place, plot_from(place.zone())
        none = Device("none", "relay", None)
        zone = Zone(
            id="z",
            name="z",
            pump="p",
            valve=none,
            limits=Limits(14400, 2, 12, 1e9, 86400),
            area_m2=1.0,
            soil=self.plot.soil,
            crop=self.plot.crop,
            planted_on=place.planted_on,
            application_efficiency_frac=0.85,
            max_depth_mm_per_day=25.0,
            min_event_mm=1.0,
            water_from=time(0),
            water_until=time(0),
            probes=(),
        )
        self.chance = random.Random(5)
        self.ground = Ground(zone, 0.8, random.Random(5))
        self.on, self.given_mm, self.total_mm = place.planted_on, 0.0, 0.0

    def line(self) -> Line:
        past = self.place.weather(self.on - timedelta(days=1))
        coming = [self.place.weather(self.on + timedelta(days=n)) for n in range(5)]
        return {
            "on": self.on.isoformat(),
            "air_t_min_c": past.air_t_min_c,
            "air_t_max_c": past.air_t_max_c,
            "rh_mean_pct": round(self.chance.uniform(45, 80), 1),
            "rain_mm": past.rain_mm,
            "irrigated_mm": self.given_mm,
            "season_irrigated_mm": round(self.total_mm, 2),
            "soil": [
                {
                    "depth_cm": cm,
                    "vwc_frac": round(self.ground.column.theta(cm / 100) + self.chance.gauss(0, 0.005), 4),
                }
                for cm in (15, 45)
            ],
            "forecast": [
                {"rain_mm": d.rain_mm, "air_t_min_c": d.air_t_min_c, "air_t_max_c": d.air_t_max_c}
                for d in coming
            ],
        }

    def give(self, depth_mm: float) -> None:
        today = self.place.weather(self.on)
        self.ground.irrigate(depth_mm)
        live_day(
            self.ground, self.on, evaporative_demand_mm(today, self.place.latitude_deg, 20), today.rain_mm
        )
        self.given_mm, self.on = depth_mm, self.on + timedelta(days=1)
        self.total_mm += depth_mm


@dataclass
class Season:
    """What came of it, and the adviser as it stood on some mornings, with that morning's line."""

    answers: list[Advice] = field(default_factory=list)
    stood: dict[int, tuple[Adviser, Line]] = field(default_factory=dict)
    yield_t_ha: float = 0.0

    @property
    def water_mm(self) -> float:
        return sum(answer.choice.depth_mm for answer in self.answers)


def lived(place: Place, days: int, change: Change | None = None, keep_from: int | None = None) -> Season:
    """A season in which the advice is followed; `change` spoils lines."""
    land, adviser, found = Land(place), Adviser(plot_from(place.zone()), MODELS), Season()
    for day in range(days):
        line = land.line()
        if keep_from is not None and day >= keep_from:
            found.stood[day] = (twin(adviser), line)
        told = parse_line(line if change is None else change(copy.deepcopy(line), day), adviser.advised_mm)
        found.answers.append(adviser.advise(told))
        land.give(found.answers[-1].choice.depth_mm)
    found.yield_t_ha = land.ground.plant.yield_t_ha()
    return found

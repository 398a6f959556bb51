"""What a station sees of a field, under each condition; all chance from the case's name."""

from __future__ import annotations

import random
from collections import deque
from typing import Any

from tests.benchmarks.decisions.field import (
    EFFICIENCY,
    PROBES_CM,
    TEXTURES,
    Case,
    day_weather,
    forecast,
    season_days,
)
from tests.benchmarks.decisions.places import place

CONDITIONS = (
    "clean",
    "wrong texture",
    "biased probe",
    "stuck probe",
    "no probe",
    "blocked gauge",
    "no forecast",
    "patchy values",
    "days without power",
    "season water cap",
)
Line = dict[str, Any]


class View:
    """Makes the zone file's table and each morning's line. Nothing hidden passes through."""

    def __init__(self, case: Case, condition: str = "clean") -> None:
        self.case, self.condition = case, condition
        chance = random.Random(f"view/{case.name}")
        self.chance = chance
        bias = 0.02 if condition != "biased probe" else 0.06
        self.bias = {depth: chance.gauss(0, bias) for depth in PROBES_CM}
        if condition == "biased probe":
            self.bias = {depth: (0.06 if value > 0 else -0.06) for depth, value in self.bias.items()}
        self.knows_season = chance.random() < 0.5
        self.has_rh = chance.random() < 0.5
        self.event_day = chance.randrange(15, 60)
        self.dark = 0
        self.rain_mm = self.water_mm = self.season_mm = 0.0
        self.power_cuts = (
            {self.event_day + n * 25 for n in range(4)} if condition == "days without power" else set()
        )
        self.stuck: dict[int, float] = {}
        self.recent: deque[float] = deque(maxlen=3)

    def texture(self) -> str:
        """The class that the grower declares."""
        names = list(TEXTURES)
        if self.condition != "wrong texture":
            return self.case.texture
        index = names.index(self.case.texture)
        return names[index + 3] if index + 3 < len(names) else names[index - 3]

    def zone(self, cap_mm: float | None = None) -> dict[str, Any]:
        """The zone file as a table."""
        here = place(self.case.place)
        zone: dict[str, Any] = {
            "soil": self.texture(),
            "crop": self.case.crop,
            "planted_on": self.case.planted_on,
            "area_m2": 10000,
            "max_depth_mm_per_day": 25,
            "application_efficiency_frac": EFFICIENCY,
            "min_event_mm": 1,
        }
        if self.knows_season:
            zone["season_days"] = season_days(self.case.crop)
        if cap_mm is not None:
            zone["season_water_cap_mm"] = round(cap_mm, 1)
        return {"latitude_deg": here.latitude_deg, "elevation_m": here.elevation_m, "zone": zone}

    def line(self, field: Any, day: int) -> Line | None:
        """This morning's line, or None on a day without power."""
        case, chance = self.case, self.chance
        if self.dark == 0 and day in self.power_cuts:
            self.dark = 5
        on = field.on
        if day > 0:
            from datetime import timedelta

            past = day_weather(case, on - timedelta(days=1))
            rain = past.rain_mm
            if self.condition == "blocked gauge" and day > self.event_day:
                rain = 0.0
            self.rain_mm += round(rain, 1)
            self.water_mm += field.given_mm[-1]
            self.season_mm += field.given_mm[-1]
        if self.dark:
            self.dark -= 1
            return None
        line: Line = {"on": on.isoformat()}
        if day > 0:
            line["air_t_min_c"], line["air_t_max_c"] = round(past.t_min_c, 1), round(past.t_max_c, 1)
            dew = past.t_min_c + place(case.place).dew_offset_c
            line["rh_mean_pct"] = self._rh(past.t_min_c, past.t_max_c, dew) if self.has_rh else None
            line["rain_mm"] = round(self.rain_mm, 1)
            line["irrigated_mm"] = round(self.water_mm, 2)
        self.rain_mm = self.water_mm = 0.0
        line["season_irrigated_mm"] = round(self.season_mm, 2)
        line["soil"] = (
            []
            if self.condition == "no probe"
            else [{"depth_cm": depth, "vwc_frac": self._probe(field, depth, day)} for depth in PROBES_CM]
        )
        if self.condition != "no forecast":
            line["forecast"] = forecast(case, on)
        if self.condition == "patchy values":
            for key in ("air_t_min_c", "air_t_max_c", "rh_mean_pct", "rain_mm", "irrigated_mm"):
                if key in line and chance.random() < 0.2:
                    line[key] = None
            line["soil"] = [probe for probe in line["soil"] if chance.random() > 0.3]
        return line

    def _probe(self, field: Any, depth: int, day: int) -> float:
        value = field.at_cm(depth) + self.bias[depth] + self.chance.gauss(0, 0.008)
        value = float(round(max(0.0, value), 4))
        if self.condition == "stuck probe" and depth == PROBES_CM[0] and day >= self.event_day:
            return self.stuck.setdefault(depth, value)
        return value

    def _rh(self, low: float, high: float, dew: float) -> float:
        import math

        def pressure(t: float) -> float:
            return 0.6108 * math.exp(17.27 * t / (t + 237.3))

        value = 100 * pressure(dew) / ((pressure(low) + pressure(high)) / 2) + self.chance.gauss(0, 5)
        return round(min(100.0, max(5.0, value)), 1)

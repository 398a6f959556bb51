"""Foggia, Italy: tomato yields of nine years, and the soil water of five plots, judged by other years."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.water_balance import WaterBalance, next_morning, opened
from fieldstation.config.tables import crop
from fieldstation.domain.crop import fitted
from fieldstation.domain.soil import Soil
from tests.benchmarks.measured.replay import Replay, drying_scores
from tests.benchmarks.measured.rivals import ridge, rmse
from tests.benchmarks.measured.tables import number, table

LATITUDE_DEG, ELEVATION_M = 41.46, 76.0
EFFICIENCY = 0.9
BEGIN_DEPLETION_FRAC = 0.2
DEPTH_CM = 30
"""The source does not state it; the readings follow each watering and never reach the subsoil's calm."""
Weather = dict[str, dict[str, str]]


def run(data: Path) -> None:
    weather = {row["date"]: row for row in table(data / "weather_daily.csv")}
    water: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in table(data / "irrigation.csv"):
        water[row["plot_id"]][row["date"]] += float(row["irrigation_mm"])
    plots = table(data / "experiments.csv")
    _yields(data, plots, weather, water)
    _soil_water(data, plots, weather, water)


def _yields(data: Path, plots: list[dict[str, str]], weather: Weather, water: Any) -> None:
    grown: dict[str, list[float]] = defaultdict(list)
    for row in table(data / "yield.csv"):
        grown[row["plot_id"]].append(float(row["yield_total_t_ha"]))
    wanted = np.asarray([np.mean(grown[plot["plot_id"]]) for plot in plots])
    years = np.asarray([int(plot["year"]) for plot in plots])
    columns = {
        "water use by our account": [_water_use_mm(plot, weather, water[plot["plot_id"]]) for plot in plots],
        "water given": [sum(water[plot["plot_id"]].values()) for plot in plots],
        "mean": [0.0] * len(plots),
    }
    found = {}
    for name, column in columns.items():
        rows, guessed = np.asarray(column).reshape(-1, 1), np.zeros_like(wanted)
        for year in sorted(set(years)):
            out = years == year
            guessed[out] = ridge(rows[~out], wanted[~out], rows[out])
        found[name] = rmse(guessed - wanted)
    texts = ", ".join(f"{name} {value:.1f}" for name, value in found.items())
    print(f"Foggia tomato, leave one year out, RMSE t/ha: {texts}; {len(plots)} plot-seasons")


def _water_use_mm(plot: dict[str, str], weather: Weather, given: dict[str, float]) -> float:
    return sum(account.etc_mm for account in _accounts(plot, weather, given).values())


def _accounts(plot: dict[str, str], weather: Weather, given: dict[str, float]) -> dict[date, WaterBalance]:
    """The plain balance by morning, from the weather and the water given alone."""
    first, last = (date.fromisoformat(plot[key]) for key in ("transplant_date", "harvest_date"))
    tomato = fitted(crop("tomato"), (last - first).days)
    full, dry = float(plot["field_capacity_pct"]) / 100, float(plot["wilting_point_pct"]) / 100
    soil = Soil("own", full, dry, full + 0.13)
    account = opened(tomato, soil, 0, BEGIN_DEPLETION_FRAC)
    found = {}
    for day in range((last - first).days):
        on = first + timedelta(days=day)
        row = weather.get(str(on))
        if row is None:
            continue
        et0 = hargreaves_et0_mm(
            float(row["tmin_c"]), float(row["tmax_c"]), LATITUDE_DEG, on.timetuple().tm_yday
        )
        rain = number(row["precip_mm"])
        account = next_morning(
            account,
            tomato,
            soil,
            et0,
            0.0 if math.isnan(rain) else rain,
            EFFICIENCY * given.get(str(on), 0.0),
        )
        found[on + timedelta(days=1)] = account
    return found


def _soil_water(data: Path, plots: list[dict[str, str]], weather: Weather, water: Any) -> None:
    read: dict[str, dict[date, float]] = defaultdict(dict)
    for row in table(data / "soil_water_daily.csv"):
        read[row["plot_id"]][date.fromisoformat(row["date"])] = float(row["soil_water_content_pct"]) / 100
    replays = []
    for plot in plots:
        readings = read.get(plot["plot_id"])
        if not readings:
            continue
        given, full, dry = (
            water[plot["plot_id"]],
            float(plot["field_capacity_pct"]),
            float(plot["wilting_point_pct"]),
        )
        first, last = (date.fromisoformat(plot[key]) for key in ("transplant_date", "harvest_date"))
        zone = {
            "field_capacity_frac": full / 100,
            "wilting_point_frac": dry / 100,
            "crop": "tomato",
            "planted_on": first,
            "season_days": (last - first).days,
            "area_m2": 100,
            "max_depth_mm_per_day": 40,
            "application_efficiency_frac": EFFICIENCY,
        }
        accounts = _accounts(plot, weather, given)
        errors = [
            100 * ((full - account.depletion_frac * (full - dry)) / 100 - readings[on])
            for on, account in accounts.items()
            if on in readings
        ]
        offset = float(np.mean(errors))
        print(
            f"Foggia plot {plot['plot_id']} ({plot['year']}, {plot['irrigation_regime']}), soil water by the plain account: "
            f"RMSE {rmse(errors):.1f} vol %, {rmse(np.asarray(errors) - offset):.1f} without its offset of {offset:+.1f}; "
            f"readings {100 * min(readings.values()):.0f}-{100 * max(readings.values()):.0f}"
        )
        lines = []
        for on in sorted(accounts):
            past = weather[str(on - timedelta(days=1))]
            rain = number(past["precip_mm"])
            lines.append(
                {
                    "on": on.isoformat(),
                    "air_t_min_c": float(past["tmin_c"]),
                    "air_t_max_c": float(past["tmax_c"]),
                    "rain_mm": 0.0 if math.isnan(rain) else rain,
                    "irrigated_mm": given.get(str(on - timedelta(days=1)), 0.0),
                    "soil": [{"depth_cm": DEPTH_CM, "vwc_frac": readings[on]}] if on in readings else [],
                }
            )
        table_ = {"latitude_deg": LATITUDE_DEG, "elevation_m": ELEVATION_M, "zone": zone}
        replays.append(Replay(plot["year"], table_, lines))
    drying_scores("Foggia", replays)

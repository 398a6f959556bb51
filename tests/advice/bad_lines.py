"""Bad values, kind by kind, and what each is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.kit.land import Line


def fahrenheit(line: Line) -> Line:
    air = {key: round(line[key] * 1.8 + 32, 1) for key in ("air_t_min_c", "air_t_max_c")}
    return {**line, **air}


def probes(change: Callable[[float], Any]) -> Callable[[Line], Line]:
    return lambda line: {**line, "soil": [{**p, "vwc_frac": change(p["vwc_frac"])} for p in line["soil"]]}


def first_probe(change: Callable[[float], Any]) -> Callable[[Line], Line]:
    return lambda line: {
        **line,
        "soil": [{**line["soil"][0], "vwc_frac": change(line["soil"][0]["vwc_frac"])}, line["soil"][1]],
    }


def setting(**more: Any) -> Callable[[Line], Line]:
    return lambda line: {**line, **more}


def without(*keys: str) -> Callable[[Line], Line]:
    return lambda line: {key: value for key, value in line.items() if key not in keys}


AIR, SOIL, TOTAL = without("air_t_min_c", "air_t_max_c"), without("soil"), without("season_irrigated_mm")


@dataclass(frozen=True)
class Bad:
    code: str
    spoil: Callable[[Line], Line]
    absent: Callable[[Line], Line]


KINDS = {
    "fahrenheit": Bad("air_", fahrenheit, AIR),
    "kelvin": Bad(
        "air_impossible",
        lambda li: {**li, **{key: li[key] + 273.15 for key in ("air_t_min_c", "air_t_max_c")}},
        AIR,
    ),
    "warmest above 57": Bad("air_impossible", setting(air_t_max_c=61.0), AIR),
    "a night of 40": Bad("air_impossible", setting(air_t_min_c=40.0, air_t_max_c=45.0), AIR),
    "colder than the place": Bad("air_impossible", setting(air_t_min_c=-39.0, air_t_max_c=-20.0), AIR),
    "too wide a day": Bad("air_impossible", setting(air_t_min_c=-2.0, air_t_max_c=45.0), AIR),
    "reversed air": Bad(
        "air_reversed",
        lambda li: {**li, "air_t_min_c": li["air_t_max_c"], "air_t_max_c": li["air_t_min_c"]},
        AIR,
    ),
    "air is a word": Bad("air_impossible", setting(air_t_min_c="16.1"), AIR),
    "air is true": Bad("air_impossible", setting(air_t_max_c=True), AIR),
    "air is not a number": Bad("air_impossible", setting(air_t_max_c=float("nan")), AIR),
    "air is endless": Bad("air_impossible", setting(air_t_max_c=float("inf")), AIR),
    "air has 400 digits": Bad("air_impossible", setting(air_t_max_c=10**400), AIR),
    "humidity as a fraction": Bad("humidity_impossible", setting(rh_mean_pct=0.55), without("rh_mean_pct")),
    "humidity of 400": Bad("humidity_impossible", setting(rh_mean_pct=400), without("rh_mean_pct")),
    "negative rain": Bad("rain_impossible", setting(rain_mm=-4.0), without("rain_mm")),
    "rain of 3 m": Bad("rain_impossible", setting(rain_mm=3000), without("rain_mm")),
    "rain is a word": Bad("rain_impossible", setting(rain_mm="12"), without("rain_mm")),
    "negative water": Bad("irrigation_impossible", setting(irrigated_mm=-10.0), without("irrigated_mm")),
    "water of 300 mm": Bad("irrigation_impossible", setting(irrigated_mm=300.0), without("irrigated_mm")),
    "water of 5 m": Bad("irrigation_impossible", setting(irrigated_mm=5000.0), without("irrigated_mm")),
    "the season's water falls": Bad("season_total_fell", setting(season_irrigated_mm=0.0), TOTAL),
    "the season's water leaps": Bad("season_total_disagrees", setting(season_irrigated_mm=9000.0), TOTAL),
    "the season's water disagrees": Bad(
        "season_total_disagrees",
        lambda li: {**li, "season_irrigated_mm": li["season_irrigated_mm"] + 40},
        TOTAL,
    ),
    "negative season's water": Bad("irrigation_impossible", setting(season_irrigated_mm=-1), TOTAL),
    "percent": Bad("soil_in_percent", probes(lambda v: v * 100), SOIL),
    "percent below one": Bad("soil_in_percent", probes(lambda v: 0.85), SOIL),
    "more than a hundred": Bad("soil_impossible", probes(lambda v: 250.0), SOIL),
    "negative soil": Bad("soil_impossible", probes(lambda v: -v), SOIL),
    "soil is a word": Bad("soil_impossible", probes(str), SOIL),
    "soil is no list": Bad("soil_impossible", setting(soil={"15": 0.2}), SOIL),
    "probes at zero": Bad("probe_drier_than_air", probes(lambda v: 0.0), SOIL),
    "one probe at zero": Bad(
        "probe_drier_than_air", first_probe(lambda v: 0.0), lambda li: {**li, "soil": li["soil"][1:]}
    ),
    "one probe in percent": Bad(
        "soil_in_percent", first_probe(lambda v: v * 100), lambda li: {**li, "soil": li["soil"][1:]}
    ),
    "the same depth twice": Bad(
        "soil_depth_twice",
        lambda li: {**li, "soil": [*li["soil"], {"depth_cm": 15, "vwc_frac": 0.1}]},
        lambda li: li,
    ),
    "a depth in metres": Bad(
        "soil_impossible",
        lambda li: {**li, "soil": [{**p, "depth_cm": p["depth_cm"] / 100} for p in li["soil"]]},
        SOIL,
    ),
    "a new depth": Bad(
        "probe_new_depth",
        lambda li: {**li, "soil": [*li["soil"], {"depth_cm": 80, "vwc_frac": 0.2}]},
        lambda li: li,
    ),
    "probes swapped": Bad(
        "probes_swapped",
        lambda li: {
            **li,
            "soil": [
                {"depth_cm": a["depth_cm"], "vwc_frac": b["vwc_frac"]}
                for a, b in zip(li["soil"], reversed(li["soil"]), strict=True)
            ],
        },
        SOIL,
    ),
    "negative rain to come": Bad(
        "forecast_impossible", setting(forecast=[{"rain_mm": -5}]), without("forecast")
    ),
    "forecast is a word": Bad("forecast_impossible", setting(forecast="rain"), without("forecast")),
    "forecast in fahrenheit": Bad(
        "forecast_impossible",
        lambda li: {**li, "forecast": [fahrenheit(day) for day in li["forecast"]]},
        without("forecast"),
    ),
}
GOES_ON = [
    "fahrenheit",
    "kelvin",
    "too wide a day",
    "reversed air",
    "air has 400 digits",
    "humidity as a fraction",
    "negative rain",
    "negative water",
    "water of 300 mm",
    "negative season's water",
    "percent",
    "percent below one",
    "soil is no list",
    "probes at zero",
    "one probe at zero",
    "one probe in percent",
    "the same depth twice",
    "forecast in fahrenheit",
]

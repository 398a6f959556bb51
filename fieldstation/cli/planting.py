"""`fieldstation season`: which planting date promises most, in the station's climate."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from fieldstation.cli.weather import add_weather, read_weather
from fieldstation.domain.errors import ConfigError, Problem, StationError

YEARS_MAX = 40


def add(commands: Any) -> None:
    """Add this room's command."""
    season = commands.add_parser(
        "season",
        help="when to plant: expected yield and water for each date",
        description="Live a season from each candidate date in each year of the climate, watered by the station's own rules, and print yield and water with their spread.",
        epilog="Example: fieldstation season --crop tomato --from 2027-03-01 --to 2027-06-01",
    )
    season.add_argument("--crop", required=True, help="a crop of fieldstation/agronomy/crops")
    season.add_argument("--soil", default="loam", help="USDA texture class (default loam)")
    season.add_argument("--latitude", type=float, default=37.0, help="degrees, south negative (default 37)")
    season.add_argument("--elevation", type=float, default=100.0, help="metres (default 100)")
    season.add_argument("--from", dest="first", help="first date, 2027-03-01 (default: 1 March)")
    season.add_argument("--to", dest="last", help="last date (default: 1 July)")
    season.add_argument("--every", type=int, default=14, help="days between dates (default 14)")
    season.add_argument("--years", type=int, default=12, help="generated years, without a file (default 12)")
    season.add_argument("--seed", type=int, default=1, help="chance of field and weather (default 1)")
    season.add_argument("--json", action="store_true", help="print one JSON object")
    add_weather(season)
    season.set_defaults(run=run_season, climate="mediterranean")


def run_season(args: argparse.Namespace) -> int:
    """Print the prospects of every date, and the best."""
    from fieldstation.config.demo import season_toml
    from fieldstation.config.load import resolve
    from fieldstation.simulation.generator import generate
    from fieldstation.virtual_station.planting import best, prospects

    first, last = _date("--from", args.first, date(2027, 3, 1)), _date("--to", args.last, date(2027, 7, 1))
    if not 1 <= args.every <= 120 or not 1 <= args.years <= YEARS_MAX or not 0 <= (last - first).days <= 366:
        raise StationError(
            f"--every must lie in 1 to 120, --years in 1 to {YEARS_MAX}, --to within a year after --from"
        )
    station = resolve(
        season_toml(
            crop=args.crop,
            planted_on=first,
            zones=1,
            seed=args.seed,
            latitude_deg=args.latitude,
            elevation_m=args.elevation,
            timezone="UTC",
            soil=args.soil,
            max_depth_mm_per_day=25,
        ),
        "season",
    )
    if args.weather:
        climate = [read_weather(args.weather, args.weather_columns)]
    else:
        climate = [
            generate(args.climate, args.seed * 1000 + number, date(first.year, 1, 1), 800, args.latitude)
            for number in range(args.years)
        ]
    dates = [first + timedelta(days=days) for days in range(0, (last - first).days + 1, args.every)]
    found = prospects(station.zones[0], climate, dates, args.latitude, args.elevation, args.seed)
    choice = best(found)
    if args.json:
        plain = [
            {**asdict(one), "plant_on": str(one.plant_on), "harvest_on": str(one.harvest_on)} for one in found
        ]
        print(json.dumps({"crop": args.crop, "dates": plain, "best": str(choice.plant_on)}))
        return 0
    print(
        f"{args.crop} on {args.soil}: yield t/ha dry and water mm, as p10 / p50 / p90 over {found[0].years} seasons"
    )
    for one in found:
        y, w = one.yield_t_ha, one.water_mm
        mark = "  <- best in bad years, least water among equals" if one is choice else ""
        frost = f", {one.frost_days:.0f} frost days" if one.frost_days >= 0.5 else ""
        print(
            f"{one.plant_on:%d %b} to {one.harvest_on:%d %b}: {y[0]:5.1f} / {y[1]:5.1f} / {y[2]:5.1f}"
            f"   {w[0]:4.0f} / {w[1]:4.0f} / {w[2]:4.0f}{frost}{mark}"
        )
    print("Cold slows growth and a hard frost kills warm crops here; pests, heat and prices are not in it.")
    return 0


def _date(option: str, text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError([Problem(option, f"{text!r} is no date", "write it as 2027-03-01")]) from None

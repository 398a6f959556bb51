"""Commands about whole stations: demo, run, simulate, check."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation.cli.options import DEMO_DATA, add_places, config_of, places_of, usable
from fieldstation.cli.weather import add_weather, read_weather
from fieldstation.config.load import load, resolve
from fieldstation.domain.errors import ConfigError, Problem, StationError
from fieldstation.domain.station import Station
from fieldstation.wire.places import Places

PLACES = {
    "maricopa": (33.08, 361.0, "America/Phoenix"),
    "foggia": (41.46, 76.0, "Europe/Rome"),
    "station": (37.0, 100.0, "Europe/Madrid"),
}
SEASON_DAYS_MAX = 400


def add(commands: Any) -> None:
    """Add this room's commands."""
    demo = commands.add_parser(
        "demo",
        help="the whole station on this machine, over a simulated field",
        description="Fill a record with a simulated past, then run field, guard, controller and page in real time. Started again, it goes on with its accounts and its record.",
        epilog="Example: fieldstation demo --port 8080",
    )
    demo.add_argument(
        "--host", default="127.0.0.1", help="address of the page; 0.0.0.0 serves the farm's network"
    )
    demo.add_argument("--port", type=int, default=8080, help="port of the page (default 8080)")
    demo.add_argument("--data", type=Path, default=DEMO_DATA, help="data folder (default ./demo-data)")
    demo.add_argument(
        "--fresh",
        action="store_true",
        help="begin anew: the accounts and the record that are there are erased",
    )
    demo.add_argument("--seed", type=int, default=1, help="chance of field and weather (default 1)")
    demo.add_argument("--history-days", type=int, default=45, help="days of simulated past (default 45)")
    add_weather(demo)
    demo.set_defaults(run=run_demo)
    run = commands.add_parser(
        "run",
        help="guard, controller and page on this machine, as one command",
        description="Start every process of a configured station and keep them running. On a Pi, systemd does this.",
        epilog="Example: fieldstation run --config station.toml --data ./data",
    )
    add_places(run)
    run.add_argument(
        "--host", default="127.0.0.1", help="address of the page; 0.0.0.0 serves the farm's network"
    )
    run.add_argument("--port", type=int, default=8080, help="port of the page (default 8080)")
    run.set_defaults(run=run_run)
    simulate = commands.add_parser(
        "simulate",
        help="a whole season in seconds",
        description="Run station and field on a virtual clock and print what came of it.",
        epilog="Example: fieldstation simulate --days 150 --crop maize",
    )
    simulate.add_argument("--days", type=int, default=150, help="days to live (default 150)")
    simulate.add_argument("--crop", default="maize", help="a crop's name (default maize)")
    simulate.add_argument("--zones", type=int, default=1, help="equal zones, 1 to 8 (default 1)")
    simulate.add_argument("--soil", default="loam", help="USDA texture (default loam)")
    simulate.add_argument(
        "--from",
        dest="first",
        help="first day, the day of planting (default: the file's first, else 15 April)",
    )
    simulate.add_argument("--fault", help="a fault's name, with a target as NAME:TARGET")
    simulate.add_argument("--seed", type=int, default=1, help="chance of field and weather (default 1)")
    simulate.add_argument("--config", type=Path, help="a station.toml to live instead")
    simulate.add_argument("--json", action="store_true", help="print one JSON object")
    add_weather(simulate)
    simulate.set_defaults(run=run_simulate, climate="mediterranean")
    check = commands.add_parser(
        "check",
        help="read a station.toml and print the station, or every error at once",
        description="Read a configuration and print what it means, defaults included, or every error at once.",
        epilog="Example: fieldstation check station.toml",
    )
    check.add_argument("file", type=Path, nargs="?", help="station.toml")
    check.add_argument(
        "--reference", action="store_true", help="print every key with its limits, as Markdown"
    )
    check.add_argument("--schema", action="store_true", help="print the JSON Schema of station.toml")
    check.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """Print the resolved station, or every problem."""
    from fieldstation.config import reference
    from fieldstation.config.render import render

    if args.reference or args.schema:
        print(reference.page() if args.reference else json.dumps(reference.schema(), indent=1), end="")
        return 0
    if args.file is None:
        raise StationError("give a station.toml to check")
    try:
        station = load(args.file)
        print(render(station))
        _note_what_is_lacking(station)
        problems = [
            Problem(f"[sensor.{one.id}]", one.cause, "mend that file; all else runs without it")
            for one in station.broken
        ]
    except ConfigError as error:
        problems = error.problems
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} to mend.")
    return int(bool(problems))


def _note_what_is_lacking(station: Station) -> None:
    """A configuration for real pins may well be checked elsewhere, so what this machine lacks is no problem of it."""
    from fieldstation.drivers.pins.this_machine import lacking
    from fieldstation.wire.clock import SystemClock

    lacks = lacking(station.sensors, SystemClock()) if station.pins == "pi" else []
    for cause in lacks:
        print(f"note: on this machine {cause}")
    if lacks:
        print("Notes matter only where the station itself runs.")


def run_run(args: argparse.Namespace) -> int:
    """Supervise a configured station."""
    from fieldstation.cli.supervise import supervise

    places = places_of(args)
    config = config_of(args, places)
    station = load(config)
    usable(places)
    return supervise(station, places, config, host=args.host, port=args.port)


def run_demo(args: argparse.Namespace) -> int:
    """Prepare a past, or go on with the one that is there; then supervise the demo."""
    from fieldstation.cli.supervise import port_free, supervise
    from fieldstation.virtual_station.demo_folder import Made, open_demo, refuse_foreign

    if not 1 <= args.history_days <= 90:
        raise StationError("--history-days must lie in 1 to 90")
    places = Places.under(args.data.resolve())
    port_free(args.host, args.port)
    refuse_foreign(places.data)
    usable(places)
    file = str(args.weather.resolve()) if args.weather else None
    wanted = Made(args.seed, args.history_days, args.climate, file, args.weather_columns)
    sky = read_weather(args.weather, args.weather_columns) if args.weather else None
    try:
        station, config, made = open_demo(places, wanted, sky, fresh=args.fresh, say=_say)
    except KeyboardInterrupt:
        _say("Interrupted. The next start begins where this one did.")
        raise
    extra = ["--climate", made.climate]
    if made.weather:
        extra += ["--weather", made.weather, "--weather-columns", made.weather_columns]
    return supervise(station, places, config, host=args.host, port=args.port, field_options=extra)


def _say(text: str) -> None:
    print(text, flush=True)


def run_simulate(args: argparse.Namespace) -> int:
    """Live a season and print its sums."""
    from fieldstation.config.demo import season_toml
    from fieldstation.simulation.faults import checked
    from fieldstation.simulation.generator import generate
    from fieldstation.virtual_station.run import describe_result, simulate

    if not 1 <= args.days <= SEASON_DAYS_MAX or not 1 <= args.zones <= 8:
        raise StationError(f"--days must lie in 1 to {SEASON_DAYS_MAX}, --zones in 1 to 8")
    weather = read_weather(args.weather, args.weather_columns) if args.weather else None
    first = _first(args.first) or (min(weather.days) if weather else date(2026, 4, 15))
    if args.config:
        station = load(args.config)
    else:
        latitude, elevation, zone = PLACES[args.weather_columns]
        station = resolve(
            season_toml(
                crop=args.crop,
                planted_on=first,
                zones=args.zones,
                seed=args.seed,
                latitude_deg=latitude,
                elevation_m=elevation,
                timezone=zone,
                soil=args.soil,
            ),
            "simulate",
        )
    days = args.days
    if weather is None:
        weather = generate(args.climate, args.seed, first - timedelta(days=2), days + 5, station.latitude_deg)
    else:
        for on in (first, first + timedelta(days=days)):
            weather.day(on)
    start_at = datetime.combine(first, time(), ZoneInfo(station.timezone)).astimezone(UTC)
    fault = None
    if args.fault:
        name, _, target = args.fault.partition(":")
        checked_fault, checked_target = checked(station, name, target or None)
        fault = (checked_fault.value, checked_target)
    result = simulate(
        station, weather, start_at=start_at, days=days, seed=args.seed, available_frac=0.8, fault=fault
    )
    print(json.dumps(result) if args.json else describe_result(result))
    return 1 if result["safety_rules_broken"] else 0


def _first(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError([Problem("--from", f"{text!r} is no date", "write it as 2026-04-15")]) from None

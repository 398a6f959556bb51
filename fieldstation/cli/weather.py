"""Weather for simulated fields: a file's, or made by chance."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.station import Station
from fieldstation.simulation.generator import CLIMATES, generate
from fieldstation.simulation.weather import Weather, repeated
from fieldstation.simulation.weather_file import COLUMNS, parse

MAX_BYTES = 20 << 20
AHEAD_DAYS = 800


def add_weather(parser: argparse.ArgumentParser) -> None:
    """Add --weather, --weather-columns and --climate."""
    parser.add_argument(
        "--weather",
        type=Path,
        help="daily CSV: on,air_t_min_c,air_t_max_c,rain_mm[,rh_mean_pct,wind_m_s,radiation_mj_m2]",
    )
    parser.add_argument(
        "--weather-columns",
        choices=sorted(COLUMNS),
        default="station",
        help="whose column names the file has",
    )
    parser.add_argument(
        "--climate", choices=sorted(CLIMATES), default="semi_arid_warm", help="kind of weather without a file"
    )


def read_weather(path: Path, columns: str) -> Weather:
    """The weather of a file. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ConfigError([Problem(str(path), "is larger than 20 MB", "this is no daily weather")])
        return parse(data.decode("utf-8-sig"), path.name, columns)
    except OSError as error:
        raise ConfigError(
            [Problem(str(path), f"cannot be read ({error.strerror})", "check name and owner")]
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(str(path), "is not UTF-8 text", "save it as CSV in UTF-8")]) from error


def weather_of(args: argparse.Namespace, station: Station) -> Weather:
    """The weather that the options name, as seen from today. A file that has ended is moved to this year's dates."""
    seed = station.field.seed if station.field else 1
    today = datetime.now(UTC).date()
    first = min((zone.planted_on for zone in station.zones), default=today) - timedelta(days=60)
    days = max(AHEAD_DAYS, (today - first).days + AHEAD_DAYS)
    if args.weather:
        return repeated(read_weather(args.weather, args.weather_columns), first, days)
    return generate(args.climate, seed, first, days, station.latitude_deg)

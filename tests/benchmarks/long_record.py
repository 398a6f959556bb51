"""A ten-year-old record in seconds: roll-ups, runs, decisions and events put in row by row, no simulation."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.config.load import resolve
from fieldstation.domain.decision import Decision, Event, Reason, Rung
from fieldstation.domain.forecast import Quantiles, SoilForecast, ZoneForecast
from fieldstation.domain.learned import Harvest, planting_of
from fieldstation.domain.reading import Quantity, Reading
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Station
from fieldstation.store.instant import to_ms
from fieldstation.store.record import Record
from fieldstation.store.tables.rounds import Series
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.season_station import season_text

HOUR_MS = 3_600_000
SOIL = (0.16, 0.30)


def station(now: datetime, zones: int = 4) -> Station:
    """Four zones of two probes each, air and rain: eleven series; a crop that was planted 90 days ago."""
    return resolve(season_text(now.date() - timedelta(days=90), zones=zones), "long record")


def make(path: Path, years: int, now: datetime, zones: int = 4) -> Station:
    """Write the record; the station it is of."""
    made = station(now, zones)
    prepare(path, now)
    _fill(path, made, years, now)
    tz = ZoneInfo(made.timezone)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT OR IGNORE INTO boot (id, boot_id) VALUES (1, 'long')")
        names = series_of(made)
        connection.executemany(
            "INSERT OR IGNORE INTO series VALUES (?, ?, ?)",
            [(number, sensor, quantity.value) for number, (sensor, quantity) in enumerate(names, 1)],
        )
        begin = to_ms(now) // HOUR_MS * HOUR_MS - years * 365 * 24 * HOUR_MS
        rows = [
            list(_hours(number, quantity, begin, to_ms(now))) for number, (_, quantity) in enumerate(names, 1)
        ]
        connection.executemany(
            "INSERT OR REPLACE INTO hourly VALUES (?, ?, 1, ?, ?, ?, ?, ?)",
            sorted(row for one in rows for row in one),  # as the controller writes them: by the clock
        )
        connection.executemany(
            "INSERT OR REPLACE INTO daily VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)", _days(rows, tz)
        )
    connection.close()
    return made


def series_of(made: Station) -> list[Series]:
    """Every series of the station."""
    soil = [(probe.device.id, Quantity.SOIL_WATER) for zone in made.zones for probe in zone.probes]
    return [*soil, ("air", Quantity.AIR_T), ("air", Quantity.AIR_RH), ("rain", Quantity.RAIN)]


def _hours(
    number: int, quantity: Quantity, begin: int, end: int
) -> Iterator[tuple[int, int, int, float, float, float, float]]:
    chance = random.Random(number)
    level = 0.28
    for at in range(begin, end, HOUR_MS):
        hour = at // HOUR_MS
        warm = math.sin(hour / 24 * math.tau) + 1.5 * math.sin(hour / 8766 * math.tau)
        if quantity is Quantity.RAIN:
            value = chance.choice((0.4, 1.2, 3.6)) if chance.random() < 0.015 else 0.0
            yield at, number, 60, 0.0, value, value, 0.0
            continue
        if quantity is Quantity.SOIL_WATER:
            level = SOIL[1] if level < SOIL[0] else level - 0.0004 * (1 + 0.5 * warm)
            value, width = level + chance.gauss(0, 0.0008), 0.003
        elif quantity is Quantity.AIR_T:
            value, width = 18 + 6 * warm + chance.gauss(0, 0.4), 0.7
        else:
            value, width = 0.6 - 0.1 * warm, 0.02
        low, high = _short(value - width), _short(value + width)
        yield at, number, 60, low, high, 60 * value, _short(value)


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _days(
    hours: list[list[tuple[int, int, int, float, float, float, float]]], tz: ZoneInfo
) -> Iterator[tuple[object, ...]]:
    for rows in hours:
        day: dict[str, list[tuple[int, int, int, float, float, float, float]]] = {}
        for row in rows:
            on = datetime.fromtimestamp(row[0] / 1000, tz).date().isoformat()
            day.setdefault(on, []).append(row)
        for on, found in day.items():
            yield (
                found[0][1],
                on,
                sum(r[2] for r in found),
                min(r[3] for r in found),
                max(r[4] for r in found),
                sum(r[5] for r in found),
                found[-1][6],
                (1 << 24) - 1,
            )


def _fill(path: Path, made: Station, years: int, now: datetime) -> None:
    tz = ZoneInfo(made.timezone)
    record = Record.open(path, "long")
    first = now.date() - timedelta(days=365 * years)
    try:
        with record.bulk(tz):
            record.add_round(
                now - timedelta(minutes=5), 1.0, True, [_reading(series, now) for series in series_of(made)]
            )
            for zone in made.zones:
                record.add_planting(planting_of(zone))
                record.add_harvest(Harvest(zone.id, zone.planted_on - timedelta(days=40), 9.1))
                for number in range(365 * years):
                    on = first + timedelta(days=number)
                    at = datetime.combine(on, time(5), tz).astimezone(UTC)
                    watered = number % 5 == 0
                    if number >= 365 * years - 1100:
                        record.add_decision(_decision(zone.id, at, watered))
                        record.add_decision(_decision(zone.id, at + timedelta(hours=12), False))
                    if watered:
                        id, end = f"{zone.id}-{number}", at + timedelta(minutes=25)
                        run = Run(id, number, zone.id, "auto", at, end, 1500.0, 1240.0, True, Code.DONE)
                        record.add_run(run, 1240.0 / zone.area_m2)
                    if number % 40 == 0:
                        record.add_event(Event("water_refused", at, True, zone.id, {"code": "tank_low"}))
    finally:
        record.close()


def _reading(series: Series, now: datetime) -> Reading:
    from fieldstation.domain.reading import Quality

    sensor, quantity = series
    return Reading(sensor, quantity, 0.2, Quality.GOOD, now - timedelta(minutes=5), 1.0)


def _decision(zone: str, at: datetime, watered: bool) -> Decision:
    """As large as a real one: about three thousand bytes."""
    range_ = Quantiles(0.2, 0.21, 0.22)
    forecast = ZoneForecast(
        zone,
        at,
        "base-1",
        tuple(SoilForecast(hours, range_) for hours in range(3, 171, 6)),
        range_,
        range_,
        None,
        (),
        (),
    )
    return Decision(
        id=f"{zone}-{to_ms(at)}",
        zone=zone,
        at=at,
        clock_trusted=True,
        rung=Rung.LEARNED,
        reason=Reason.REFILL_LINE_REACHED if watered else Reason.ENOUGH_WATER,
        values={"depletion_mm": 41.0, "line_mm": 40.0} if watered else {"days_left": 2.2},
        depth_mm=6.2 if watered else 0.0,
        run_s=1500.0 if watered else 0.0,
        start_at=at if watered else None,
        expected_at=None,
        expected_run_s=None,
        depletion_mm=41.0,
        taw_mm=90.0,
        dry_frac=0.17,
        full_frac=0.29,
        forecast=forecast,
        model="base-1",
    )


def size(path: Path) -> str:
    """What the record holds, in a line."""
    connection = sqlite3.connect(path)
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("hourly", "daily", "run", "decision", "event")
    }
    connection.close()
    return f"{path.stat().st_size / 1e6:.0f} MB, " + ", ".join(
        f"{n:,} {table}" for table, n in counts.items()
    )


def local_today(made: Station, now: datetime) -> date:
    """The station's date."""
    return now.astimezone(ZoneInfo(made.timezone)).date()

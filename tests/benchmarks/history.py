"""What the History screen costs with ten years on record.

Run `python -m tests.benchmarks.history` from the project's root; `--years 3` makes a smaller one.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Station
from fieldstation.page.app import create_app
from fieldstation.page.history.data import SPANS
from fieldstation.store.history.grid import days, hours, months
from fieldstation.store.history.reader import PastReader
from fieldstation.wire.places import Places
from tests.benchmarks.long_record import local_today, make, series_of, size

TIMES = 25
THREE_YEARS = f"/api/v1/series?from={datetime.now(UTC).date() - timedelta(days=1095)}"
DATA = [
    "/api/v1/series?span=7d",
    "/api/v1/series?span=year",
    THREE_YEARS,
    f"{THREE_YEARS}&quantity=air_t",
    "/api/v1/runs?span=all",
    "/history.csv?span=7d",
]


def ms(what: Callable[[], Any]) -> float:
    """Median milliseconds of this thread's own work on `what`, once warm: neighbours on the machine do not count."""
    what()
    took = []
    for _ in range(TIMES):
        began = time.thread_time()
        what()
        took.append(time.thread_time() - began)
    return median(took) * 1000


def queries(path: Path, station: Station, now: datetime) -> None:
    """The record alone: what each span asks of it."""
    zone = station.zones[0]
    today = local_today(station, now)
    soil = [(probe.device.id, Quantity.SOIL_WATER) for probe in zone.probes]
    shown = [*soil, ("air", Quantity.AIR_T), ("rain", Quantity.RAIN)]
    three, ten = today - timedelta(days=1095), date(today.year - 10, today.month, 1)
    with PastReader(path) as reader:
        grids = {
            "24 h by the hour": hours(now - timedelta(hours=23), 24),
            "7 d by the hour": hours(now - timedelta(hours=167), 168),
            "30 d by three hours": hours(now - timedelta(hours=719), 240, 3),
            "season by the day": days(today - timedelta(days=125), today),
            "year by the day": days(today - timedelta(days=364), today),
            "3 years by the day": days(three, today),
            "10 years by the month": months(ten, today),
        }
        print(f"{'':28}one series   the screen's {len(shown)}")
        for name, grid in grids.items():
            one = ms(partial(reader.tracks, soil[:1], grid))
            print(f"  {name:26}{one:7.2f} ms   {ms(partial(reader.tracks, shown, grid)):7.2f} ms")
        ago, month = now - timedelta(days=3650), now - timedelta(days=30)
        print(f"  {'runs of 10 years':26}{ms(partial(reader.given, zone.id, ago, now)):7.2f} ms")
        print(f"  {'decisions of 30 d':26}{ms(partial(reader.past_decisions, zone.id, month, now)):7.2f} ms")
        print(f"  {'first day':26}{ms(partial(reader.first_day, series_of(station))):7.2f} ms")


def screens(places: Places, station: Station) -> None:
    """Whole answers, as a browser asks for them, with their bytes on the wire."""
    client = create_app(station, places).test_client()
    squeezed = {"Accept-Encoding": "gzip"}
    for address in [f"/history?span={span}" for span in SPANS] + DATA:
        size_b = len(client.get(address, headers=squeezed).data)
        took = ms(partial(client.get, f"{address}&lang=en", headers=squeezed))
        print(f"  {address:58}{took:7.1f} ms   {size_b / 1000:6.1f} KB gz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=10)
    years = parser.parse_args().years
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        places = Places.under(Path(folder))
        began = time.perf_counter()
        station = make(places.record, years, now)
        print(f"record of {years} years: {size(places.record)}; made in {time.perf_counter() - began:.0f} s")
        queries(places.record, station, now)
        screens(places, station)


if __name__ == "__main__":
    main()

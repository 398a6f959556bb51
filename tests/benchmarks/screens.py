"""What every screen costs with ten years on record, to a technician who is signed in: the application's own work.

Run `nice -n 5 python -m tests.benchmarks.screens` from the project's root; `--years 3` makes a smaller record,
`--profile /history?span=all` says where one screen's time goes.

Each answer is drawn anew, as after the picture changed; guard and controller are asked for it. `first` is the longest
wait: a process that has just begun, or the look into the record that is due every half minute. Milliseconds of the
answering thread's own work, so neighbours on the machine do not count; a Pi 4 takes some five times as long.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from fieldstation.domain.station import Station
from fieldstation.page.app import create_app
from fieldstation.page.history.data import SPANS
from fieldstation.store.tables.people import add_audit
from fieldstation.wire.places import Places
from tests.benchmarks.long_record import make, size
from tests.kit.office import people, signed_in
from tests.kit.page_bench import guard_status, snapshot
from tests.kit.page_bench import zone as seen
from tests.kit.peers import Peer

TIMES = 15
BUDGET_MS = 20.0
AUDIT_ENTRIES_A_YEAR = 500
NOT_SCREENS = ("/static/", "/api/", "/pulse", "/healthz", "/sign-in", "/set-up", "/history")
FILES = (".csv", ".json", "/record/file")
SQUEEZED = {"Accept-Encoding": "gzip"}


def addresses(app: Flask, station: Station) -> list[str]:
    """Every screen that a technician may open, from the application's own routes, and History by its spans."""
    zone = station.zones[0]
    filled = {"<zone>": zone.id, "<sensor>": zone.probes[0].device.id}
    found = []
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in (rule.methods or ())
            or rule.rule.startswith(NOT_SCREENS)
            or rule.rule.endswith(FILES)
        ):
            continue
        address = rule.rule
        for name, value in filled.items():
            address = address.replace(name, value)
        if "<" not in address:  # the pages of one commissioning visit need one
            found.append(address)
    history = [f"/history?span={span}" for span in SPANS]
    return [*found, *history, "/history?span=all&view=table", f"/history/season?planted_on={zone.planted_on}"]


@contextmanager
def lived(years: int) -> Iterator[tuple[Flask, FlaskClient, Station, str]]:
    """A station of so many years with guard and controller beside it, and a technician's client."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        places = Places.under(Path(folder))
        station = make(places.record, years, now)
        _audit_entries(places.record, station, years, now)
        people(places, Ana="technician", Ben="farmer")
        on_line = {"on": False, "on_for_s": None, "lease_left_s": None}
        lines = {f"valve:{zone.id}": dict(on_line) for zone in station.zones} | {"pump:main": dict(on_line)}
        peers = [
            Peer(places.guard_socket, {"status": guard_status(lines=lines)}),
            Peer(places.controller_socket, {"snapshot": snapshot(zones=_zones(station))}),
        ]
        app = create_app(station, places)
        client, _ = signed_in(app, places, "Ana")
        try:
            yield app, client, station, size(places.record)
        finally:
            for peer in peers:
                peer.close()


def _zones(station: Station) -> list[dict[str, Any]]:
    """What the controller says of each."""
    return [seen(zone.id, nudges=[], by_hand=None, room_mm=8.0) for zone in station.zones]


def _audit_entries(path: Path, station: Station, years: int, now: datetime) -> None:
    """What people did, from the first year on."""
    chance, count = random.Random(1), AUDIT_ENTRIES_A_YEAR * years
    with sqlite3.connect(path) as connection:
        for number in range(count, 0, -1):
            at = now - timedelta(days=365 * years * number / count)
            what = chance.choice(("skip", "water_now", "stop", "resume", "automatic_on"))
            zone = None if what in ("stop", "resume") else chance.choice(station.zones).id
            add_audit(connection, at, True, "Ana", what, zone, {"minutes": 20} if what == "water_now" else {})
    connection.close()


def measure(app: Flask, client: FlaskClient, address: str) -> tuple[float, float, int]:
    """Milliseconds of the first answer and of a usual one, and bytes over the wire."""
    site = app.extensions["site"]

    def ask() -> Any:
        site.source.forget()
        return client.get(address, headers=SQUEEZED)

    site.source._record_at_s = float("-inf")
    took = [_ms(ask) for _ in range(TIMES + 1)]
    answer = ask()
    assert answer.status_code == 200, (address, answer.status_code)
    return took[0], median(took[1:]), len(answer.data)


def _ms(what: Callable[[], Any]) -> float:
    began = time.thread_time()
    what()
    return (time.thread_time() - began) * 1000


def table(years: int) -> None:
    """One line a screen."""
    with lived(years) as (app, client, station, holds):
        print(f"{years} years on record: {holds}")
        over = []
        for address in addresses(app, station):
            first, usual, size_b = measure(app, client, address)
            over += [address] if usual > BUDGET_MS else []
            print(
                f"  {address:44} {usual:6.1f} ms   first {first:6.1f} ms   {size_b / 1000:5.1f} KB gz",
                flush=True,
            )
        print(f"over {BUDGET_MS:.0f} ms: {', '.join(over) or 'none'}")


def profile(years: int, address: str) -> None:
    """Where the time of one screen goes."""
    with lived(years) as (app, client, _, _):
        site = app.extensions["site"]
        client.get(address, headers=SQUEEZED)
        watch = cProfile.Profile()
        for _ in range(TIMES):
            site.source.forget()
            watch.runcall(client.get, address, headers=SQUEEZED)
        pstats.Stats(watch).sort_stats("cumulative").print_stats(60)


def main() -> None:
    """The table, or one screen's profile."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--profile", metavar="ADDRESS")
    args = parser.parse_args()
    if args.profile:
        profile(args.years, args.profile)
    else:
        table(args.years)


if __name__ == "__main__":
    main()

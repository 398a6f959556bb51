"""Measure the home page over ten years of roll-ups, runs and decisions.

Run `python tests/benchmarks/ten_years.py` from the project's root. The demo's real record is made
ten years old by copying its own days backwards; only guard, controller, field and page of it run.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from fieldstation.page.sources import StatusSource
from tests.kit.station import Demo, free_port

YEARS = 10
HISTORY_DAYS = 45
DAY_MS = 86_400_000
HOURLY = "hour_at, series, trusted, n, min, max, sum, last"
DAILY = "series, on_date, trusted, n, min, max, sum, last, hours"


def grow_old(path: Path) -> dict[str, int]:
    """Copy the record's days backwards until it is ten years old; how many rows each table has."""
    connection = sqlite3.connect(path)
    with connection:
        hourly = connection.execute(f"SELECT {HOURLY} FROM hourly").fetchall()
        daily = connection.execute(f"SELECT {DAILY} FROM daily").fetchall()
        runs = connection.execute("SELECT * FROM run").fetchall()
        decisions = connection.execute("SELECT * FROM decision").fetchall()
        for copy in range(1, YEARS * 365 // HISTORY_DAYS + 1):
            back = copy * (HISTORY_DAYS + 1)
            ms = back * DAY_MS
            connection.executemany(
                f"INSERT OR IGNORE INTO hourly ({HOURLY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(at - ms, *rest) for at, *rest in hourly],
            )
            connection.executemany(
                f"INSERT OR IGNORE INTO daily ({DAILY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(s, _back(on, back), *rest) for s, on, *rest in daily],
            )
            # negative ids: older than all, as the newest are found by id
            connection.executemany(
                "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        i - copy * 1_000_000,
                        at - ms,
                        m,
                        b,
                        t,
                        f"{run_id}-{copy}",
                        n,
                        z,
                        o,
                        s - ms,
                        e - ms,
                        *rest,
                    )
                    for i, at, m, b, t, run_id, n, z, o, s, e, *rest in runs
                ],
            )
            connection.executemany(
                "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (i - copy * 1_000_000, at - ms, m, b, t, f"{decision_id}-{copy}", *rest)
                    for i, at, m, b, t, decision_id, *rest in decisions
                ],
            )
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("hourly", "daily", "run", "decision")
    }
    connection.close()
    return counts


def _back(on: str, days: int) -> str:
    return (date.fromisoformat(on) - timedelta(days=days)).isoformat()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder) / "data", free_port(), history_days=HISTORY_DAYS)
        counts = grow_old(demo.places.record)
        size_mb = demo.places.record.stat().st_size / 1e6
        print(f"record: {size_mb:.0f} MB, " + ", ".join(f"{n} {table}" for table, n in counts.items()))
        try:
            demo.start("field", "guard", "controller", "page")
            measure(demo)
        finally:
            demo.close()


def measure(demo: Demo) -> None:
    took = []
    for _ in range(60):
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/") as answer:
            answer.read()
        took.append(time.perf_counter() - began)
        time.sleep(0.1)
    print(f"home page: median {median(took) * 1000:.1f} ms, longest {max(took) * 1000:.1f} ms")
    reads = []
    for _ in range(30):
        began = time.perf_counter()
        StatusSource(demo.station, demo.places).read(datetime.now(UTC))
        reads.append(time.perf_counter() - began)
    print(f"what the page reads of the record, twice a minute: median {median(reads) * 1000:.1f} ms")


if __name__ == "__main__":
    main()

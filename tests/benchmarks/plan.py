"""What looking ahead costs: one plan for four zones, and a season of `advise`. `python -m tests.benchmarks.plan`.

The plan runs as the controller starts it, in a process of its own; CPU and peak memory are that process's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from fieldstation.learning.forecaster import SHIPPED
from fieldstation.planner.main import forecast
from fieldstation.wire.places import Places
from tests.benchmarks.years import live, station_of
from tests.kit.mornings import line, zone

LIVED_DAYS = 110
FIRST = datetime(2025, 4, 15, tzinfo=UTC)
TRUTH = ["loam", "sandy_loam", "silt_loam", "clay_loam"]


def planned(folder: Path) -> None:
    """Plan once over the record of a folder; what the process of its own has used."""
    places = Places.under(folder)
    station = station_of(FIRST.year, len(TRUTH), "loam", "maize", 1)
    report = forecast(station, places, SHIPPED, FIRST + timedelta(days=LIVED_DAYS))
    assert len(report.zones) == len(TRUTH), report.detail
    peak_kb = int(Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0])
    print(
        f"one plan for {len(report.zones)} zones: {time.process_time():.2f} s CPU, peak {peak_kb / 1024:.0f} MB"
    )


def advised(folder: Path) -> None:
    """A season of mornings through the command, each answered before the next is told."""
    file = folder / "field.toml"
    told = zone()
    field = "\n".join(f"{key} = {json.dumps(value)}" for key, value in told["zone"].items())
    file.write_text(
        f"latitude_deg = {told['latitude_deg']}\nelevation_m = {told['elevation_m']}\n[zone]\n{field}\n"
    )
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "fieldstation", "advise", "--zone", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    took = []
    for day in range(LIVED_DAYS):
        child.stdin.write(json.dumps(line(day)) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        assert "error" not in answer, answer
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
    child.stdin.close()
    child.wait()
    print(
        f"advise: first answer {took[0]:.2f} s, later median {1000 * median(took[1:]):.0f} ms, longest {1000 * max(took[1:]):.0f} ms"
    )


def main() -> None:
    if sys.argv[1:]:
        planned(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        places = Places.under(folder)
        live(places.record, [FIRST.year], zones=len(TRUTH), truth=TRUTH, days=LIVED_DAYS)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.plan", str(folder)], check=True)
        advised(folder)


if __name__ == "__main__":
    main()

"""Learning on three years of four zones: what it costs, and whether it helps.

Run `python -m tests.benchmarks.learning` from the project's root (about a minute). A station told
that all its ground is loam lives three seasons on four other grounds, through guard, controller and
record; then the learning command runs as the controller runs it, and its cost is measured from outside.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.learned import LearnReport
from fieldstation.domain.station import Station
from fieldstation.learner.dry_spells import dry_windows, seasons
from fieldstation.learner.main import LESSONS_MAX, lessons_of
from fieldstation.learning.boosters import SETTINGS
from fieldstation.learning.challenge import pinball
from fieldstation.learning.forecaster import Forecaster
from fieldstation.learning.own import Lesson, grow, of
from fieldstation.store.codec import decode
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places
from tests.benchmarks.years import live
from tests.kit.season_station import season_text

_LAST = date.today().year - (date.today() < date(date.today().year, 8, 20))  # noqa: DTZ011 -- a season's year
YEARS = (_LAST - 2, _LAST - 1, _LAST)
"""The newest three, because learning reads no older ones; their weather is the same whatever the year."""
TRUTH = ("sandy_loam", "sandy_loam", "silt_loam", "clay_loam")
TOLD = "loam"
CPU_MAX_S, PEAK_MAX_MB = 60.0, 300.0


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--keep", type=Path, help="folder for the record, to look into")
    options = args.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = Places.under(options.keep or Path(folder) / "data")
        places.data.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        station = live(places.record, YEARS, zones=4, declared=TOLD, truth=TRUTH)
        size_mb = places.record.stat().st_size / 1e6
        print(
            f"three seasons of four zones lived in {time.perf_counter() - began:.0f} s, record {size_mb:.0f} MB"
        )
        cost(places)
        help_(station, places)


def cost(places: Places) -> None:
    """The command as the controller starts it."""
    (places.data / "station.toml").write_text(season_text(date(YEARS[-1], 4, 15), zones=4, soil=TOLD))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "fieldstation", "learn", "--json", "--data", str(places.data)],
        capture_output=True,
        check=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = decode(LearnReport, done.stdout)
    assert report.failure is None, report.detail
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak_mb = after.ru_maxrss / 1024
    print(
        f"learning, {report.windows} stretches without water: {cpu_s:.1f} s CPU (<= {CPU_MAX_S:g}),"
        f" {time.perf_counter() - began:.1f} s of time, {peak_mb:.0f} MB (<= {PEAK_MAX_MB:g}),"
        f" threads {SETTINGS['num_threads']}"
    )
    if report.fitted is not None and report.fitted.held_out is not None:
        s = report.fitted.held_out
        print(
            f"challenger on its {s.days} held-out days: {report.fitted.state.value}, pinball {s.pinball:.4f}"
            f" against {s.rival_pinball:.4f}, mean error {s.mae:.4f} against {s.rival_mae:.4f} of the soil's span"
        )
    for found in report.calibrations:
        print(
            f"  {found.zone} {found.probe or ''} {found.kind}: {found.value} ({found.low} to {found.high}),"
            f" {found.n} seen, sure {found.sure_frac}, {found.why}"
        )


def help_(station: Station, places: Places) -> None:
    """Two seasons learned, the third forecast: side by side."""
    shipped = Forecaster.load()
    with Reader(places.record) as reader:
        lived = seasons(reader, station, date(YEARS[-1], 8, 18))
    windows = [window for season in lived for window in dry_windows(season, station.latitude_deg)]
    lessons = lessons_of(windows, shipped)
    early = [lesson for lesson in lessons if lesson.on.year < YEARS[-1]]
    late = [lesson for lesson in lessons if lesson.on.year == YEARS[-1]]
    version, files = grow(early, shipped.version)
    own = of(files, version, shipped.version, version)
    said = own.corrected(
        [one.probe for one in late], [one.row for one in late], [one.shipped for one in late]
    )
    print(
        "third season, never seen, of the soil's span: mean error of 'stays', shipped, own; pinball; inside 80 %"
    )
    for hours in (24, 48, 72):
        _line(f"{hours} h", late, said, lambda lesson, h=hours: _hours(lesson) == h)
    for zone, texture in zip(sorted({one.zone for one in late}), TRUTH, strict=True):
        _line(
            f"72 h {zone} ({texture})",
            late,
            said,
            lambda lesson, z=zone: lesson.zone == z and _hours(lesson) == 72,
        )
    many = (early * (LESSONS_MAX // len(early) + 1))[:LESSONS_MAX]
    began = time.process_time()
    grow(many, shipped.version)
    print(
        f"fitting the most that is ever read, {LESSONS_MAX} stretches: {time.process_time() - began:.1f} s CPU"
    )


def _hours(lesson: Lesson) -> int:
    from fieldstation.learning.history import AHEAD_NAMES

    return round(lesson.row[AHEAD_NAMES.index("days")] * 24)


def _line(name: str, late: Sequence[Lesson], said: Sequence[Quantiles], which: object) -> None:
    some = [(one, mine) for one, mine in zip(late, said, strict=True) if which(one)]  # type: ignore[operator] # a test of a lesson
    n = len(some)
    stays = sum(abs(one.change_frac) for one, _ in some) / n
    base = sum(abs(one.change_frac - one.shipped.p50) for one, _ in some) / n
    own = sum(abs(one.change_frac - mine.p50) for one, mine in some) / n
    pins = [
        sum(pinball(f, one.change_frac) for one, f in pairs) / n
        for pairs in ([(o, o.shipped) for o, _ in some], some)
    ]
    inside = [
        sum(f.p10 <= one.change_frac <= f.p90 for one, f in pairs) / n
        for pairs in ([(o, o.shipped) for o, _ in some], some)
    ]
    print(
        f"  {name}: {stays:.3f}, {base:.3f}, {own:.3f}; pinball {pins[0]:.4f}, {pins[1]:.4f};"
        f" inside {inside[0]:.0%}, {inside[1]:.0%} ({n})"
    )


if __name__ == "__main__":
    main()

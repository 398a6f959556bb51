"""The learning process: read the record, calibrate, fit a challenger, judge, write its files, print one report, end.

A child like the planner, slower and at low priority. It writes model files only, aside and
in one move; the controller alone registers versions. It decides nothing about water.
"""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.domain.learned import (
    Calibration,
    Judged,
    LearnReport,
    ModelState,
    OwnModel,
    YieldCorrection,
    in_charge,
    in_shadow,
)
from fieldstation.domain.station import Station
from fieldstation.learner.calibrate import calibrations, yields
from fieldstation.learner.dry_spells import Window, dry_windows, seasons
from fieldstation.learner.outcomes import trials
from fieldstation.learning import challenge
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import SHIPPED, Forecaster
from fieldstation.learning.own import MANIFEST, Lesson, grow, of, read
from fieldstation.store.codec import encode
from fieldstation.store.reader import Reader, RecordError
from fieldstation.store.tables.learned import PREDICTION_DAYS
from fieldstation.wire import durable
from fieldstation.wire.places import Places

LESSONS_MAX = 45_000
"""Newest first: about a full three years of four zones with two probes each."""
PREDICTED_AT_ONCE = 2000
NICENESS = 15
KEPT_FOLDERS = 6


def main(station: Station, places: Places, *, models: Path | None) -> int:
    """Learn once and print the report as one JSON line; whatever goes wrong is in it."""
    os.nice(NICENESS)
    sys.stdout.write(encode(learn(station, places, models or SHIPPED, datetime.now(UTC))) + "\n")
    return 0


def learn(station: Station, places: Places, models: Path, now: datetime) -> LearnReport:
    """What the record teaches at `now`; a new version's files are in place when this returns."""
    try:
        return _learn(station, places, Forecaster.load(models), now)
    except ModelError as error:
        return _report(now, error.code, str(error))
    except RecordError as error:
        return _report(now, error.code.value, str(error))
    except OSError as error:
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "models_unwritable"
        return _report(now, code, str(error))
    except MemoryError:
        return _report(now, "out_of_memory", "there is not enough memory to learn")


def _learn(station: Station, places: Places, shipped: Forecaster, now: datetime) -> LearnReport:
    today = now.astimezone(ZoneInfo(station.timezone)).date()
    with Reader(places.record) as reader:
        on_record = reader.models()
        past = seasons(reader, station, today)
        calibrated = calibrations(reader, station, past, now)
        harvested = yields(shipped, station, past, reader.harvests())
        judged = _judge_later(reader, station, on_record, shipped.version, now)
    windows = _newest([w for season in past for w in dry_windows(season, station.latitude_deg)])
    fitted = None
    if in_shadow(on_record) is None:
        _sweep(places.models, on_record)
        fitted = challenger(windows, shipped, places.models, on_record, now)
    return _report(
        now,
        None,
        "",
        days=len({window.on for window in windows}),
        windows=len(windows),
        fitted=fitted,
        judged=judged,
        calibrated=calibrated,
        harvested=harvested,
    )


def challenger(
    windows: Sequence[Window], shipped: Forecaster, folder: Path, on_record: Sequence[OwnModel], now: datetime
) -> OwnModel | None:
    """A challenger fitted on the days before the held-out block, and what that block says of it."""
    begin = challenge.held_out_from(window.on for window in windows)
    if begin is None:
        return None
    lessons = lessons_of(windows, shipped)
    until = begin - timedelta(days=challenge.EMBARGO_DAYS)
    learned = [lesson for lesson in lessons if lesson.on < until]
    held_out = [lesson for lesson in lessons if lesson.on >= begin]
    if len(learned) < challenge.TRAIN_MIN_WINDOWS:
        return None
    version, files = grow(learned, shipped.version)
    if any(model.version == version for model in on_record):
        return None  # nothing new to learn from since it was made
    rows = [lesson.row for lesson in held_out]
    forecast = [lesson.shipped for lesson in held_out]
    probes = [lesson.probe for lesson in held_out]
    answers = of(files, version, shipped.version, version).corrected(probes, rows, forecast)
    rivals, against = forecast, shipped.version
    champion = in_charge(on_record)
    if champion is not None:
        try:
            rival = read(folder / champion.version, champion.version, champion.sha256, shipped.version)
            rivals, against = rival.corrected(probes, rows, forecast), champion.version
        except ModelError:
            pass  # its files are unusable, so the shipped model is in charge
    judgement = challenge.contest(
        [
            challenge.Trial(lesson.zone, lesson.on, lesson.change_frac, mine, other)
            for lesson, mine, other in zip(held_out, answers, rivals, strict=True)
        ],
        challenge.HELD_OUT_MIN_DAYS,
    )
    if not judgement.won and not judgement.lost:
        return None
    state = ModelState.SHADOW if judgement.won else ModelState.REFUSED
    if judgement.won:
        put(folder, version, files)
    sha256 = hashlib.sha256(files[MANIFEST]).hexdigest()
    return OwnModel(version, state, now, sha256, against, judgement.why, judgement.score)


def _judge_later(
    reader: Reader, station: Station, on_record: Sequence[OwnModel], base: str, now: datetime
) -> tuple[Judged, ...]:
    """What days since say of the version in shadow and of the one in charge."""
    found = []
    kept = reader.predictions(now - timedelta(days=PREDICTION_DAYS))
    shadow, champion = in_shadow(on_record), in_charge(on_record)
    if champion is not None:
        judgement = challenge.watch(trials(reader, station, kept, champion.version, base, now))
        state = ModelState.DEMOTED if judgement.lost else ModelState.CHAMPION
        found.append(Judged(champion.version, state, judgement.why, judgement.score))
        if judgement.lost:
            champion = None
    if shadow is not None:
        rival = champion.version if champion is not None else base
        judgement = challenge.contest(
            trials(reader, station, kept, shadow.version, rival, now), challenge.SHADOW_MIN_DAYS
        )
        patient = judgement.why == "may_be_luck" or not (judgement.won or judgement.lost)
        old = now - shadow.made_at > timedelta(days=challenge.SHADOW_MAX_DAYS)
        state = ModelState.REFUSED
        if judgement.won:
            state = ModelState.CHAMPION
        elif patient and not old:
            state = ModelState.SHADOW
        found.append(Judged(shadow.version, state, judgement.why, judgement.score))
    return tuple(found)


def _newest(windows: list[Window]) -> list[Window]:
    windows.sort(key=lambda window: (window.on, window.zone, window.probe, window.days))
    return windows[-LESSONS_MAX:]


def lessons_of(windows: Sequence[Window], shipped: Forecaster) -> list[Lesson]:
    """The windows with what the shipped model says of each."""
    found = []
    for first in range(0, len(windows), PREDICTED_AT_ONCE):
        some = windows[first : first + PREDICTED_AT_ONCE]
        forecast = shipped.drying([window.row for window in some])
        found += [
            Lesson(window.zone, window.probe, window.on, window.row, answer, window.change_frac)
            for window, answer in zip(some, forecast, strict=True)
        ]
    return found


def put(folder: Path, version: str, files: dict[str, bytes]) -> None:
    """A version's files, written aside, synced, and put in place in one move. Raises OSError."""
    aside = folder / f".{version}.new"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir()
        durable.write(aside, files)
        shutil.rmtree(folder / version, ignore_errors=True)  # left by a run that was never registered
        aside.rename(folder / version)
        durable.sync_folder(folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _sweep(folder: Path, on_record: Sequence[OwnModel]) -> None:
    """Remove what a cut run left, and versions that nobody can go back to."""
    useful = (ModelState.CHAMPION, ModelState.SHADOW, ModelState.REPLACED)
    keep = [model.version for model in on_record if model.state in useful][:KEPT_FOLDERS]
    keep += [model.version for model in on_record if model.state in useful[:2]]
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name.startswith((".own-", "own-")) and entry.name not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _report(
    now: datetime,
    failure: str | None,
    detail: str,
    *,
    days: int = 0,
    windows: int = 0,
    fitted: OwnModel | None = None,
    judged: tuple[Judged, ...] = (),
    calibrated: tuple[Calibration, ...] = (),
    harvested: tuple[YieldCorrection, ...] = (),
) -> LearnReport:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return LearnReport(
        at=now,
        failure=failure,
        detail=detail[:300],
        days=days,
        windows=windows,
        fitted=fitted,
        judged=judged,
        calibrations=calibrated,
        yields=harvested,
        cpu_s=round(used.ru_utime + used.ru_stime, 2),
        peak_mb=round(_peak_kb(used.ru_maxrss) / 1024, 1),
    )


def _peak_kb(else_kb: int) -> int:
    """The most memory this program has held; `else_kb` where the kernel does not tell it.

    What getrusage tells is the larger of this and what the parent held when it forked: it outlives exec.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError, ValueError):
        return else_kb

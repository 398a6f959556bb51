"""Advice as a stream: one JSON object a line in, one a line out, flushed at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from fieldstation.domain.errors import PlaceError
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.plot import Plot
from fieldstation.learning.forecaster import Forecaster
from fieldstation.planner.adviser import Advice, Adviser
from fieldstation.planner.lines import LineError, told_of
from fieldstation.wire.decision import because_plain
from fieldstation.wire.report import drivers_plain

LINE_LIMIT = 64 * 1024
STATE_VERSION = 1


class Kept:
    """The lines taken in so far, in a file: a new process replays them and stands where the old one stood."""

    def __init__(self, path: Path, plot: Plot) -> None:
        self._path = path
        self._head = {"fieldstation_advise": STATE_VERSION, "zone": hashlib.sha256(repr(plot).encode()).hexdigest()[:16]}  # fmt: skip
        self._file: IO[str] | None = None

    def lines(self) -> list[dict[str, Any]]:
        """What an earlier process kept. Raises PlaceError for a file of another zone or program."""
        try:
            raw = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise PlaceError(
                f"{self._path}: cannot be read ({error}); choose another with --state"
            ) from error
        found = []
        for number, text in enumerate(raw):
            try:
                item = json.loads(text)
            except ValueError:
                if number == len(raw) - 1 and number > 0:
                    break  # torn by a power cut: that line was never answered
                item = None
            if not isinstance(item, dict) or (number == 0 and item != self._head):
                raise PlaceError(f"{self._path}: is not the state of this zone; choose another with --state")
            found.append(item)
        return found[1:]

    def begin(self, lines: list[dict[str, Any]]) -> None:
        """Write the file whole, aside and in one move, then keep it open for more."""
        aside = self._path.with_name(self._path.name + ".new")
        try:
            aside.write_text(
                "".join(json.dumps(item) + "\n" for item in (self._head, *lines)), encoding="utf-8"
            )
            aside.replace(self._path)
            self._file = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise PlaceError(f"{self._path}: cannot be written ({error.strerror}); choose another with --state") from error  # fmt: skip

    def add(self, line: dict[str, Any]) -> None:
        """Keep one more line, durably."""
        if self._file is not None:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def run(
    plot: Plot, models: Forecaster | None, lines: Iterable[str], out: IO[str], state: Path | None
) -> None:
    """Answer every line until there are no more. Raises PlaceError for a state that is not ours."""
    adviser = Adviser(plot, models)
    kept = None if state is None else Kept(state, plot)
    if kept is not None:
        before = kept.lines()
        for item in before:
            adviser.advise(told_of(item, adviser.advised_mm))
        kept.begin(before)
    try:
        for number, text in enumerate(lines, start=1):
            if text.strip():
                out.write(json.dumps(_answer(adviser, text, number, kept)) + "\n")
                out.flush()
    finally:
        if kept is not None:
            kept.close()


def _answer(adviser: Adviser, text: str, number: int, kept: Kept | None) -> dict[str, Any]:
    try:
        if len(text) > LINE_LIMIT:
            raise LineError(f"longer than {LINE_LIMIT} characters")
        line = json.loads(text)
        told = told_of(line, adviser.advised_mm)
        advice = adviser.advise(told)
    except (ValueError, RecursionError) as error:
        return {"error": f"line {number}: {error}", "line": number}
    if kept is not None:
        kept.add(line)
    return shown(advice)


def shown(advice: Advice) -> dict[str, Any]:
    """The answer as plain values; what is not known is null."""
    choice = advice.choice
    values = dict(choice.values)
    if advice.noticed:
        values["noticed"] = ",".join(advice.noticed)
    if choice.limited_by:
        values["limited_by"] = ",".join(choice.limited_by)
    harvest = advice.harvest_on
    return {
        "on": advice.on.isoformat(),
        "depth_mm": choice.depth_mm,
        "rung": advice.rung.value,
        "reason": {"code": choice.reason.value, "values": values},
        "depletion_frac": _range(advice.depletion_frac, 4),
        "taw_mm": None if advice.taw_mm is None else round(advice.taw_mm, 1),
        "root_depth_cm": None if advice.root_m is None else round(advice.root_m * 100, 1),
        "soil_forecast": [
            {"depth_cm": ahead.depth_cm, "hours": ahead.hours, "vwc_frac": _range(ahead.vwc_frac, 4)}
            for ahead in advice.ahead
        ],
        "yield_t_ha": _range(advice.yield_t_ha, 3),
        "yield_by": advice.yield_by,
        "harvest_on": None
        if harvest is None
        else dict(zip(("p10", "p50", "p90"), map(str, harvest), strict=True)),
        "drivers": drivers_plain(advice.drivers),
        "yield_drivers": drivers_plain(advice.yield_drivers),
        **because_plain(advice.changes, advice.skipped, advice.below, advice.account),
    }


def _range(found: Quantiles | None, digits: int) -> dict[str, float] | None:
    if found is None:
        return None
    return {"p10": round(found.p10, digits), "p50": round(found.p50, digits), "p90": round(found.p90, digits)}

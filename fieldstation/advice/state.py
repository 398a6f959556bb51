"""The lines a stream has answered, in a file: a new process takes them in and stands where the old one stood."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any

from fieldstation.binding import plain
from fieldstation.config.tables import crop_table
from fieldstation.domain.crop import Growth
from fieldstation.domain.decision import Rung
from fieldstation.domain.errors import PlaceError
from fieldstation.domain.plot import Plot
from fieldstation.wire import durable

STATE_VERSION = 3
Answered = tuple[str, float, Rung]
"""A line as it was told, the gross depth advised on it (mm), and the rung that advised."""


class StreamState:
    """One state file: a head that names the zone, then a record a line.

    What was advised stands in it: a line that does not tell the water means the advice of that
    day, whatever models have come since.
    """

    def __init__(self, path: Path, plot: Plot) -> None:
        self._path = path
        self._head = _head(STATE_VERSION, _meaning(plot))
        self._head_before = _head(2, _meaning_before(plot))
        self._records: list[dict[str, Any]] = []
        self._file: IO[bytes] | None = None

    def foreign(self) -> PlaceError:
        """The error for a file of another zone, another program, or damaged."""
        return PlaceError(f"{self._path}: is not the state of this zone; choose another with --state")

    def answered(self) -> list[Answered]:
        """What an earlier process answered. Raises PlaceError for a file that is not this zone's."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise PlaceError(
                f"{self._path}: cannot be read ({error.strerror}); choose another with --state"
            ) from error
        # what follows the last line feed was torn by a power cut: that line was never answered
        whole = raw.split(b"\n")[:-1]
        if not raw:
            return []
        try:
            head, *self._records = (json.loads(line) for line in whole)
            found = [(str(row["line"]), float(row["depth_mm"]), Rung(row["rung"])) for row in self._records]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.foreign() from error
        if head not in (self._head, self._head_before):
            raise self.foreign()
        return found

    def begin(self) -> None:
        """Write the file whole, aside and in one move, then keep it open for more. Raises PlaceError."""
        rows = b"".join(_record(row) for row in (self._head, *self._records))
        try:
            durable.write(self._path.parent, {self._path.name: rows})
            self._file = self._path.open("ab", buffering=0)
        except OSError as error:
            raise self._unwritable(error) from error

    def add(self, line: str, depth_mm: float, rung: Rung) -> None:
        """Keep one more answered line, durably. Raises PlaceError."""
        assert self._file is not None
        try:
            row = _record({"line": line, "depth_mm": depth_mm, "rung": rung.value})
            while row:  # a torn piece on a full disk is dropped by the next process
                row = row[self._file.write(row) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _unwritable(self, error: OSError) -> PlaceError:
        return PlaceError(
            f"{self._path}: cannot be written ({error.strerror}); free space or choose another with --state"
        )


def _record(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode() + b"\n"


def _head(version: int, meaning: str) -> dict[str, Any]:
    return {"fieldstation_advise": version, "zone": hashlib.sha256(meaning.encode()).hexdigest()[:16]}


def _meaning(plot: Plot) -> str:
    """What the zone file says, as canonical JSON. A crop or texture stands by its name: its table may be bettered.

    What has its default is left out, so that a later key changes no zone that does not use it.
    """
    said = {
        one.name: getattr(plot, one.name) for one in fields(plot) if getattr(plot, one.name) != one.default
    }
    own = plot.soil.texture == "own"
    said |= {"crop": plot.crop.name, "soil": plot.soil if own else plot.soil.texture}
    return json.dumps(plain(said), sort_keys=True)


def _meaning_before(plot: Plot) -> str:
    """The same in version 2: Python's text of the whole plot, the crop's numbers as its file writes them."""
    table = crop_table(plot.crop.name)
    growth = Growth(**table.pop("growth"))
    crop = replace(plot.crop, **{**table, "growth": growth, "stage_days": plot.crop.stage_days})
    return repr(replace(plot, crop=crop)).replace(f"dry_frac={crop.dry_frac!r}, ", "", 1)

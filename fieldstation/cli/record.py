"""`fieldstation export`: the whole record as files, to keep, to look into with a spreadsheet, or to leave with."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from fieldstation.cli.options import add_places, places_of
from fieldstation.domain.errors import PlaceError
from fieldstation.store.errors import Trouble, trouble
from fieldstation.store.upkeep.export import export, write

SAY_AFTER_S = 2.0
SAY_EVERY_S = 5.0


def add(commands: Any) -> None:
    """Add this room's command."""
    out = commands.add_parser(
        "export",
        help="the whole record as a zip of CSV files",
        description="Write everything on record into a zip of CSV files. The station goes on meanwhile.",
        epilog="Example: fieldstation export record.zip",
    )
    out.add_argument("file", help="the zip to write, which must not be there yet; - is standard output")
    out.add_argument(
        "--leave-mb",
        type=float,
        default=0.0,
        help="give up rather than leave less than so many MB on its disk (default 0)",
    )
    add_places(out, config=False)
    out.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Write it, and say how large it is."""
    record = places_of(args).record
    if not record.exists():
        raise trouble(record, Trouble.ABSENT, "there is no record here")
    if args.file == "-":
        if sys.stdout.isatty():
            raise PlaceError(
                "a zip is not for a terminal; name a file, or send it on: fieldstation export - > record.zip"
            )
        write(
            record,
            sys.stdout.buffer,
            Path("standard output"),
            _Watch(sys.stdout.fileno(), args.leave_mb).check_space,
        )
        sys.stdout.buffer.flush()
        return 0
    target = Path(args.file).absolute()
    if target.exists():
        raise PlaceError(f"{target}: is there already, and is left as it is; choose another name")
    if not target.parent.is_dir():
        raise PlaceError(f"{target.parent}: there is no such folder; make it first")
    size_bytes = export(record, target, _Watch(target.parent, args.leave_mb).check_space)
    print(f"{target}: {size_bytes / 1e6:.1f} MB")
    return 0


class _Watch:
    """Looks on: says on standard error that it goes on, and gives up in time."""

    def __init__(self, where: Path | int, leave_mb: float) -> None:
        self._where, self._leave_mb = where, leave_mb
        self._began_s = time.monotonic()
        self._say_at_s = self._began_s + SAY_AFTER_S

    def check_space(self) -> None:
        """Raises RecordError when the disk gets too full."""
        if self._leave_mb > 0:
            found = os.statvfs(self._where)
            if found.f_bavail * found.f_frsize < self._leave_mb * 1e6:
                where = self._where if isinstance(self._where, Path) else Path("standard output")
                raise trouble(where, Trouble.DISK_FULL, f"less than {self._leave_mb:g} MB would be left")
        now_s = time.monotonic()
        if now_s >= self._say_at_s:
            self._say_at_s = now_s + SAY_EVERY_S
            print(f"writing for {now_s - self._began_s:.0f} s ...", file=sys.stderr, flush=True)

"""Make the record, mend it, bring it to this release's schema: as a child, before the controller opens it.

`python -m fieldstation.store.upkeep.migrate PATH` prints one JSON line: `{"version", "notice"}`
(exit 0) or `{"code", "text"}` (3: not ours to write, 4: not possible now).
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldstation.store import connect
from fieldstation.store.errors import RecordError, Trouble, record_errors
from fieldstation.store.schema import VERSION
from fieldstation.store.upkeep import backup, quarantine, reserve_file

READY, USAGE, NOT_OURS, NOT_NOW = 0, 2, 3, 4
LATE_S = 300.0


def migrate_in_child(path: Path, timeout_s: float = LATE_S) -> str | None:
    """Make, mend and migrate the record at `path` in a child; the notice of a mended one, else None.

    Raises RecordError with the child's code and sentence.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "fieldstation.store.upkeep.migrate", str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RecordError(Trouble.FAILED, f"{path}: no migration within {timeout_s:g} s") from None
    answer = _answer(child.stdout)
    if child.returncode == READY and "version" in answer:
        notice = answer.get("notice")
        return None if notice is None else str(notice)
    if child.returncode in {NOT_OURS, NOT_NOW} and "code" in answer:
        raise RecordError(Trouble(answer["code"]), str(answer["text"]))
    words = child.stderr.decode(errors="replace").strip().splitlines()
    raise RecordError(
        Trouble.FAILED,
        f"{path}: the migration ended with exit code {child.returncode}"
        + (f" ({words[-1]})" if words else ""),
    )


def prepare(path: Path, now: datetime) -> quarantine.Notice | None:
    """Make, mend and migrate in this process; loads sqlite_utils only when a step is due."""
    with record_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    notice = quarantine.mend(path, now)
    if not path.exists():
        _make(path)
    elif _version(path) < VERSION:
        with record_errors(path):
            backup.make(path)
        _apply(path)
    reserve_file.reserve(path)
    return notice


def _make(path: Path) -> None:
    """A new record, made aside so that a cut leaves none rather than half of one."""
    part = path.with_name(f"{path.name}.new")
    try:
        with record_errors(path):
            backup.remove([part])
            part.touch(0o640)
        _apply(part)
        with record_errors(path):
            quarantine.put(part, path)
    finally:
        with record_errors(path):
            backup.remove([part])


def _version(path: Path) -> int:
    connection = connect.writer(path, version=None)
    try:
        with record_errors(path):
            return connect.identify(connection, path)
    finally:
        connection.close()


def _apply(path: Path) -> None:
    from sqlite_utils import Database

    from fieldstation.store.upkeep.migrations import steps

    connection = connect.writer(path, version=None)
    try:
        with record_errors(path):
            steps.apply(Database(connection))
            found = connect.identify(connection, path)
        assert found == VERSION, f"the last step leaves schema {found}, not {VERSION}"
    finally:
        connection.close()


def _answer(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def main() -> int:
    """The child's whole work."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m fieldstation.store.upkeep.migrate PATH\n")
        return USAGE
    try:
        notice = prepare(Path(sys.argv[1]), datetime.now(UTC))
    except RecordError as error:
        _write_answer({"code": error.code.value, "text": str(error)})
        return NOT_OURS if error.code in {Trouble.FOREIGN, Trouble.NEWER} else NOT_NOW
    _write_answer({"version": VERSION, "notice": None if notice is None else str(notice)})
    return READY


def _write_answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""Is the inside of a record sound? Boxed in time: a slow card must not keep the station waiting."""

from __future__ import annotations

import sqlite3
import time

STEPS = 20_000
"""Virtual machine steps between two looks at the clock, a few milliseconds."""


def problem(connection: sqlite3.Connection, limit_s: float, *, full: bool) -> str | None:
    """The first thing that is wrong, or None: nothing found, or `limit_s` was over before the end.

    `full` also finds pages that stand in each other's place (integrity_check), in twice the
    time. Raises sqlite3.Error when the file cannot be read at all.
    """
    deadline = time.monotonic() + limit_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
    try:
        rows = connection.execute(f"PRAGMA {'integrity_check' if full else 'quick_check'}(1)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
    text = str(rows[0][0]) if rows else "no answer"
    return None if text == "ok" else text

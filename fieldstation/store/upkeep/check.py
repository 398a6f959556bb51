"""Is the inside of a record sound? Boxed in time: a slow card must not keep the station waiting."""

from __future__ import annotations

import sqlite3
import threading

AGAIN_S = 0.01


def problem(connection: sqlite3.Connection, limit_s: float, *, full: bool) -> str | None:
    """The first thing that is wrong, or None: nothing found, or `limit_s` was over before the end.

    `full` also finds indexes that do not fit their tables (integrity_check), in twice the
    time. Raises sqlite3.Error when the file cannot be read at all.
    """
    over = threading.Event()
    # A progress handler will not do: SQLite before 3.41 walks the whole tree in one step.
    watcher = threading.Thread(target=_interrupt, args=(connection, over, limit_s), daemon=True)
    watcher.start()
    try:
        rows = connection.execute(f"PRAGMA {'integrity_check' if full else 'quick_check'}(1)").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        over.set()
        watcher.join()
    text = str(rows[0][0]) if rows else "no answer"
    return None if text == "ok" else text


def _interrupt(connection: sqlite3.Connection, over: threading.Event, limit_s: float) -> None:
    """Interrupt until it is heard: an interrupt before the first step has no effect."""
    wait_s = limit_s
    while not over.wait(wait_s):
        connection.interrupt()
        wait_s = AGAIN_S

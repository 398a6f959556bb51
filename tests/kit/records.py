"""Looks into a record that only tests need."""

from __future__ import annotations

from datetime import UTC, datetime

from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.tables.rounds import Round
from fieldstation.store.upkeep.check import problem

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CHECK_S = 5.0


def newest_round(reader: Reader) -> Round | None:
    """The newest sampling round on record."""
    return next(reversed(reader.rounds(LONG_AGO)), None)


def unsound(record: Record) -> str | None:
    """What is wrong inside the open record's file; None when nothing is found."""
    return problem(record._connection, CHECK_S, full=False)

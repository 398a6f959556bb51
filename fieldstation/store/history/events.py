"""What happened in a span: water given, what was decided, what was told, who did what. Light rows, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from fieldstation.domain.decision import Reason, Rung, Value
from fieldstation.domain.run import Run
from fieldstation.store.instant import from_ms
from fieldstation.store.tables.water import run_of

GIVEN = (
    "SELECT run_id, seq, zone, origin, started_at, ended_at, on_s, litres, measured, stop_reason, depth_mm, trusted"
    " FROM run WHERE zone = ? AND ended_at >= ? AND ended_at < ? ORDER BY ended_at DESC, id DESC LIMIT ?"
)
PAST_DECISIONS = (
    "SELECT decision_id, at, trusted, zone, rung, reason, depth_mm, json_extract(body, '$.values')"
    " FROM decision WHERE zone = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?"
)
PAST_DECISIONS_SHORT = PAST_DECISIONS.replace("json_extract(body, '$.values')", "NULL")
VALUES = "SELECT decision_id, json_extract(body, '$.values') FROM decision WHERE decision_id IN ({})"
LINES = (
    "SELECT json_extract(body, '$.dry_frac'), json_extract(body, '$.full_frac') FROM decision"
    " WHERE id = (SELECT max(id) FROM decision WHERE zone = ?)"
)
HAPPENED = (
    "SELECT code, at, trusted, zone, body FROM event WHERE at >= ? AND at < ?"
    " AND (zone IS NULL OR zone = ?) AND code IN ({}) ORDER BY at DESC, id DESC LIMIT ?"
)
DONE = (
    "SELECT what, at, trusted, zone, body, who FROM audit WHERE at >= ? AND at < ?"
    " AND (zone IS NULL OR zone = ?) AND what IN ({}) ORDER BY at DESC, id DESC LIMIT ?"
)


class Given(NamedTuple):
    """A run and the gross depth in mm that it was when it ended. `trusted`: recorded by a trusted clock."""

    run: Run
    depth_mm: float
    trusted: bool


class PastDecision(NamedTuple):
    """A decision in short; `depth_mm` gross, 0 for no water; `values` fill the reason's sentence."""

    id: str
    at: datetime
    trusted: bool
    zone: str
    rung: Rung
    reason: Reason
    depth_mm: float
    values: dict[str, Value]


class Happened(NamedTuple):
    """An event, or what a person did (`who` is then a name). `code` is from a fixed list."""

    code: str
    at: datetime
    trusted: bool
    zone: str | None
    values: dict[str, Value]
    who: str | None


def listed(query: str, codes: Sequence[str]) -> str:
    """HAPPENED, DONE or VALUES for so many."""
    return query.format(",".join("?" * len(codes)))


def given_of(row: tuple[Any, ...]) -> Given:
    """A row of GIVEN. Raises ValueError for a damaged one."""
    *run, depth_mm, trusted = row
    return Given(run_of(run), depth_mm, bool(trusted))


def past_decision_of(row: tuple[Any, ...]) -> PastDecision:
    """A row of PAST_DECISIONS. Raises ValueError for a damaged one."""
    id, at, trusted, zone, rung, reason, depth_mm, values = row
    given = plain_values(values)
    return PastDecision(id, from_ms(at), bool(trusted), zone, Rung(rung), Reason(reason), depth_mm, given)


def plain_values(text: str | None) -> dict[str, Value]:
    """The values of a reason, an event or an audit entry; looked at less closely than a whole decision, for they are many."""
    found = json.loads(text or "{}")
    if not isinstance(found, dict):
        raise TypeError(f"values are {text!r}")
    return found


def happened_of(row: tuple[Any, ...]) -> Happened:
    """A row of HAPPENED or DONE. Raises ValueError for a damaged one."""
    code, at, trusted, zone, body, *who = row
    return Happened(code, from_ms(at), bool(trusted), zone, plain_values(body), str(who[0]) if who else None)

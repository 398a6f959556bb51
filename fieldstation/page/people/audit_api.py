"""Who did what, in the API; as a file it is /people/audit.csv."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from marshmallow import validate

from fieldstation.domain.errors import StationError
from fieldstation.domain.people import AuditEntry
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.requests import Query, Whole
from fieldstation.page.api.responses import record_silent, second, shown
from fieldstation.page.context import PageContext
from fieldstation.store.reader import Reader

MOST, USUAL = 500, 100


class AuditQuery(Query):
    """Which page of it."""

    before = Whole(validate=validate.Range(1, 10**15), metadata={"description": "older than this id"})
    limit = Whole(validate=validate.Range(1, MOST), metadata={"description": f"{USUAL} without it"})


@dataclass(frozen=True, slots=True)
class AuditLog:
    """A page of the log, newest first; `older` is the next one's `before`."""

    deeds: list[AuditEntry]
    older: int | None


def attach(page: PageContext) -> Room:
    """One route."""
    api = Room("audit", "Who did what.")

    @api.route("/audit")
    @page.needs("farmer")
    @api.takes(AuditQuery, "query")
    @api.answers(AuditLog, 422, 503)
    def api_audit(sent: dict[str, Any]) -> Any:
        """Every request of a person or token, STOP, resume and sign-in, newest first; kept for three years.

        `older` is the next page's `before`, null on the last. Passwords, tokens and addresses of messages are not in it.
        """
        most = sent.get("limit", USUAL)
        try:
            with Reader(page.record) as reader:
                audit_entries = reader.audit(most + 1, sent.get("before"))
        except StationError as error:
            return record_silent(error)
        rows = [replace(one, at=second(one.at)) for one in audit_entries[:most]]
        return shown(AuditLog(rows, rows[-1].id if len(audit_entries) > most else None))

    return api

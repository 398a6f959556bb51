"""Who did what, in the API; as a file it is /people/trail.csv."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from marshmallow import validate

from fieldstation.domain.errors import StationError
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.requests import Query, Whole
from fieldstation.page.api.responses import record_silent
from fieldstation.page.api.schemas import AUDIT
from fieldstation.page.site import Site
from fieldstation.page.today.status import stamp
from fieldstation.store.reader import Reader

MOST, USUAL = 500, 100


class AuditQuery(Query):
    """Which page of it."""

    before = Whole(validate=validate.Range(1, 10**15), metadata={"description": "older than this id"})
    limit = Whole(validate=validate.Range(1, MOST), metadata={"description": f"{USUAL} without it"})


def attach(site: Site) -> Room:
    """One route."""
    api = Room("audit", "Who did what.")

    @api.route("/audit")
    @site.needs("farmer")
    @api.takes(AuditQuery, "query")
    @api.answers(AUDIT, 422, 503)
    def api_audit(told: dict[str, Any]) -> Any:
        """Every wish of a person or token, STOP, resume and sign-in, newest first; kept for three years.

        `older` is the next page's `before`, null on the last. Passwords, tokens and addresses of messages are not in it.
        """
        most = told.get("limit", USUAL)
        try:
            with Reader(site.record) as reader:
                deeds = reader.audit(most + 1, told.get("before"))
        except StationError as error:
            return record_silent(error)
        shown = deeds[:most]
        return jsonify(
            {
                "deeds": [
                    {
                        "id": one.id,
                        "at": stamp(one.at),
                        "trusted": one.trusted,
                        "who": one.who,
                        "what": one.what,
                        "zone": one.zone,
                        "values": one.values,
                    }
                    for one in shown
                ],
                "older": shown[-1].id if len(deeds) > most else None,
            }
        )

    return api

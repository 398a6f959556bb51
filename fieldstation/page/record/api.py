"""The record as a whole, in the API: taken along as files, or erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from fieldstation.page.api.openapi import DONE, ZIP_FILE, Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import Body, YesNo, body
from fieldstation.page.api.responses import answered, second, shown
from fieldstation.page.context import PageContext
from fieldstation.page.record import actions as record_actions
from fieldstation.page.record.export_job import Made, RecordFile


@dataclass(frozen=True, slots=True)
class RecordFileNow:
    """How it stands with the file, its size, and since when it is ready."""

    state: str
    mb: float
    at: datetime | None


def attach(app: Flask, page: PageContext) -> Room:
    """How the file stands, have it made, take it; erase everything."""
    api = Room("record", "The whole record: as a file of files, or erased.")

    def file() -> RecordFile:
        found: RecordFile = app.extensions["record_file"]  # the screen's own: one for both
        return found

    @api.route("/record")
    @page.needs("technician")
    @api.answers(RecordFileNow)
    def api_record() -> Any:
        """How it stands with the file: none, working (`mb` so far), ready (`mb`), no_room (`mb` are missing), late or failed.

        It is kept for a quarter of an hour after `at`, and dropped when another one is made or the record is erased.
        """
        return _file_plain(file().made())

    @api.route("/record/file", "POST")
    @page.needs("technician")
    @api.takes(Body)
    @api.answers(RecordFileNow, 409, 415, 422, 503)
    def api_record_make(_: dict[str, Any]) -> Any:
        """Have everything on record written as a zip of CSV files by a child process; one at a time."""
        made = file().make()
        if made.state in ("no_room", "failed"):
            said = record_actions.describe_file(made, page.words())
            return problem(409 if made.state == "no_room" else 503, f"export_{made.state}", said)
        return _file_plain(made)

    @api.route("/record/file")
    @page.needs("technician")
    @api.answers(ZIP_FILE, 404, mimetype=record_actions.ZIP)
    def api_record_file() -> Any:
        """The zip, while it is ready."""
        found = record_actions.sent(page, file())
        return found or problem(404, "export_gone", page.words().say("record", "gone"))

    @api.route("/record/erase", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(body(sure=YesNo(required=True, metadata={"description": "true, or nothing is erased"})))
    @api.answers(DONE, 409, 415, 422, 503)
    def api_record_erase(sent: dict[str, Any]) -> Any:
        """Erase measurements, waterings, decisions, alerts, messages, the audit log, what was learned, and the backups.

        Accounts, tokens, settings, calibrations in force, the sign-off and the last day's waterings stay, and so does
        the guard's own ledger. Refused while water runs. The controller begins anew within seconds.
        """
        return answered(page, record_actions.erase(page, file(), sure=sent["sure"]))

    return api


def _file_plain(made: Made) -> Any:
    return shown(RecordFileNow(made.state, round(made.mb, 1), made.at and second(made.at)))

"""The record as a whole: taken along as files, or erased. A technician's."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request, url_for

from fieldstation.page.context import PageContext
from fieldstation.page.record import actions as record_actions
from fieldstation.page.record.export_job import RecordFile

POLL_AGAIN_S = 4
GOES = ("goes_field", "goes_learned", "goes_people", "goes_copies")
STAYS = ("stays_people", "stays_set", "stays_last_day", "stays_guard", "stays_audit")


def attach(app: Flask, page: PageContext) -> None:
    """The screen, the file, and the way to erase everything."""
    file = RecordFile(page.places)
    app.extensions["record_file"] = file

    @app.get("/record")
    @page.needs("technician")
    def record() -> Any:
        return _screen(page, file)

    @app.post("/record/file")
    @page.needs("technician")
    def record_make() -> Any:
        file.make()
        return redirect(url_for("record", lang=request.args.get("lang")), 303)

    @app.get("/record/file")
    @page.needs("technician")
    def record_file() -> Any:
        found = record_actions.sent(page, file)
        return found or _screen(page, file, page.words().say("record", "gone"), 404)

    @app.get("/record/erase")
    @page.needs("technician", fresh=True)
    def record_erasing() -> Any:
        return _erasing(page, file)

    @app.post("/record/erase")
    @page.needs("technician", fresh=True)
    def record_erase() -> Any:
        answer = record_actions.erase(page, file, sure=request.form.get("sure") == "yes")
        if answer.refused:
            return _erasing(page, file, page.refusal(answer), 409)
        return page.done("record", "record_wiped")


def _screen(page: PageContext, file: RecordFile, said: str | None = None, code: int = 200) -> Any:
    made = file.made()
    return page.screen(
        "record.html",
        said=said,
        code=code,
        kept=False,
        state=made.state,
        look_again_s=POLL_AGAIN_S if made.state == "working" else None,
        sentence=None if made.state == "none" else record_actions.describe_file(made, page.words()),
    )


def _erasing(page: PageContext, file: RecordFile, said: str | None = None, code: int = 200) -> Any:
    ready = file.made().state == "ready"
    return page.screen(
        "record_erase.html", said=said, code=code, kept=False, goes=GOES, stays=STAYS, ready=ready
    )

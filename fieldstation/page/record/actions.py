"""What a technician does with the whole record, by form or by API: has it written, takes it along, erases it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Response, request
from werkzeug.wsgi import wrap_file

from fieldstation.language.sentences import Words
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.people.actions import asking
from fieldstation.page.record.export_job import Made, RecordFile

ERASING_S = 30.0
ZIP = "application/zip"


def sent(page: PageContext, file: RecordFile) -> Response | None:
    """The zip; None while there is none. No thread waits for the phone: waitress sends a file by itself."""
    found = file.open()
    if found is None:
        return None
    body = wrap_file(request.environ, found, 1 << 16)  # type: ignore[arg-type] # a RawIOBase reads as its own type says
    response = Response(body, mimetype=ZIP, direct_passthrough=True)
    response.content_length = found.size
    today = datetime.now(UTC).astimezone(page.tz).date()
    name = re.sub(r"[^A-Za-z0-9]+", "-", page.station.name).strip("-").lower() or "station"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-record-{today}.zip"'
    return response


def describe_file(made: Made, words: Words) -> str:
    """How it stands with the file, as a sentence."""
    when = words.clock(made.at) if made.at else ""
    return words.say("record", made.state, mb=words.number(made.mb), when=when, detail=made.detail)


def erase(page: PageContext, file: RecordFile, *, sure: bool) -> Answer:
    """Erase the record, and what this process holds of it."""
    if not sure:
        return Answer("not_sure")
    answer = page.send_command("wipe_record", deadline_s=ERASING_S, by=asking(page).name)
    if not answer.refused:
        file.forget()
    return answer

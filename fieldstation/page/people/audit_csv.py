"""Who did what as a file, the newest first: codes and values for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from fieldstation.domain.errors import StationError
from fieldstation.domain.people import AuditEntry
from fieldstation.language.audit import describe_audit_entry
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.history.csv_stream import line
from fieldstation.page.history.downloads import streamed
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places

HEAD = ("id", "at", "clock trusted", "who", "zone", "what", "values", "said")
AT_ONCE = 500


def attach(app: Flask, page: PageContext) -> None:
    """The file, for whoever may read the audit log on its screen."""

    @app.get("/people/audit.csv")
    @app.get("/people/trail.csv", alias=True)  # its address of before
    @page.needs("farmer")
    def audit_csv() -> Any:
        words = page.words()
        return streamed(page, lines(page.places, words), "who-did-what.csv") or page.refused(
            words.say("history", "busy"), 503
        )


def lines(places: Places, words: Words) -> Iterator[str]:
    """Line by line, some hundred rows in memory at a time."""
    yield line(HEAD)
    before: int | None = None
    try:
        while True:
            with Reader(places.record) as reader:
                audit_entries = reader.audit(AT_ONCE, before)
            yield "".join(line(_row(one, words)) for one in audit_entries)
            if len(audit_entries) < AT_ONCE:
                return
            before = audit_entries[-1].id
    except StationError as error:
        yield line([f"the record could not be read further: {error}"])


def _row(one: AuditEntry, words: Words) -> list[str]:
    return [
        str(one.id),
        one.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "yes" if one.trusted else "no",
        one.who,
        one.zone or "",
        one.what,
        "; ".join(f"{name}={value}" for name, value in one.values.items()),
        describe_audit_entry(one.what, one.values, words),
    ]

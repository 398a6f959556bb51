"""What is wrong with a question about the past, as a sentence; dates as the reader writes them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flask import request

from fieldstation.page import history_view
from fieldstation.page.links import Links
from fieldstation.page.sentences import Words
from fieldstation.page.site import Site
from fieldstation.page.span import BadSpan


def said(bad: BadSpan, words: Words) -> str:
    """The sentence."""
    values = dict(bad.values)
    with suppress(KeyError, ValueError):
        values["date"] = words.date(date.fromisoformat(values["date"]))
    return words.say("history", bad.code, **values)


def refused(site: Site, problem: str, code: int) -> Any:
    """The screen with one sentence and the ways on."""
    links = Links("/history", {"lang": request.args.get("lang", "")})
    return site.screen(
        "history.html",
        lambda _, words: {"problem": problem, "chips": history_view.chips("", links, words)},
        code=code, kept=False,
    )  # fmt: skip

"""What is wrong with a question about the past, as a sentence; dates as the reader writes them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from flask import request

from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.history import view as history_view
from fieldstation.page.history.data import BadSpan
from fieldstation.page.history.view import History, Links


def describe_error(bad: BadSpan, words: Words) -> str:
    """The sentence."""
    values = dict(bad.values)
    with suppress(KeyError, ValueError):
        values["date"] = words.date(date.fromisoformat(values["date"]))
    return words.say("history", bad.code, **values)


def refused(page: PageContext, problem: str, code: int) -> Any:
    """The screen with one sentence and the ways on."""
    links = Links("/history", {"lang": request.args.get("lang", "")})
    return page.screen(
        "history.html",
        lambda _, words: History(history_view.chips("", links, words), problem),
        code=code,
        kept=False,
    )

"""Passwords, tokens and addresses go through whatever fails with them in its hands, and none is in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldstation import log
from fieldstation.domain.notification import Failure
from fieldstation.notify.main import _try
from tests.kit.journal import journal
from tests.kit.page_bench import opened

PASSWORD = "correct h'orse \u0926"
TOKEN = "fs_4711secret0815"
ADDRESS = "tgram://bot99:AAsecret/chat"
Lines = Callable[[], list[str]]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    with journal(tmp_path) as read:
        yield lambda: [line for line in read() if line.startswith("ERROR")]


def clean(found: list[str], event: str) -> None:
    """The bug is there with its traceback, the secrets are not."""
    text = "\n".join(found)
    assert found[0].startswith(f"ERROR test: {event}")
    assert " in bug" in text
    for secret in (PASSWORD, repr(PASSWORD)[1:-1], TOKEN, ADDRESS, "h'orse", "4711", "AAsecret"):
        assert secret not in text


def bug(*secrets: object) -> Any:
    raise ValueError(f"nobody foresaw {secrets} {PASSWORD} {TOKEN} {ADDRESS}")


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/session"])
def test_a_screen_and_a_route_that_fail(lines: Lines, path: str) -> None:
    with opened() as bench:
        bench.app.before_request_funcs.setdefault(None, []).insert(0, bug)
        sent = {"name": "Ana", "password": PASSWORD, "apprise_urls": [ADDRESS]}
        body: dict[str, Any] = {"json": {"more": [sent]}} if path.startswith("/api") else {"data": sent}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert bench.client.post(path, **body, headers=headers).status_code == 500
        first = lines()
        assert bench.client.get(f"/?password={TOKEN}&address={ADDRESS}&code={PASSWORD}").status_code == 500
    clean(first, "screen_bug method=POST path=/")
    clean(lines()[len(first) :], "screen_bug method=GET path=/")


def test_a_sender_that_fails(lines: Lines) -> None:
    assert _try(bug, {"text": TOKEN}) is Failure.GARBLED
    found = lines()
    clean(found, "sender_bug")
    assert found[-1].endswith("| ValueError")


def test_what_is_no_secret_stays_to_be_read(lines: Lines) -> None:
    try:
        dict[str, str]()["reed"]
    except KeyError:
        log.exception("bug", hide={"zone": "reed", "password": "abc", "tokens": [TOKEN]})
    assert "KeyError: 'reed'" in lines()[-1]

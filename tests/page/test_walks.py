"""How many files a screen is drawn through: a reader who follows it has to open as many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from flask import Flask

import fieldstation
from tests.benchmarks.screens import lived

ROOM = f"{Path(fieldstation.__file__).parent}/"
MOST_FILES = {"/": 12, "/history?span=30d": 25}
"""With a year on record and everybody answering; whoever looks is not signed in."""


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with lived(years=1) as (made, _, _, _):
        yield made


def walk(app: Flask, address: str) -> Counter[str]:
    """Calls by file of `fieldstation/` while a warm screen is drawn anew."""
    client, seen = app.test_client(), Counter[str]()

    def enter(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(ROOM):
            seen[frame.f_code.co_filename.removeprefix(ROOM)] += 1

    assert client.get(address).status_code == 200
    page = app.extensions["site"]
    page.register.known(), page.source.snapshot()  # what is asked again each second or two is known
    joined = "&" if "?" in address else "?"
    sys.setprofile(enter)
    try:
        answer = client.get(f"{address}{joined}anew=1")  # another address: not the page that was kept
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200
    return seen


@pytest.mark.parametrize(("address", "most"), MOST_FILES.items())
def test_a_screen_is_drawn_through_few_files(app: Flask, address: str, most: int) -> None:
    seen = walk(app, address)
    assert len(seen) <= most, "\n".join(f"{calls:6} {file}" for file, calls in seen.items())

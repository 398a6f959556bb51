"""Whatever a wish carries, the loop that keeps the field alive goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldstation.controller.commands import registry
from fieldstation.wire.line import BadLine, decode, encode
from tests.controller.asked import Asked

HUGE = 10**400


@pytest.mark.parametrize(
    "text",
    [
        f'{{"verb":"day_cap","zone":"north","mm":{HUGE},"by":"anna"}}',
        '{"verb":"commissioned","note":"\\ud800","by":"anna"}',
        '{"verb":"commissioned","note":"\\uDFFF","by":"anna"}',
        '{"\\ud800":1}',
    ],
)
def test_a_line_that_nothing_could_keep_is_refused_at_the_door(text: str) -> None:
    with pytest.raises(BadLine):
        decode(text.encode())


def test_whole_characters_beyond_the_basic_plane_and_milliseconds_pass() -> None:
    message = {"name": "\U0001f33e Übersee", "at": 1_790_000_000_000, "low": -1.5}
    assert decode(encode(message)) == message
    assert decode(json.dumps({"text": "\\ud800 as text"}).encode())["text"] == "\\ud800 as text"


@pytest.mark.parametrize("verb", ["day_cap", "set_setting", "alert_snooze"])
def test_what_no_verb_foresaw_is_refused_not_raised(tmp_path: Path, verb: str) -> None:
    asked = Asked(tmp_path)
    told = {
        "verb": verb,
        "zone": "north",
        "name": "day_cap_mm",
        "mm": HUGE,
        "value": HUGE,
        "hours": HUGE,
        "by": "anna",
    }
    answer = registry.answer(asked.desk, told)
    assert answer is not None
    assert answer["refused"] == "not_understood"
    assert asked.trail() == []

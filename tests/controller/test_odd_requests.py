"""Whatever a request carries, the loop that keeps the field alive goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldstation.controller.commands import registry
from fieldstation.wire.line import BadLine, Message, decode, encode
from tests.controller.asked import Asked
from tests.kit.journal import journal

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


@pytest.mark.parametrize(
    ("verb", "code"),
    [("day_cap", "cap_out_of_range"), ("set_setting", "setting_bad"), ("alert_snooze", "hours_impossible")],
)
def test_a_number_without_end_is_out_of_range_like_any_other(tmp_path: Path, verb: str, code: str) -> None:
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
    assert answer["refused"] == code
    assert asked.audit_log() == []


def test_a_bug_in_a_command_leaves_its_traceback_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*found: object) -> Message:
        raise ValueError(f"nobody foresaw {found[1]}")

    monkeypatch.setitem(registry.COMMANDS, "set_password", bug)
    secrets = {"password": "correct h'orse", "token": "fs_4711", "value": ["tgram://bot/AAsecret"]}
    monkeypatch.setattr(bug, "__name__", "set_password")
    with journal(tmp_path) as lines:
        answer = registry.answer(Asked(tmp_path).desk, {"verb": "set_password", "name": "Ana", **secrets})
    assert answer == {"refused": "not_understood", "values": {}}
    assert lines()[0] == "ERROR test: command_bug verb=set_password"
    text = "\n".join(lines())
    assert "in bug" in text
    assert "'name': 'Ana'" in text, "what is no secret helps to find it"
    assert not [word for word in ("h'orse", "4711", "AAsecret") if word in text]

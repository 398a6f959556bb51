"""`fieldstation advise`, typed: lines in, lines out, whatever stands in them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.kit.advised import advised, written
from tests.kit.commands import fieldstation, refused
from tests.kit.mornings import line, zone

pytestmark = pytest.mark.slow

KEYS = {
    "on",
    "depth_mm",
    "rung",
    "reason",
    "depletion_frac",
    "taw_mm",
    "root_depth_cm",
    "soil_forecast",
    "yield_t_ha",
    "yield_by",
    "harvest_on",
    "drivers",
    "yield_drivers",
    "changes",
    "skipped",
    "below",
    "account",
}


def test_one_answer_a_line_with_every_key(tmp_path: Path) -> None:
    found = advised(written(tmp_path, zone()), [json.dumps(line(day)) for day in range(-1, 30)])
    assert len(found) == 31
    assert all(set(answer) == KEYS for answer in found)
    assert found[0]["reason"]["code"] == "out_of_season"
    assert found[0]["soil_forecast"] == []
    assert [(s["depth_cm"], s["hours"]) for s in found[-1]["soil_forecast"]] == [
        (15, 24),
        (15, 72),
        (15, 168),
        (45, 24),
        (45, 72),
        (45, 168),
    ]


def test_a_bad_line_is_answered_with_its_number_and_the_stream_goes_on(tmp_path: Path) -> None:
    good = [json.dumps(line(day)) for day in range(4)]
    found = advised(
        written(tmp_path, zone()),
        [
            good[0],
            "{not json",
            "[]",
            good[0],
            good[1],
            '{"on": "2026-05-99"}',
            "[" * 5000,
            "x" * 70000,
            good[2],
        ],
    )
    assert [answer.get("line") for answer in found] == [None, 2, 3, 4, None, 6, 7, 8, None]
    assert all(f"line {answer['line']}: " in answer["error"] for answer in found if "line" in answer)


def test_the_same_lines_give_the_same_answers_and_a_state_goes_on(tmp_path: Path) -> None:
    file, state = written(tmp_path, zone()), tmp_path / "state"
    lines = [json.dumps(line(day, irrigated_mm=None)) for day in range(50)]
    whole = advised(file, lines)
    assert whole == advised(file, lines)
    first = advised(file, lines[:30], "--state", state)
    state.write_text(state.read_text() + '{"on": "20')  # a power cut tore the last line
    second = advised(file, lines[30:], "--state", state)
    assert first + second == whole
    other = written(tmp_path, zone(crop="maize"))
    refused(fieldstation("advise", "--zone", other, "--state", state), "not the state of this zone")


def test_answers_come_at_once_and_soon(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fieldstation", "advise", "--zone", str(written(tmp_path, zone()))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    began = time.monotonic()
    took = []
    for day in range(20):
        process.stdin.write(json.dumps(line(day)) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["on"]
        took.append(time.monotonic() - began)
        began = time.monotonic()
    process.stdin.close()
    assert process.wait(10) == 0
    assert took[0] < 20, "generous here: the figure itself is a benchmark's"


@pytest.mark.parametrize("text", ["", "zone = 3", "[zone]\nsoil = 'mud'", "\x00"])
def test_a_zone_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "field.toml"
    file.write_text(text)
    refused(fieldstation("advise", "--zone", file), "field.toml")
    refused(fieldstation("advise", "--zone", tmp_path / "absent.toml"), "absent.toml")


def test_a_damaged_model_is_named_and_the_account_decides(tmp_path: Path) -> None:
    told, file = json.dumps(line(3)), written(tmp_path, zone())
    done = fieldstation("advise", "--zone", file, "--models", tmp_path, given=told + "\n")
    assert done.returncode == 0
    assert "manifest.json" in done.stderr
    assert json.loads(done.stdout)["rung"] == "water_balance"

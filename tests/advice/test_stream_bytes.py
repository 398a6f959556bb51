"""The stream as a process: any bytes in, torn and foreign states, closed pipes, full disks, every mistake of a zone file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldstation.advice.input import plot_from
from fieldstation.advice.state import StreamState
from fieldstation.advice.stream import run
from fieldstation.domain.errors import ConfigError, PlaceError
from fieldstation.learning.forecaster import SHIPPED
from tests.kit.advised import advised, written
from tests.kit.commands import fieldstation, refused
from tests.kit.land import WARM
from tests.kit.models import MODELS
from tests.kit.mornings import line, zone

pytestmark = pytest.mark.slow


class Out:
    """What a stream said."""

    def __init__(self, full_after: int | None = None) -> None:
        self.said: list[Any] = []
        self._left = full_after

    def write(self, text: str) -> int:
        if self._left == 0:
            raise OSError(28, "No space left on device")
        self._left = None if self._left is None else self._left - 1
        self.said.append(json.loads(text))
        return len(text)

    def flush(self) -> None:
        return


def answers(raw: bytes, folder: Path, state: Path | None = None) -> list[Any]:
    """The stream's answers to these bytes, in this process."""
    file, out = folder / "lines", Out()
    file.write_bytes(raw)
    with file.open("rb") as lines:
        run(plot_from(zone()), MODELS, lines, out, state)  # type: ignore[arg-type]
    return out.said


def encoded(days: range, **more: Any) -> list[bytes]:
    return [json.dumps(line(day, **more)).encode() for day in days]


def test_line_ends_marks_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    lines = encoded(range(6))
    plain = answers(b"\n".join(lines) + b"\n", tmp_path)
    assert len(plain) == 6
    assert answers(b"\xef\xbb\xbf" + b"\r\n".join(lines), tmp_path) == plain
    assert answers(b"\n\n" + b"\n   \n\r\n\n".join(lines) + b"\n\n", tmp_path) == plain


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"on": "2026-04-1\xc3"}', "not UTF-8"),
        (b"\x00\x00", "Expecting"),
        (b"NaN", "one JSON object"),
        (b"1" * 5000, "digits"),
        (b"[" * 60000, "lists and objects"),
        (b'{"on":"2026-05-01","x":' + b"[" * 399 + b"]" * 399 + b"}", "come after"),
        (b'{"on":"2026-05-01","x":' + b"[" * 500 + b"]" * 500 + b"}", "lists and objects"),
        (b'{"on":"2026-05-01","x":"' + b"y" * 70000 + b'"}', "longer than 65536"),
        (b'{"on":"2026-05-01","x":"' + b"y" * 300000 + b'"}', "longer than 65536"),
        (b'{"on":"0001-01-01"}', "between the years"),
        (b'{"on":"9999-12-31"}', "between the years"),
        (b'{"on":"\\ud800"}', "must be a date"),
        (b'{"on":20260501}', "must be a date"),
        (b"{}", "must be a date"),
        (b'{"on":"2026-05-01"} {"on":"2026-05-02"}', "Extra data"),
    ],
)
def test_a_line_of_anything_is_answered_with_its_number(tmp_path: Path, bad: bytes, says: str) -> None:
    first, last = encoded(range(60, 62))
    found = answers(b"\n".join([first, bad, last]), tmp_path)
    assert found[1]["line"] == 2
    assert found[1]["error"].startswith("line 2: ")
    assert says in found[1]["error"]
    assert set(found[2]) == set(found[0]), "and the stream goes on"


def test_a_line_as_long_as_the_limit_is_read(tmp_path: Path) -> None:
    raw = json.dumps(line(3)).encode()
    assert "error" not in answers(raw + b" " * (65535 - len(raw)) + b"\n", tmp_path)[0]


def test_numbers_beyond_any_float_are_noticed_not_fatal(tmp_path: Path) -> None:
    raw = (
        b'{"on":"2026-05-01","rain_mm":1e999,"irrigated_mm":NaN,"rh_mean_pct":-Infinity,"air_t_min_c":'
        + b"9" * 400
        + b"}"
    )
    (answer,) = answers(raw, tmp_path)
    codes = answer["reason"]["values"]["noticed"].split(",")
    assert set(codes) == {"rain_impossible", "irrigation_impossible", "humidity_impossible", "air_impossible"}


def test_a_state_resumes_anywhere_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    blind = {"air_t_min_c": None, "air_t_max_c": None, "rain_mm": None, "soil": None}
    days = [
        *encoded(range(12), irrigated_mm=None),
        b'{"torn',
        *encoded(range(14, 16), rain_mm=-3),
        *encoded(range(16, 30), irrigated_mm=None, **blind),  # into the calendar, which remembers its days
        *encoded(range(90, 91)),
        *encoded(range(30, 40), irrigated_mm=None),  # a mistyped date between
    ]
    whole = answers(b"\n".join(days), tmp_path)
    assert {"calendar", "learned"} <= {answer.get("rung") for answer in whole}
    for cut in (1, 13, 15, 22, 27, 30, 31, 35):
        state = tmp_path / f"state-{cut}"
        found = answers(b"\n".join(days[:cut]), tmp_path, state) + answers(
            b"\n".join(days[cut:]), tmp_path, state
        )
        assert [{**a, "line": 0, "error": 0} if "line" in a else a for a in found] == [
            {**a, "line": 0, "error": 0} if "line" in a else a for a in whole
        ], cut


def test_what_was_advised_stands_in_the_state_whatever_decides_later(tmp_path: Path) -> None:
    days, state = encoded(range(30), irrigated_mm=None), tmp_path / "state"
    answers(b"\n".join(days), tmp_path, state)
    rows = state.read_bytes().splitlines()
    changed = [json.dumps({**json.loads(row), "depth_mm": 0.0}).encode() for row in rows[1:]]
    state.write_bytes(b"\n".join([rows[0], *changed]) + b"\n")
    dry = answers(encoded(range(30, 31), irrigated_mm=None)[0], tmp_path, state)
    other = tmp_path / "other"
    answers(b"\n".join(encoded(range(30))), tmp_path, other)
    assert dry == answers(encoded(range(30, 31))[0], tmp_path, other), "nothing advised, nothing booked"


def test_a_state_torn_in_any_place_resumes_or_is_refused(tmp_path: Path) -> None:
    state, torn = tmp_path / "state", tmp_path / "torn"
    answers(b"\n".join(encoded(range(3))), tmp_path, state)
    raw, plot = state.read_bytes(), plot_from(zone())
    head = raw.index(b"\n") + 1
    for at in range(len(raw) + 1):
        torn.write_bytes(raw[:at])
        if 0 < at < head:
            with pytest.raises(PlaceError, match="not the state of this zone"):
                StreamState(torn, plot).answered()
        else:
            assert len(StreamState(torn, plot).answered()) == max(0, raw[:at].count(b"\n") - 1)
    torn.write_bytes(raw + b"\0" * 100)
    assert len(StreamState(torn, plot).answered()) == 3
    for foreign in (
        b"\0" * 512 + b"\n",
        b"[]\n",
        b"hello\n",
        b"\xff\xfe\n",
        raw[:head] + b'{"line": 3}\n',
        raw[:head] + raw[head + 5 :],
    ):
        torn.write_bytes(foreign)
        with pytest.raises(PlaceError, match="not the state of this zone"):
            StreamState(torn, plot).answered()
    row = json.dumps({"line": "{}", "depth_mm": 0, "rung": "learned"}).encode()
    torn.write_bytes(raw[:head] + row + b"\n")
    with pytest.raises(PlaceError, match="not the state of this zone"):
        answers(b"", tmp_path, torn)


def test_a_state_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, zone())
    refused(
        fieldstation("advise", "--zone", file, "--state", tmp_path / "no" / "state"),
        "cannot be written",
        "--state",
    )
    refused(fieldstation("advise", "--zone", file, "--state", tmp_path), "cannot be read")


def test_a_full_disk_ends_the_stream_before_an_unkept_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    real, left = os.fsync, [4]  # the state, its folder, one line

    def full(number: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PlaceError, match="No space left"):
        answers(b"\n".join(encoded(range(5))), tmp_path, state)


def test_an_output_that_is_full_is_told(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"\n".join(encoded(range(5))))
    with file.open("rb") as lines, pytest.raises(PlaceError, match="standard output"):
        run(plot_from(zone()), MODELS, lines, Out(full_after=2), None)  # type: ignore[arg-type]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_process_with_a_full_or_closed_output_ends_without_a_traceback(tmp_path: Path) -> None:
    words = f"{sys.executable} -m fieldstation advise --zone {written(tmp_path, zone())}"
    lines = tmp_path / "lines"
    lines.write_bytes(b"\n".join(encoded(range(300))) + b"\n")
    for shell, code in (
        (f"{words} < {lines} > /dev/full", 2),
        (f"{words} < {lines} >&-", 2),
        (f"{words} <&-", 2),
        (f"set -o pipefail; {words} < {lines} | head -n 1 > {tmp_path / 'one'}", 1),
    ):
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, (shell, done.stderr)
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
    assert json.loads((tmp_path / "one").read_text())["on"]


@pytest.mark.parametrize("harm", ["one byte", "another model", "no model", "manifest"])
def test_a_model_that_is_not_the_manifests_is_refused_and_named(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "models"
    shutil.copytree(SHIPPED, folder)
    name, file = "drying_deep_p50.txt", folder / "drying_deep_p50.txt"
    if harm == "one byte":
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 1
        file.write_bytes(raw)
    elif harm == "another model":
        shutil.copy(folder / "drying_deep_p10.txt", file)
    elif harm == "no model":
        file.unlink()
    else:
        name = "manifest.json"
        (folder / name).write_text('{"sha256": [], "version": 1, "features": 3, "widen": {}}')
    told, file = json.dumps(line(40)), written(tmp_path, zone())
    done = fieldstation("advise", "--zone", file, "--models", folder, given=told + "\n")
    assert done.returncode == 0
    assert name in done.stderr
    answer = json.loads(done.stdout)
    assert answer["rung"] == "water_balance"
    assert answer["yield_t_ha"] is None


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    file = written(tmp_path, zone())
    lines = [json.dumps(line(day, irrigated_mm=None)) for day in range(40)]
    assert advised(file, lines) == advised(file, lines)


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "planted_on": ({"planted_on": "2026-13-01"}, "2026-04-18"),
    "season_days": ({"season_days": 120.5}, "whole days"),
    "min_event_mm": ({"min_event_mm": 30}, "lower it"),
    "crop": ({"crop": ["tomato"]}, "give one of barley"),
    "soil": ({"soil": ["loam"]}, "give one of"),
    "area_m2": ({"area_m2": "large"}, "give a number"),
    "max_depth_mm_per_day": ({"max_depth_mm_per_day": float("nan")}, "give a number"),
    "application_efficiency_frac": ({"application_efficiency_frac": 0}, "from 0.2 to 1"),
    "season_water_cap_mm": ({"season_water_cap_mm": -1}, "from 0 to 5000"),
    "sol": ({"sol": "loam"}, "did you mean 'soil'?"),
}


@pytest.mark.parametrize("key", MISTAKES)
def test_each_mistake_of_a_zone_is_told_with_where_and_what_to_do(key: str) -> None:
    change, do = MISTAKES[key]
    with pytest.raises(ConfigError) as told:
        plot_from(zone(**change), "field.toml")
    (problem,) = [p for p in told.value.problems if p.where == f"field.toml: {key}"]
    assert problem.what
    assert do in problem.do


def test_all_mistakes_of_all_tables_are_told_at_once() -> None:
    table = zone(
        **{
            key: value
            for change, _ in MISTAKES.values()
            for key, value in change.items()
            if key != "min_event_mm"
        }
    )
    table |= {"latitude_deg": 95, "elevation_m": "high", "sone": 3, "prices": {"crop_per_t": 1, "watr": 2}}
    with pytest.raises(ConfigError) as told:
        plot_from(table, "f")
    where = {problem.where.removeprefix("f: ") for problem in told.value.problems}
    assert where == (set(MISTAKES) - {"min_event_mm"}) | {
        "latitude_deg",
        "elevation_m",
        "sone",
        "[prices] watr",
        "[prices] water_per_mm_ha",
        "[prices] event_per_ha",
    }
    with pytest.raises(ConfigError) as told:
        plot_from({"latitude_deg": "x", "prices": 4}, "f")
    assert len(told.value.problems) == 4


@pytest.mark.parametrize(
    "key", ["crop", "planted_on", "area_m2", "max_depth_mm_per_day", "application_efficiency_frac", "soil"]
)
def test_what_is_missing_is_said_to_be_missing(key: str) -> None:
    with pytest.raises(ConfigError, match=f"{key}: is missing"):
        plot_from(zone(**{key: None}))


def test_edges_that_are_allowed_are_taken() -> None:
    assert plot_from(zone(season_water_cap_mm=0)).season_cap_mm == 0
    assert plot_from(zone(min_event_mm=25)).min_event_mm == 25
    assert plot_from(zone(season_days=120.0)).crop.season_days == 120
    priced = {**WARM.zone(), "prices": {"crop_per_t": 1200, "water_per_mm_ha": 1, "event_per_ha": 2}}
    assert plot_from(priced).prices is not None

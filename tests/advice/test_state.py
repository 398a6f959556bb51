"""A state file: nothing answered is lost over any number of restarts, and a line is kept whole or not at all."""

from __future__ import annotations

import io
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from fieldstation.advice.input import plot_from
from fieldstation.advice.state import Answered, StreamState
from fieldstation.domain.decision import Rung
from fieldstation.domain.errors import PlaceError
from tests.kit.mornings import ZONE

PLOT = plot_from(ZONE)
LINES: list[Answered] = [
    ('{"on": "2026-04-11"}', 0.0, Rung.LEARNED),
    ("no JSON, ñ", 12.5, Rung.CALENDAR),
    ("{}", 7.0, Rung.WATER_BALANCE),
]


def process(path: Path, *more: Answered) -> list[Answered]:
    """One life of the program: what it found; then it answers more."""
    kept = StreamState(path, PLOT)
    found = kept.answered()
    kept.begin()
    for answered in more:
        kept.add(*answered)
    kept.close()
    return found


def test_every_process_finds_all_that_those_before_it_answered(tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert process(path, LINES[0]) == []
    assert process(path, LINES[1]) == LINES[:1]
    assert process(path) == LINES[:2], "one that answered nothing forgets nothing"
    assert process(path, LINES[2]) == LINES[:2]
    assert process(path) == LINES
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_a_torn_last_line_was_never_answered(tmp_path: Path) -> None:
    path = tmp_path / "state"
    process(path, *LINES)
    path.write_bytes(path.read_bytes()[:-3])
    assert process(path, LINES[2]) == LINES[:2]
    assert process(path) == LINES


def test_a_state_of_another_zone_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state"
    process(path, *LINES)
    before = path.read_bytes()
    with pytest.raises(PlaceError, match="not the state of this zone"):
        StreamState(path, replace(PLOT, area_m2=PLOT.area_m2 + 1)).answered()
    assert path.read_bytes() == before


BEFORE = Path(__file__).parent / "state_of_version_2"


def test_a_state_of_version_2_is_gone_on_from_in_its_own_zone_alone(tmp_path: Path) -> None:
    path, table = tmp_path / "state", tomllib.loads((BEFORE / "zone.toml").read_text())
    path.write_bytes((BEFORE / "zone.state").read_bytes())
    for change in ({"elevation_m": 11}, {"zone": {**table["zone"], "crop": "melon"}}):
        with pytest.raises(PlaceError, match="not the state of this zone"):
            StreamState(path, plot_from({**table, **change})).answered()
    state = StreamState(path, plot_from(table))
    found = state.answered()
    state.begin()
    state.close()
    assert [depth_mm for _, depth_mm, _ in found] == [25.0, 25.0]
    assert json.loads(path.read_text().splitlines()[0])["fieldstation_advise"] == 3, "written anew"
    assert StreamState(path, plot_from(table)).answered() == found


def test_a_bettered_crop_table_changes_no_zone(tmp_path: Path) -> None:
    path = tmp_path / "state"
    process(path, *LINES)
    assert StreamState(path, replace(PLOT, crop=replace(PLOT.crop, dry_frac=0.5))).answered() == LINES


class Drops(io.BytesIO):
    """A disk that takes a few bytes at a time."""

    def write(self, data: object, /) -> int:
        return super().write(bytes(data)[:5])  # type: ignore[call-overload] # bytes of a row

    def fileno(self) -> int:
        return 7


def test_a_line_is_written_to_its_end_and_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, disk = list[int](), Drops()
    kept = StreamState(tmp_path / "state", PLOT)
    kept.begin()
    kept.close()
    kept._file = disk
    monkeypatch.setattr(
        "fieldstation.advice.state.os.fsync", lambda handle: synced.append(len(disk.getvalue()))
    )
    kept.add(*LINES[1])
    assert disk.getvalue().endswith(b"\n")
    assert synced == [len(disk.getvalue())], "before it is answered, and all of it"

"""Weather files as people have them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.kit.commands import fieldstation, refused

pytestmark = pytest.mark.slow

HEAD = "on,air_t_min_c,air_t_max_c,rain_mm\n"


def rows(days: int, *, without: range = range(0)) -> str:
    first = date(2025, 5, 1)
    return HEAD + "".join(
        f"{first + timedelta(days=day)},12,28,0\n" for day in range(days) if day not in without
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "weather.csv"),
        ("a,b\n1,2\n", "air_t_min_c"),
        (rows(10).replace("12,28", "28,12", 1), "28"),
        (rows(10).replace("2025-05-03", "3 May"), "3 May"),
        (rows(20, without=range(5, 10)), "2025-05-0"),
        (rows(3), "2025-05"),
    ],
    ids=["empty", "no columns", "reversed", "a date in words", "a gap", "too short"],
)
def test_a_garbled_file_is_told_where(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "weather.csv"
    file.write_text(text)
    refused(fieldstation("simulate", "--days", "8", "--zones", "1", "--weather", file), told, "weather.csv")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "weather.csv"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    for file in (binary, tmp_path / "absent.csv", tmp_path):
        refused(fieldstation("simulate", "--days", "3", "--weather", file), file.name)


def test_a_whole_file_is_lived(tmp_path: Path) -> None:
    file = tmp_path / "weather.csv"
    file.write_text(rows(12))
    done = fieldstation("simulate", "--days", "8", "--zones", "1", "--weather", file)
    assert done.returncode == 0, done.stderr

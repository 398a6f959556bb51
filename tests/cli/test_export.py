"""`fieldstation export`: the file is there whole or not at all, and each no says what to do."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fieldstation.cli.record import SAY_AFTER_S, _Watch
from tests.kit.commands import fieldstation, refused
from tests.kit.small_disk import fill, small_disk

pytestmark = pytest.mark.slow


def names(file: Path | io.BytesIO) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_the_whole_record_is_in_the_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "record.zip"
    done = fieldstation("export", target, "--data", data)
    assert done.returncode == 0, done.stderr
    assert {"README.txt", "readings.csv", "runs.csv", "decisions.csv", "audit.csv"} <= set(names(target))
    assert str(target) in done.stdout
    assert list(tmp_path.glob("*.part")) == []


def test_it_goes_to_standard_output_too(data: Path) -> None:
    command = [sys.executable, "-m", "fieldstation", "export", "-", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=60)
    assert "readings.csv" in names(io.BytesIO(done.stdout))


def test_a_file_that_is_there_is_left_as_it_is(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "record.zip"
    target.write_text("years of work")
    refused(fieldstation("export", target, "--data", data), str(target), "another name")
    assert target.read_text() == "years of work"


def test_no_record_and_no_folder_are_named(data: Path, tmp_path: Path) -> None:
    refused(fieldstation("export", tmp_path / "x.zip", "--data", tmp_path), "record.db", "no record")
    refused(fieldstation("export", tmp_path / "none" / "x.zip", "--data", data), str(tmp_path / "none"))
    assert not (tmp_path / "x.zip").exists()


def test_a_folder_that_may_not_be_written_is_named(data: Path) -> None:
    said = refused(fieldstation("export", "/sys/x.zip", "--data", data), "/sys/x.zip", "the right to write")
    assert "start the controller" not in said


def test_a_damaged_record_leaves_no_file(data: Path, tmp_path: Path) -> None:
    (data / "record.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    refused(fieldstation("export", tmp_path / "x.zip", "--data", data), "record.db")
    assert list(tmp_path.glob("x.zip*")) == []


def test_a_full_disk_is_told_by_the_name_of_the_file_and_leaves_nothing(data: Path) -> None:
    with small_disk() as folder:
        fill(folder)
        refused(fieldstation("export", folder / "x.zip", "--data", data), "x.zip", "free some space")
        assert list(folder.glob("x.zip*")) == []


def test_it_gives_up_before_the_disk_is_full(data: Path) -> None:
    with small_disk() as folder:
        refused(
            fieldstation("export", folder / "x.zip", "--data", data, "--leave-mb", 100),
            "100 MB would be left",
        )
        assert list(folder.glob("x.zip*")) == []


def test_a_long_one_says_that_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now_s[0])
    watch = _Watch(tmp_path, 0.0)
    for at_s in (0.0, SAY_AFTER_S - 0.1, SAY_AFTER_S, SAY_AFTER_S + 1, 60.0):
        now_s[0] = at_s
        watch.check_space()
    assert capsys.readouterr().err.splitlines() == ["writing for 2 s ...", "writing for 60 s ..."]
    shutil.rmtree(tmp_path)

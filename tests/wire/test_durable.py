"""Files are there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fieldstation.wire import durable


def test_files_get_their_names_only_when_all_are_synced_and_then_the_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = os.fsync, []

    def watched(handle: int) -> None:
        seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), (tmp_path / "a").exists()))
        real(handle)

    monkeypatch.setattr("os.fsync", watched)
    durable.write(tmp_path, {"a": b"one", "b": b"two"})
    assert seen == [(False, False), (False, False), (True, True)]
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == {"a": b"one", "b": b"two"}


@pytest.mark.parametrize("at", [1, 2])
def test_on_a_full_disk_what_was_there_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    durable.write(tmp_path, {"a": b"one", "b": b"two"})
    left = [at]

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        durable.write(tmp_path, {"a": b"three", "b": b"four"})
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == {"a": b"one", "b": b"two"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        durable.write(tmp_path / "no", {"a": b""})

from __future__ import annotations

from pathlib import Path

import pytest

from fieldstation.store.upkeep import reserve_file


def test_the_ballast_takes_its_room_and_gives_it_back_once(tmp_path: Path) -> None:
    record = tmp_path / "record.db"
    assert reserve_file.reserve(record, 1 << 20)
    assert reserve_file.reserve(record, 1 << 20)
    assert reserve_file.reserve_file(record).stat().st_blocks * 512 >= 1 << 20
    assert reserve_file.release(record) == 1 << 20
    assert reserve_file.release(record) == 0


def test_no_ballast_on_a_disk_without_room(tmp_path: Path) -> None:
    assert not reserve_file.reserve(tmp_path / "record.db", 1 << 60)
    assert list(tmp_path.iterdir()) == []


def test_no_ballast_where_nobody_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reserve_file.reserve(tmp_path / "no such folder" / "record.db", 1 << 20)

    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", refuse)
    assert not reserve_file.reserve(tmp_path / "record.db", 1 << 20)
    assert not reserve_file.reserve_file(tmp_path / "record.db").exists()

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.upkeep import backup, quarantine, reserve_file
from fieldstation.store.upkeep.backup import make, named
from fieldstation.store.upkeep.quarantine import Limits, damaged_files, mend
from tests.kit.records import newest_round
from tests.kit.rows import reading, run

NOW = datetime(2026, 5, 2, 4, 0, tzinfo=UTC)
PAGE = 4096
INDEX_LEAF = 0x0A


@pytest.fixture
def full(path: Path) -> Path:
    """A record of a few hundred pages, closed in order, with a backup."""
    with closing(Record.open(path, "boot")) as record:
        for n in range(3000):
            when = NOW + timedelta(minutes=n)
            taken = [reading(when, n % 97 / 100, f"probe_{k}", raw=n / 7000) for k in range(4)]
            record.add_round(when, n * 60.0, True, taken)
            if n == 1000:
                record.flush()
        record.flush()
    make(path)
    return path


def zero_bytes(path: Path) -> None:
    path.write_bytes(b"")


def garbled_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(100))


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def cut_short(path: Path) -> None:
    os.truncate(path, 60)


def zeroed_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // PAGE * PAGE)
        file.write(bytes(PAGE))


def random_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(10 * PAGE)
        file.write(os.urandom(5 * PAGE))


def other_text(path: Path) -> None:
    path.write_text("this is no database, but a text that someone saved under its name\n" * 100)


DAMAGES = [zero_bytes, garbled_header, cut_in_half, cut_short, zeroed_page, random_pages, other_text]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_kept_and_its_backup_restored(full: Path, damage: Callable[[Path], None]) -> None:
    damage(full)
    spoilt = full.read_bytes()
    notice = mend(full, NOW)
    assert notice is not None
    assert notice.restored == "record.db.backup-1"
    assert "is kept as record.db.corrupt-20260502T040000Z" in str(notice)
    (kept,) = damaged_files(full)
    assert kept.read_bytes() == spoilt
    assert mend(full, NOW) is None
    with Reader(full) as reader:
        assert len(reader.rounds(NOW)) == 3000


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_a_backup_nothing_is_left_in_the_way(full: Path, damage: Callable[[Path], None]) -> None:
    named(full, 1).unlink()
    damage(full)
    notice = mend(full, NOW)
    assert notice is not None
    assert notice.restored is None
    assert "a new record was begun" in str(notice)
    assert not full.exists()


def test_a_damaged_backup_is_passed_over(full: Path) -> None:
    make(full)
    zeroed_page(named(full, 1))
    zero_bytes(full)
    notice = mend(full, NOW)
    assert notice is not None
    assert notice.restored == "record.db.backup-2"


def test_after_an_unclean_stop_an_index_that_does_not_fit_is_found(full: Path) -> None:
    with closing(Record.open(full, "boot")) as record:
        record.add_run(run(NOW), 6.0)
    pages = full.read_bytes()
    for at in range(0, len(pages), PAGE):
        if pages[at] == INDEX_LEAF and b"north" in pages[at : at + PAGE]:
            pages = pages[:at] + pages[at : at + PAGE].replace(b"north", b"nerth") + pages[at + PAGE :]
    full.write_bytes(pages)
    assert quarantine.damage(full, Limits()) is None  # what a quick look after an orderly stop cannot see
    full.with_name("record.db-wal").write_bytes(b"not a log, but something was going on")
    wrong = quarantine.damage(full, Limits())
    assert wrong is not None
    assert "index" in wrong


def test_a_log_that_waits_is_read_and_not_lost(full: Path, tmp_path: Path) -> None:
    with closing(Record.open(full, "boot")) as record:
        when = NOW + timedelta(days=30)
        record.add_round(when, 0.0, True, [reading(when)])
        record.flush()
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for suffix in ("", "-wal"):
            (crashed / f"record.db{suffix}").write_bytes(full.with_name(f"record.db{suffix}").read_bytes())
    assert mend(crashed / "record.db", NOW) is None
    with Reader(crashed / "record.db") as reader:
        found = newest_round(reader)
    assert found is not None
    assert found.at == when


def test_side_files_go_with_the_damaged_record_and_never_meet_the_new_one(full: Path) -> None:
    zero_bytes(full)
    for suffix in ("-wal", "-shm"):
        full.with_name(f"record.db{suffix}").write_bytes(b"of the damaged one")
    assert mend(full, NOW) is not None
    (kept,) = damaged_files(full)
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"of the damaged one"
    assert not full.with_name("record.db-wal").exists()


def test_two_damaged_records_are_kept_and_no_more(full: Path) -> None:
    for n in range(4):
        full.write_bytes(b"damage %d" % n)
        mend(full, NOW + timedelta(hours=n // 2))
    assert [kept.read_bytes() for kept in damaged_files(full)] == [b"damage 2", b"damage 3"]


def test_a_lost_record_comes_back_from_its_backup(full: Path) -> None:
    full.unlink()
    notice = mend(full, NOW)
    assert notice is not None
    assert "missing" in str(notice)
    assert full.exists()


def test_nothing_at_all_is_no_damage(tmp_path: Path) -> None:
    assert mend(tmp_path / "record.db", NOW) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ours", "change", "says", "code"),
    [
        (False, "CREATE TABLE precious (x)", "another program", Trouble.FOREIGN),
        (True, "PRAGMA user_version = 99", "newer release", Trouble.NEWER),
    ],
)
def test_what_another_program_or_a_newer_release_made_is_left_alone(
    path: Path, tmp_path: Path, ours: bool, change: str, says: str, code: Trouble
) -> None:
    if not ours:
        path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute(change)
        other.commit()
    before = path.read_bytes()
    for work in (
        lambda: mend(path, NOW),
        lambda: Record.open(path, "boot"),
        lambda: Reader(path).__enter__(),
    ):
        with pytest.raises(RecordError, match=says) as caught:
            work()
        assert caught.value.code is code
    assert path.read_bytes() == before
    assert ours or list(tmp_path.iterdir()) == [path]


def test_a_full_disk_gives_its_ballast_for_the_backup(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = backup.copy_changed
    assert reserve_file.reserve(full)

    def no_room(source: Path, target: Path) -> int:
        if reserve_file.reserve_file(full).exists():
            raise OSError(28, "No space left on device")
        return whole(source, target)

    monkeypatch.setattr(quarantine, "copy_changed", no_room)
    zero_bytes(full)
    notice = mend(full, NOW)
    assert notice is not None
    assert notice.restored == "record.db.backup-1"

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fieldstation.store.reader import Reader, RecordError, Trouble
from fieldstation.store.record import Record
from fieldstation.store.upkeep import backup
from fieldstation.store.upkeep.backup import copy_changed, make, named, newest_first
from tests.kit.records import newest_round
from tests.kit.rows import at, reading


def add(record: Record, first: int, last: int) -> None:
    for minute in range(first, last):
        record.add_round(at(minute), minute * 60.0, True, [reading(at(minute), mono_s=minute * 60.0)])
    record.flush()


def rounds(path: Path) -> int:
    with Reader(path) as reader:
        return len(reader.rounds(at(-1)))


@pytest.mark.slow
def test_two_backups_are_kept_the_newest_first(path: Path, record: Record) -> None:
    for n in range(3):
        add(record, n * 10, n * 10 + 10)
        assert record.backup() == named(path, 1)
    assert newest_first(path) == [named(path, 1), named(path, 2)]
    assert [rounds(place) for place in newest_first(path)] == [30, 20]
    assert sorted(path.parent.glob("*part*")) == []


@pytest.mark.slow
def test_the_record_can_be_written_while_a_backup_is_made(path: Path, record: Record) -> None:
    add(record, 0, 10)
    work = record.start_backup()
    add(record, 10, 2000)
    assert record.start_backup() is work
    place = work.wait(60.0)
    assert rounds(place) == 10
    assert rounds(path) == 2000
    assert record._connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (200,)
    with pytest.raises(RecordError, match="has ended"):
        work.poll()
    assert rounds(record.backup()) == 2000


def test_only_what_changed_is_written(path: Path, record: Record, tmp_path: Path) -> None:
    add(record, 0, 5000)
    record.close()
    target = tmp_path / "copy"
    whole = copy_changed(path, target)
    assert whole == path.stat().st_size
    with closing(Record.open(path, "boot-a")) as again:
        add(again, 5000, 5060)
    assert 0 < copy_changed(path, target) < whole / 8
    assert target.read_bytes() == path.read_bytes()
    assert copy_changed(path, target) == 0


def test_a_copy_of_something_longer_is_cut(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"a" * 5000)
    (tmp_path / "target").write_bytes(b"b" * 100_000)
    copy_changed(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == b"a" * 5000


@pytest.mark.slow
def test_a_damaged_source_makes_no_backup_and_spoils_none(path: Path, record: Record) -> None:
    add(record, 0, 3000)
    record.backup()
    record.close()
    good = named(path, 1).read_bytes()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(bytes(4096))
    with pytest.raises(RecordError) as caught:
        make(path)
    assert caught.value.code is Trouble.CORRUPT
    assert named(path, 1).read_bytes() == good
    assert len(newest_first(path)) == 1


def test_a_source_that_moved_makes_no_backup(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = backup.copy_changed

    def disturbed(source: Path, target: Path) -> int:
        written = whole(source, target)
        shutil.copystat(__file__, source)
        return written

    monkeypatch.setattr(backup, "copy_changed", disturbed)
    with pytest.raises(RecordError, match="written to during its backup"):
        make(path)
    assert newest_first(path) == []


@pytest.mark.slow
def test_a_child_that_fails_is_told_and_the_record_goes_on(
    path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RecordError, match="exit code 1") as caught:
        record.backup()
    assert caught.value.code is Trouble.FAILED
    talks = path.with_name("talks")
    talks.write_text("#!/bin/sh\necho 'no room on the card' >&2\nexit 1\n")
    talks.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(talks))
    with pytest.raises(RecordError, match=r"the backup failed \(no room on the card\); the older one stays"):
        record.backup()
    monkeypatch.undo()
    add(record, 0, 10)
    assert rounds(record.backup()) == 10


@pytest.mark.slow
def test_a_late_backup_is_ended(path: Path, record: Record) -> None:
    with pytest.raises(RecordError, match="no backup within"):
        record.backup(timeout_s=0.0)
    assert newest_first(path) == []
    record.backup()


@pytest.mark.slow
def test_a_reader_that_stays_delays_the_backup(path: Path, record: Record) -> None:
    add(record, 0, 10)
    with Reader(path) as reader:
        assert reader._connection is not None
        reader._connection.execute("BEGIN")
        assert newest_round(reader) is not None
        add(record, 10, 20)
        with pytest.raises(RecordError, match="no backup can begin") as caught:
            record.backup()
        assert caught.value.code is Trouble.LOCKED
    assert rounds(record.backup()) == 20

"""A record that was closed in order is read on a full disk too: its side files cannot be made again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fieldstation.domain.decision import Event
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError, Trouble
from fieldstation.store.upkeep import reserve_file
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.small_disk import fill, small_disk

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def test_a_closed_record_is_read_on_a_full_disk() -> None:
    with small_disk() as folder:
        path = folder / "record.db"
        prepare(path, NOW)
        record = Record.open(path, "boot")
        record.add_event(Event("controller_started", NOW, True, None, {}))
        record.close()
        reserve_file.release(path)
        fill(folder)
        with pytest.raises(RecordError) as no_room:
            Record.open(path, "boot")
        assert no_room.value.code is Trouble.DISK_FULL
        with Reader(path) as reader:
            assert [event.code for event in reader.events(NOW)] == ["controller_started"]


def test_a_record_is_wiped_on_a_full_disk() -> None:
    with small_disk() as folder:
        path = folder / "record.db"
        prepare(path, NOW)
        record = Record.open(path, "boot")
        with record.together():
            for _ in range(5000):
                record.add_event(Event("x", NOW, True, None, {"by": "z" * 400}))
        fill(folder)
        record.wipe("Ana")
        assert path.stat().st_size < 1_000_000
        record.add_event(Event("goes on", NOW, True, None, {}))
        record.close()
        with Reader(path) as reader:
            assert [event.code for event in reader.events(NOW)] == ["record_wiped", "goes on"]

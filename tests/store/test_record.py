from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.decision import Event
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.store import record as record_module
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError, Trouble
from fieldstation.store.upkeep import reserve_file
from tests.kit.records import newest_round
from tests.kit.rows import at, decision, reading, run


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(rows)


def test_rounds_wait_for_the_flush_and_come_back_whole(path: Path, record: Record) -> None:
    taken = [
        reading(at(seconds=-2), 0.2345678, raw=1.8312345, mono_s=58.0),
        reading(at(), None, sensor="other", quality=Quality.STUCK, raw=0.0, mono_s=60.0),
        reading(at(), 0.0, sensor="gauge", quantity=Quantity.RAIN, mono_s=60.0),
    ]
    record.add_round(at(), 60.0, True, taken)
    assert count(path, "round") == 0
    record.flush()
    with Reader(path) as reader:
        found = newest_round(reader)
    assert found is not None
    assert (found.at, found.mono_s, found.boot_id, found.trusted) == (at(), 60.0, "boot-a", True)
    assert [r.value for r in found.readings] == [0.234568, None, 0.0]
    assert [r.raw for r in found.readings] == [1.83123, 0.0, None]
    assert [r.quality for r in found.readings] == [Quality.GOOD, Quality.STUCK, Quality.GOOD]
    assert [r.at for r in found.readings] == [at(seconds=-2), at(), at()]
    assert [r.mono_s for r in found.readings] == [58.0, 60.0, 60.0]


def test_a_batch_is_one_commit_and_an_empty_flush_writes_nothing(path: Path, record: Record) -> None:
    for minute in range(5):
        record.add_round(at(minute), minute * 60.0, True, [reading(at(minute), mono_s=minute * 60.0)])
    seen: list[str] = []
    record._connection.set_trace_callback(seen.append)
    record.flush()
    record.flush()
    assert seen.count("COMMIT") == 1
    assert count(path, "round") == 5


def test_values_that_are_no_numbers_lose_their_value(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at(), float("nan"), raw=float("inf"))])
    record.flush()
    with Reader(path) as reader:
        found = newest_round(reader)
    assert found is not None
    assert (found.readings[0].value, found.readings[0].quality) == (None, Quality.OUT_OF_RANGE)


def test_runs_decisions_and_events_are_there_at_once_and_only_once(path: Path, record: Record) -> None:
    event = Event("stop_latched", at(), False, None, {"by": "page"})
    for _ in range(2):
        record.add_run(run(at()), 6.0)
        record.add_decision(decision(at()))
    record.add_event(event)
    with Reader(path) as reader:
        assert reader.runs("north", at(-60)) == [run(at())]
        assert reader.decisions("north", at(-60)) == [decision(at())]
        assert reader.events(at(-60)) == [event]


def test_every_row_knows_boot_monotonic_time_and_trust(path: Path, record: Record) -> None:
    record.add_run(run(at()), 6.0)
    record.add_event(Event("x", at(), False))
    with closing(sqlite3.connect(path)) as connection:
        for table, trusted in (("run", 1), ("event", 0)):
            row = connection.execute(
                f"SELECT mono_s, boot_id, trusted FROM {table} JOIN boot ON boot.id = boot"
            ).fetchone()
            assert row == (100.0, "boot-a", trusted)


def test_while_another_writes_rounds_wait_and_the_error_is_clear(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at())])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for write in (record.flush, lambda: record.add_event(Event("x", at(), True))):
            with pytest.raises(RecordError, match="another program is writing") as caught:
                write()
            assert caught.value.code is Trouble.LOCKED
        other.execute("ROLLBACK")
    record.flush()
    assert count(path, "round") == 1


def test_a_full_buffer_drops_the_oldest_rounds_and_says_so(
    path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_module, "MAX_ROUNDS", 10)
    for minute in range(14):
        record.add_round(at(minute), minute * 60.0, True, [reading(at(minute), mono_s=minute * 60.0)])
    assert record.dropped == 4
    record.flush()
    assert record.dropped == 0
    with Reader(path) as reader:
        assert [found.at for found in reader.rounds(at(-1))] == [at(minute) for minute in range(4, 14)]
        assert [(e.code, e.values) for e in reader.events(at(-1))] == [("readings_dropped", {"rounds": 4.0})]


def test_a_full_disk_loses_nothing_and_the_ballast_is_released_once(path: Path, record: Record) -> None:
    assert record.keep_reserve()
    (pages,) = record._connection.execute("PRAGMA page_count").fetchone()
    record._connection.execute(f"PRAGMA max_page_count = {pages}")
    for minute in range(400):
        record.add_round(at(minute), minute * 60.0, True, [reading(at(minute), mono_s=minute * 60.0)])
    with pytest.raises(StationError, match="free some space") as caught:
        record.flush()
    assert isinstance(caught.value, RecordError)
    assert caught.value.code is Trouble.DISK_FULL
    assert record.free_reserve()
    assert not record.free_reserve()
    assert not reserve_file.reserve_file(path).exists()
    record._connection.execute("PRAGMA max_page_count = 100000")
    record.flush()
    assert count(path, "round") == 400


def test_a_past_goes_in_at_once_with_its_roll_ups(path: Path, record: Record) -> None:
    with record.bulk(ZoneInfo("Europe/Rome")):
        for n in range(4000):  # more than the buffer holds
            record.add_round(at(n * 10), n * 600.0, True, [reading(at(n * 10), mono_s=n * 600.0)])
        record.add_decision(decision(at()))
        record.add_run(run(at()), 6.0)
        assert count(path, "round") == 0
    assert count(path, "round") == 4000
    assert record.dropped == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT sum(n) FROM hourly").fetchone() == (4000,)
        assert connection.execute("SELECT sum(n) FROM daily").fetchone() == (4000,)
    assert count(path, "decision") == count(path, "run") == 1


def test_a_past_that_fails_leaves_nothing_and_the_record_goes_on(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at(), sensor="before")])

    def fill() -> None:
        with record.bulk(ZoneInfo("UTC")):
            for n in range(3000):
                record.add_round(at(n), n * 60.0, True, [reading(at(n), sensor="during")])
            raise RuntimeError("the simulated past broke")

    with pytest.raises(RuntimeError):
        fill()
    record.add_round(at(5), 300.0, True, [reading(at(5), sensor="during")])
    record.flush()
    with Reader(path) as reader:
        assert [r.readings[0].sensor for r in reader.rounds(at(-1))] == ["before", "during"]


def test_a_new_boot_goes_on_with_the_same_series(path: Path) -> None:
    for boot in ("boot-a", "boot-b", "boot-a"):
        opened = Record.open(path, boot)
        opened.add_round(at(), 0.0, True, [reading(at())])
        opened.flush()
        opened.close()
    assert (count(path, "boot"), count(path, "series"), count(path, "round")) == (2, 1, 3)


@pytest.mark.slow
def test_a_wipe_leaves_nothing_to_find(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at(), sensor="secret-probe")])
    record.flush()
    record.roll_up(ZoneInfo("UTC"))
    record.backup()
    shutil.copy(path, path.with_name(path.name + ".backup-part"))
    path.with_name(path.name + ".corrupt-20260101T000000Z").write_text("secret-probe")
    record.wipe("Ana")
    for file in path.parent.iterdir():
        assert b"secret-probe" not in file.read_bytes(), file
    record.add_round(at(), 0.0, True, [reading(at(), sensor="new")])
    record.flush()
    assert record.roll_up(ZoneInfo("UTC")) == 1
    assert count(path, "round") == count(path, "series") == 1


def test_columns_take_only_their_type(record: Record) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
        record._connection.execute(
            "INSERT INTO round (at, mono_s, boot, trusted, readings) VALUES ('noon', 0, 1, 1, '')"
        )

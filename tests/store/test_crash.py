"""What a killed or starved writer leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldstation.domain.decision import Event
from fieldstation.store.errors import RecordError
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.upkeep import quarantine
from fieldstation.store.upkeep.quarantine import Limits
from tests.kit.records import newest_round
from tests.kit.rows import at, reading

KILLS = 20
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fieldstation.domain.decision import Event
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.store.record import Record
at = datetime(2026, 5, 2, tzinfo=UTC)
life, record = int(sys.argv[2]), Record.open(Path(sys.argv[1]), "boot-" + sys.argv[2])
n = 0
while True:
    record.add_round(at, n, True, [Reading("probe", Quantity.SOIL_WATER, 0.25, Quality.GOOD, at, n)])
    if n % 5 == 4:
        record.flush()
    record.add_event(Event("x", at, True, None, {"life": life, "n": n}))
    print(n, flush=True)
    n += 1
"""


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_had_promised(path: Path) -> None:
    promised: set[tuple[float, float]] = set()
    for life in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(life)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(10 + 3 * life):
            promised.add((life, int(writer.stdout.readline())))
        writer.send_signal(signal.SIGKILL)
        promised.update((life, int(line)) for line in writer.stdout if line.endswith("\n"))
        writer.wait()
        writer.stdout.close()
        assert quarantine.damage(path, Limits()) is None
    with Reader(path) as reader:
        kept = {(e.values["life"], e.values["n"]) for e in reader.events(BEGIN, limit=1_000_000)}
        flushed = len(reader.rounds(BEGIN))
    assert promised <= kept
    assert flushed % 5 == 0
    assert flushed >= sum(max(n for a, n in promised if a == life) // 5 * 5 for life in range(KILLS))


STARVED = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from fieldstation.domain.decision import Event
from fieldstation.store.record import Record, RecordError
path = Path(sys.argv[1])
record = Record.open(path, "starved")
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
n = 0
try:
    while True:
        record.add_event(Event("x", datetime(2026, 5, 2, tzinfo=UTC), True, None, {"n": n, "text": "y" * 500}))
        n += 1
except RecordError as error:
    print(n, error.code)
"""


@pytest.mark.slow
def test_a_writer_that_cannot_grow_the_file_says_so_and_keeps_what_it_promised(path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", STARVED, str(path)], capture_output=True, text=True, check=True
    )
    n, code = child.stdout.split()
    assert code in {"io", "disk_full"}
    assert quarantine.damage(path, Limits()) is None
    with Reader(path) as reader:
        assert len(reader.events(BEGIN, limit=100_000)) >= int(n) > 10


def test_a_failed_commit_leaves_the_writer_able_to_go_on(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at())])
    (pages,) = record._connection.execute("PRAGMA page_count").fetchone()
    record._connection.execute(f"PRAGMA max_page_count = {pages}")
    record.add_event(Event("fits", at(), True))
    with pytest.raises(RecordError):
        record.add_event(Event("too large", at(), True, None, {"text": "y" * 50_000}))
    record.add_event(Event("fits again", at(), True))
    record.flush()
    with Reader(path) as reader:
        assert [event.code for event in reader.events(BEGIN)] == ["fits", "fits again"]
        assert newest_round(reader) is not None


def test_the_writer_of_a_corrupt_file_says_so(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 4096))
    with (
        pytest.raises(RecordError, match="restart the controller"),
        closing(Record.open(path, "boot")) as record,
    ):
        record.add_event(Event("x", at(), True))

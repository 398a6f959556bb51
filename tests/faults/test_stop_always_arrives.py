"""STOP goes from the page to the guard alone: no other process, no database and no disk is in its way."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.small_disk import fill, small_disk
from tests.kit.station import Demo, free_port, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk() as folder:
        yield folder


@pytest.fixture
def station() -> Iterator[Callable[[Path | None], Demo]]:
    made: list[Demo] = []
    folders: list[str] = []

    def make(folder: Path | None = None) -> Demo:
        if folder is None:
            folders.append(tempfile.mkdtemp(prefix="stop-"))
            folder = Path(folders[-1])
        made.append(demo := Demo(folder / "data", free_port()))
        demo.start("field", "guard", "controller", "page")
        wait_for(lambda: "pump:main" in demo.relays_on(), 60, "the station waters")
        return demo

    yield make
    for demo in made:
        demo.close()
    for name in folders:
        shutil.rmtree(name, ignore_errors=True)


def stops(demo: Demo) -> None:
    """STOP by the page: the guard's own answer, and the relays themselves."""
    code, answer = demo.post("/api/v1/stop")
    assert (code, answer["stopped"]) == (200, True)
    assert not any(line["on"] for line in answer["lines"].values())
    assert demo.relays_on() == []


def test_with_the_controller_killed(station: Callable[[], Demo]) -> None:
    demo = station()
    demo.kill("controller")
    stops(demo)


def test_with_the_database_locked(station: Callable[[], Demo]) -> None:
    demo = station()
    lock = sqlite3.connect(demo.places.record, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        stops(demo)
        assert demo.get("/api/v1/status")["guard"]["stop_latched"] is True
    finally:
        lock.close()


def test_with_the_database_overwritten_by_rubbish(station: Callable[[], Demo]) -> None:
    demo = station()
    with demo.places.record.open("r+b") as record:
        record.write(b"rubbish " * 4096)
    stops(demo)
    assert demo.get("/api/v1/status")["guard"]["stop_latched"] is True


def test_with_the_disk_full_and_the_latch_outlives_the_guard(
    disk: Path, station: Callable[[Path], Demo]
) -> None:
    demo = station(disk)
    phone = demo.technician()
    fill(disk)
    stops(demo)
    demo.kill("guard")
    demo.start("guard")
    assert demo.guard("status")["stop_latched"] is True
    assert demo.relays_on() == []
    assert demo.post("/api/v1/resume")[0] == 401, "to resume takes a login"
    assert phone.post("/resume")[0] == 200, "who is signed in resumes with the disk full too"
    assert not demo.guard("status")["stop_latched"]


def test_a_silent_guard_is_told_and_never_called_stopped(station: Callable[[], Demo]) -> None:
    demo = station()
    demo.kill("guard")
    assert demo.post("/api/v1/stop") == (503, {"stopped": False, "reason": "guard_silent"})

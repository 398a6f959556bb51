"""A fresh record for each test, and small nouns to put into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.store_clock import START, HandClock


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "record.db"
    assert prepare(path, START) is None
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "record.db"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def record(path: Path, clock: HandClock) -> Iterator[Record]:
    opened = Record.open(path, "boot-a", clock, busy_s=0.2)
    yield opened
    opened.close()

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldstation.store.upkeep.migrate import prepare
from tests.kit.controller_bench import START
from tests.kit.learning_bench import Bench


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A new record, made once: a test writes these bytes where it wants one."""
    path = tmp_path_factory.mktemp("blank") / "record.db"
    prepare(path, START)
    return path.read_bytes()


@pytest.fixture
def bench(tmp_path: Path, blank: bytes) -> Iterator[Bench]:
    """The learning of a controller."""
    made = Bench(tmp_path, blank)
    yield made
    made.learning.close()
    made.record.close()

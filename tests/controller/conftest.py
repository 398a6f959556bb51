from __future__ import annotations

import pytest

from fieldstation.store.migrate import prepare
from tests.controller.bench import START


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A new record, made once: a test writes these bytes where it wants one."""
    path = tmp_path_factory.mktemp("blank") / "record.db"
    prepare(path, START)
    return path.read_bytes()

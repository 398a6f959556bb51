from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kit.station import Demo


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared demo's data folder; copy it."""
    data = tmp_path_factory.mktemp("made") / "data"
    Demo(data, 1, history_days=2)
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))

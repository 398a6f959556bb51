from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.station import Demo, free_port


@pytest.fixture
def demo() -> Iterator[Callable[..., Demo]]:
    made: list[Demo] = []
    folders: list[str] = []

    def make(**options: object) -> Demo:
        folders.append(tempfile.mkdtemp(prefix="station-"))
        made.append(Demo(Path(folders[-1]) / "data", free_port(), **options))  # type: ignore[arg-type] # keywords of Demo
        return made[-1]

    yield make
    for station in made:
        station.close()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)

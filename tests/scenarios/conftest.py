from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenarios.station import Demo


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


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

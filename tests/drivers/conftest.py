"""A fake field, and real pins on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldstation.drivers.pins.backend import Pins, open_pins
from tests.drivers.fake_field import FakeClock, FakeField


@pytest.fixture
def field(tmp_path: Path) -> Iterator[FakeField]:
    made = FakeField(tmp_path / "field.sock")
    yield made
    made.die()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pins(field: FakeField) -> Iterator[Pins]:
    opened = open_pins("simulated", field.path, "test")
    yield opened
    opened.close()

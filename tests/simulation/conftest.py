"""A station with every kind of device."""

from __future__ import annotations

import pytest

from fieldstation.domain.station import Station
from tests.kit.worlds import station_of


@pytest.fixture
def station() -> Station:
    return station_of(2)

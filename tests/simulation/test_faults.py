from __future__ import annotations

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.domain.station import Station
from fieldstation.simulation.faults import Fault, checked, targets


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_finds_a_target_by_itself(station: Station, fault: Fault) -> None:
    found, target = checked(station, fault.value, None)
    assert found is fault
    assert (target is None) is (fault in (Fault.RAIN_NOW, Fault.JUMP_CLOCK))


def test_everything_with_a_wire_can_be_unplugged(station: Station) -> None:
    names = targets(station, Fault.UNPLUG)
    assert {"zone1_soil", "zone2_deep", "air", "rain", "stop_button"} <= set(names)
    assert {pump.tank_float.id for pump in station.pumps if pump.tank_float} <= set(names)
    assert "stop_button" not in targets(station, Fault.STUCK)


def test_an_unknown_fault_names_the_known(station: Station) -> None:
    with pytest.raises(ConfigError, match="'unplugged' is not known; choose one of: unplug, stuck"):
        checked(station, "unplugged", None)


def test_an_unknown_target_names_the_possible(station: Station) -> None:
    with pytest.raises(ConfigError, match="no 'north' here; choose: zone1, zone2"):
        checked(station, "block_valve", "north")
    with pytest.raises(ConfigError, match="choose: pump:main, valve:zone1, valve:zone2"):
        checked(station, "weld_relay", "main")

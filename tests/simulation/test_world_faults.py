"""What each fault does to the world, where a station can see it, and that it can be mended."""

from __future__ import annotations

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.domain.reading import Quality, Quantity
from tests.kit.worlds import make_world, steady_weather
from tests.simulation.looking import NOMINAL_LPM, by_sensor, water, zone


def test_an_unplugged_probe_does_not_answer_until_it_is_mended() -> None:
    world = make_world()
    world.fault("unplug", "zone1_soil")
    sample = by_sensor(world.samples(0.0))[("zone1_soil", Quantity.SOIL_WATER)]
    assert (sample.value, sample.fault) == (None, Quality.NO_ANSWER)
    assert world.shows("zone1_soil") is None
    world.clear("unplug")
    assert by_sensor(world.samples(0.0))[("zone1_soil", Quantity.SOIL_WATER)].value is not None


def test_a_stuck_probe_repeats_itself_through_rain_and_noise() -> None:
    world = make_world(available_frac=0.2)
    key = ("zone1_soil", Quantity.SOIL_WATER)
    last = by_sensor(world.samples(0.0))[key].value
    world.fault("stuck", "zone1_soil")
    world.wet("zone1")
    assert {by_sensor(world.samples(0.0))[key].value for _ in range(20)} == {last}
    world.clear("stuck", "zone1_soil")
    assert by_sensor(world.samples(0.0))[key].value != last


def test_a_jammed_or_unplugged_gauge_hears_no_rain() -> None:
    for fault in ("stuck", "unplug"):
        world = make_world()
        world.fault(fault, "rain")
        world.fault("rain_now")
        world.step(1800)
        assert by_sensor(world.samples(0.0))[("rain", Quantity.RAIN)].value == 0
        world.clear(fault, "rain")
        world.step(600)
        heard = by_sensor(world.samples(0.0))[("rain", Quantity.RAIN)].value
        assert heard == pytest.approx(2.4, abs=0.21)  # what fell since, not what fell before


def test_sudden_rain_is_fifteen_millimetres_in_an_hour() -> None:
    world = make_world(weather=steady_weather())
    world.step(1234)
    world.fault("rain_now")
    assert world.truth()["air"]["raining"]
    world.step(1800)
    assert zone(world)["rain_mm"] == pytest.approx(7.5)
    world.step(7200)
    assert zone(world)["rain_mm"] == pytest.approx(15.0)
    assert not world.raining
    assert abs(zone(world)["balance_error_mm"]) < 1e-9


def test_pump_faults_show_where_a_station_can_see_them() -> None:
    world = make_world()
    world.set_line("valve:zone1", on=True)
    world.set_line("pump:main", on=True)
    assert world.flow_lpm("main") == pytest.approx(NOMINAL_LPM)
    world.fault("block_valve", "zone1")
    assert world.flow_lpm("main") == 0
    world.clear("block_valve")
    world.fault("burst_pipe")
    assert world.flow_lpm("main") > 1.8 * NOMINAL_LPM
    world.clear("burst_pipe")
    world.fault("dead_flow_meter")
    world.step(60)
    assert world.litres("main") == 0 < world.plumbing["main"].passed_l
    world.clear("dead_flow_meter")
    world.fault("drain_tank")
    assert not world.tank_ok("main")
    assert world.flow_lpm("main") == 0
    world.step(3600)
    assert not world.tank_ok("main")
    world.clear("drain_tank")
    assert world.tank_ok("main")
    assert world.truth()["faults"] == {}


def test_a_welded_relay_waters_behind_the_guards_back() -> None:
    world = make_world()
    water(world, "zone1", 10)
    world.fault("weld_relay", "pump:main")
    world.fault("weld_relay", "valve:zone1")
    assert not world.line("pump:main")
    assert world.flow_lpm("main") == pytest.approx(NOMINAL_LPM)
    assert world.truth()["faults"] == {"weld_relay": ["pump:main", "valve:zone1"]}
    world.clear("weld_relay", "pump:main")
    assert world.flow_lpm("main") < 100


def test_cut_wires_of_the_guards_inputs_show_their_safe_side() -> None:
    world = make_world()
    pump = world.station.pumps[0]
    assert pump.tank_float is not None
    assert pump.flow is not None
    assert world.tank_ok("main")
    assert [world.stop_pressed] == [False]  # in a list: a bare assert would bind it for mypy
    world.fault("unplug", pump.tank_float.id)
    world.fault("unplug", "stop_button")
    world.fault("unplug", pump.flow.meter.id)
    assert not world.tank_ok("main")
    assert world.stop_pressed
    water(world, "zone1", 60)
    assert world.litres("main") == 0
    assert world.plumbing["main"].passed_l > 300


def test_clearing_everything_mends_everything() -> None:
    world = make_world(zones=2)
    for name, target in (
        ("unplug", "air"),
        ("stuck", "zone2_soil"),
        ("drain_tank", None),
        ("block_valve", "zone2"),
        ("weld_relay", "pump:main"),
        ("burst_pipe", None),
        ("dead_flow_meter", None),
        ("rain_now", None),
    ):
        world.fault(name, target)
    assert len(world.truth()["faults"]) == 7
    world.clear()
    assert world.truth()["faults"] == {}
    assert world.tank_ok("main")
    assert not world.truth()["air"]["raining"]


def test_clearing_one_kind_mends_it_everywhere() -> None:
    world = make_world()
    world.fault("unplug", "zone1_deep")
    world.fault("unplug", "air")
    world.clear("unplug")
    assert world.truth()["faults"] == {}


def test_wetting_a_zone_fills_it_and_an_unknown_one_is_named() -> None:
    world = make_world(available_frac=0.1)
    world.wet("zone1")
    assert zone(world)["depletion_frac"] == pytest.approx(0.0)
    assert abs(zone(world)["balance_error_mm"]) < 1e-9
    with pytest.raises(ConfigError, match="no zone 'north' here; choose: zone1"):
        world.wet("north")

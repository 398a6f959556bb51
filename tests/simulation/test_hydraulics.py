from __future__ import annotations

import pytest

from fieldstation.domain.station import Station
from fieldstation.simulation.hydraulics import DITCH, Plumbing
from tests.simulation.looking import NOMINAL_LPM


@pytest.fixture
def plumbing(station: Station) -> Plumbing:
    return Plumbing(station.pumps[0], ["zone1", "zone2"], capacity_l=5000, refill_lpm=0)


def run(plumbing: Plumbing, *zones: str) -> None:
    for zone in zones:
        plumbing.drive(f"valve:{zone}", on=True)
    plumbing.drive("pump:main", on=True)


def test_one_zone_gets_the_nominal_flow(plumbing: Plumbing) -> None:
    run(plumbing, "zone1")
    assert plumbing.flow_lpm == pytest.approx(NOMINAL_LPM)
    assert plumbing.step(30.0) == pytest.approx({"zone1": NOMINAL_LPM / 2})
    assert plumbing.metered_l == plumbing.passed_l == pytest.approx(NOMINAL_LPM / 2)
    assert plumbing.tank_l == pytest.approx(5000 - NOMINAL_LPM / 2)


def test_two_zones_share_more_than_one_but_less_than_twice(plumbing: Plumbing) -> None:
    run(plumbing, "zone1", "zone2")
    flows = plumbing.step(60.0)
    assert flows["zone1"] == flows["zone2"]
    assert NOMINAL_LPM < plumbing.flow_lpm < 2 * NOMINAL_LPM


def test_a_pump_against_shut_valves_moves_nothing(plumbing: Plumbing) -> None:
    run(plumbing)
    assert plumbing.flow_lpm == 0
    assert plumbing.step(60.0) == {}


def test_an_open_valve_lets_a_little_through_by_itself(plumbing: Plumbing) -> None:
    plumbing.drive("valve:zone1", on=True)
    assert 0 < plumbing.flow_lpm < 0.25 * NOMINAL_LPM


def test_a_blocked_valve_passes_nothing(plumbing: Plumbing) -> None:
    run(plumbing, "zone1")
    plumbing.blocked.add("zone1")
    plumbing.changed()
    assert plumbing.flow_lpm == 0


def test_a_welded_relay_goes_on_while_its_line_is_off(plumbing: Plumbing) -> None:
    plumbing.welded |= {"pump:main", "valve:zone1"}
    plumbing.changed()
    assert not plumbing.driven("pump:main")
    assert plumbing.contact("pump:main")
    assert plumbing.flow_lpm == pytest.approx(NOMINAL_LPM)


def test_a_burst_pipe_shows_as_too_much_flow_and_starves_the_zone(plumbing: Plumbing) -> None:
    run(plumbing, "zone1")
    plumbing.burst = True
    plumbing.changed()
    flows = plumbing.step(60.0)
    assert plumbing.pump.flow is not None
    assert plumbing.flow_lpm > plumbing.pump.flow.max_lpm
    assert flows["zone1"] < 0.5 * NOMINAL_LPM < flows[DITCH]


def test_water_is_neither_made_nor_lost(plumbing: Plumbing) -> None:
    plumbing.refill_lpm = 40.0
    plumbing.capacity_l = 1e9  # never overflows
    given_l, minutes = 0.0, 0.0
    for number in range(3000):
        plumbing.drive("pump:main", on=number % 7 < 4)
        plumbing.drive("valve:zone1", on=number % 5 < 3)
        plumbing.drive("valve:zone2", on=number % 11 < 2)
        plumbing.burst = 500 < number < 600
        plumbing.changed()
        given_l += sum(plumbing.step(7.0).values())
        minutes += 7 / 60
    assert given_l == pytest.approx(plumbing.passed_l)
    assert plumbing.tank_l == pytest.approx(5000 + 40 * minutes - given_l)
    assert given_l > 5000  # more than the tank held at first: it ran dry in between


def test_an_empty_tank_gives_what_it_had_and_then_nothing(plumbing: Plumbing) -> None:
    run(plumbing, "zone1")
    plumbing.tank_l = 100.0
    assert plumbing.step(3600.0)["zone1"] == pytest.approx(100.0)
    assert plumbing.step(60.0) == {}
    assert plumbing.flow_lpm == 0
    assert not plumbing.tank_ok


def test_a_dead_meter_stands_still_while_water_runs(plumbing: Plumbing) -> None:
    run(plumbing, "zone1")
    plumbing.meter_dead = True
    plumbing.step(60.0)
    assert plumbing.metered_l == 0
    assert plumbing.passed_l == pytest.approx(NOMINAL_LPM)


def test_the_tank_overflows_at_its_rim(plumbing: Plumbing) -> None:
    plumbing.refill_lpm = 1000.0
    plumbing.step(600.0)
    assert plumbing.tank_l == 5000

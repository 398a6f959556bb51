"""The world as a whole: books that close, time that may be cut anywhere, faults and their marks."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.simulation.world import World
from tests.kit.worlds import make_world, steady_weather
from tests.simulation.looking import NOMINAL_LPM, by_sensor, water, zone

DAY_S = 86400.0


def live(world: World, days: int, *, refill_at_frac: float | None, part: float = 1.0) -> World:
    """Live `days` days; each dawn, zones drier than a part of what they can hold are refilled."""
    for _ in range(days):
        world.step(5 * 3600)
        for id, truth in world.truth()["zones"].items():
            if refill_at_frac is not None and truth["depletion_frac"] > refill_at_frac:
                litres = part * truth["depletion_mm"] / 0.85 * 200
                water(world, id, min(litres / NOMINAL_LPM * 60, 3 * 3600))
        into_day_s = world.at.timestamp() % DAY_S
        world.step(DAY_S - into_day_s)
    return world


# -- books and time -------------------------------------------------------------------------


def test_water_is_accounted_for_over_a_season_with_rain_and_irrigation() -> None:
    rainy = steady_weather(160, rain_mm=3.0)
    world = live(make_world(zones=2, weather=rainy), 150, refill_at_frac=0.5)
    world.wet("zone2")
    for id in ("zone1", "zone2"):
        assert abs(zone(world, id)["balance_error_mm"]) < 1e-6
        assert zone(world, id)["rain_mm"] == pytest.approx(450.0)
    given_mm = sum(zone(world, id)["irrigation_mm"] for id in ("zone1", "zone2"))
    assert given_mm > 100
    assert given_mm * 200 == pytest.approx(world.plumbing["main"].passed_l)


def test_the_same_seed_lives_the_same_season_and_another_does_not() -> None:
    def lived(seed: int) -> str:
        world = make_world(zones=2, seed=seed)
        said = []
        for _ in range(200):
            world.step(1800)
            said += [(s.sensor, s.value) for s in world.samples(0.0)]
        return json.dumps([said, world.dump()])

    assert lived(5) == lived(5)
    assert lived(5) != lived(6)


@pytest.mark.parametrize("irrigated", [False, True])
def test_an_hour_in_six_parts_is_an_hour(irrigated: bool) -> None:
    whole, parts = (make_world(weather=steady_weather(rain_mm=4.0), available_frac=0.6) for _ in range(2))
    for hour in range(24 * 10):
        if irrigated and hour % 72 in (6, 8):
            for world in (whole, parts):
                world.set_line("valve:zone1", on=hour % 72 == 6)
                world.set_line("pump:main", on=hour % 72 == 6)
        whole.step(3600)
        for _ in range(6):
            parts.step(600)
    assert whole.at == parts.at
    one, six = zone(whole), zone(parts)
    for key in ("irrigation_mm", "rain_mm"):
        assert one[key] == pytest.approx(six[key])
    for key in ("transpiration_mm", "evaporation_mm", "drainage_mm", "depletion_mm"):
        assert one[key] == pytest.approx(six[key], abs=0.3), key


def test_any_cut_of_time_gives_the_same_water() -> None:
    whole, parts = make_world(), make_world()
    for world in (whole, parts):
        world.set_line("valve:zone1", on=True)
        world.set_line("pump:main", on=True)
    whole.step(1800.5)
    for seconds in (0.1, 0.4, 700, 0.0, 600, 499, 1):
        parts.step(seconds)
    assert whole.litres("main") == pytest.approx(parts.litres("main"))
    assert zone(whole)["irrigation_mm"] == pytest.approx(zone(parts)["irrigation_mm"])
    assert whole.at == parts.at


@pytest.mark.parametrize("timezone", ["UTC", "Asia/Kolkata", "America/Phoenix", "Pacific/Chatham"])
def test_all_rain_of_a_local_day_falls_on_it(timezone: str) -> None:
    from zoneinfo import ZoneInfo

    start = datetime(2026, 2, 1, tzinfo=ZoneInfo(timezone))
    world = make_world(weather=steady_weather(rain_mm=7.0), start_at=start, timezone=timezone)
    for number in range(1, 8):
        world.step(DAY_S)
        assert zone(world)["rain_mm"] == pytest.approx(7.0 * number)
        assert zone(world)["day"] == number


def test_a_season_may_end_with_the_last_day_of_the_weather_but_not_go_on() -> None:
    world = make_world(weather=steady_weather(12))  # two days before the start, ten after
    world.step(10 * DAY_S)
    assert world.samples(0.0)
    with pytest.raises(
        ConfigError, match="no weather for 2026-02-11; choose dates from 2026-01-30 to 2026-02-10"
    ):
        world.step(1)
    with pytest.raises(ConfigError, match="no weather for 2026-02-11"):
        make_world(weather=steady_weather(12)).step(11 * DAY_S)


def test_a_world_cannot_begin_outside_its_weather() -> None:
    with pytest.raises(ConfigError, match="no weather for 2027-01-01"):
        make_world(weather=steady_weather(12), start_at=datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.slow
def test_a_season_of_four_zones_in_ten_minute_steps_is_quick() -> None:
    world = make_world(zones=4)
    began = time.process_time()
    for _ in range(150 * 144):
        world.step(600)
    assert time.process_time() - began < 2.5


# -- crops ----------------------------------------------------------------------------------


def test_more_water_gives_more_up_to_the_potential() -> None:
    crop = make_world().station.zones[0].crop
    full = zone(live(make_world(), crop.season_days, refill_at_frac=0.4))
    deficit = zone(live(make_world(), crop.season_days, refill_at_frac=0.8, part=0.35))
    rainfed = zone(live(make_world(), crop.season_days, refill_at_frac=None))
    assert full["yield_t_ha"] > 0.97 * crop.yield_potential_t_ha
    assert 0.3 * crop.yield_potential_t_ha < deficit["yield_t_ha"] < 0.95 * full["yield_t_ha"]
    assert rainfed["yield_t_ha"] < 0.7 * deficit["yield_t_ha"]
    assert full["irrigation_mm"] > deficit["irrigation_mm"] > rainfed["irrigation_mm"] == 0
    assert full["stress_days"] == 0 < deficit["stress_days"] < rainfed["stress_days"]
    assert 500 < full["transpiration_mm"] < 950  # a warm dry season of maize
    assert 40 < full["evaporation_mm"] < 0.4 * full["transpiration_mm"]


def test_zones_differ_as_fields_do_from_their_table() -> None:
    truths = [zone(make_world(zones=4), f"zone{n}")["taw_mm"] for n in range(1, 5)]
    assert len(set(truths)) == 4
    assert max(truths) < 1.5 * min(truths)


def test_each_zone_may_start_in_its_own_state() -> None:
    two = make_world(zones=2)
    world = World(two.station, two._weather, 3, two.at, {"zone1": 0.2, "zone2": 1.0})
    assert zone(world, "zone1")["depletion_frac"] == pytest.approx(0.8)
    assert zone(world, "zone2")["depletion_frac"] == pytest.approx(0.0)


# -- sensors --------------------------------------------------------------------------------


def test_a_round_has_every_sensor_once() -> None:
    world = make_world(zones=2)
    world.step(600)
    samples = world.samples(600.0)
    assert [(s.sensor, s.quantity.value) for s in samples] == [
        ("zone1_soil", "soil_water"),
        ("zone1_deep", "soil_water"),
        ("zone2_soil", "soil_water"),
        ("zone2_deep", "soil_water"),
        ("air", "air_t"),
        ("air", "air_rh"),
        ("rain", "rain"),
    ]
    assert {s.at for s in samples} == {world.at}
    assert {s.mono_s for s in samples} == {600.0}


def test_watering_shows_in_the_shallow_probe() -> None:
    """The demo's calibration falls with water: fewer volts, more water."""
    world = make_world(available_frac=0.3)
    before = by_sensor(world.samples(0.0))[("zone1_soil", Quantity.SOIL_WATER)].value
    water(world, "zone1", 1800)
    world.step(7200)
    after = by_sensor(world.samples(0.0))[("zone1_soil", Quantity.SOIL_WATER)].value
    assert before is not None
    assert after is not None
    assert before - after > 0.1


def test_rain_is_counted_in_whole_tips_and_none_is_lost() -> None:
    world = make_world(weather=steady_weather(rain_mm=5.1))
    rounds_mm = []
    for _ in range(144 * 5):
        world.step(600)
        value = by_sensor(world.samples(0.0))[("rain", Quantity.RAIN)].value
        assert value is not None
        rounds_mm.append(value)
    assert sum(rounds_mm) == pytest.approx(25.4)  # 25.5 mm fell, half a tip waits
    assert all(abs(mm / 0.2 - round(mm / 0.2)) < 1e-9 for mm in rounds_mm)
    assert max(rounds_mm) < 1.5


def test_the_air_sensor_fails_now_and_then() -> None:
    world = make_world()
    faults = [by_sensor(world.samples(0.0))[("air", Quantity.AIR_T)].fault for _ in range(2000)]
    assert 5 < faults.count(Quality.NO_ANSWER) < 50


# -- state ----------------------------------------------------------------------------------


def test_a_world_handed_on_goes_on_as_it_was() -> None:
    first = live(make_world(zones=2), 20, refill_at_frac=0.5)
    state = json.loads(json.dumps(first.dump()))
    second = make_world(zones=2, start_at=first.at)
    second.load(state)
    assert second.dump() == first.dump()
    for world in (first, second):
        world.step(5 * DAY_S)
    assert second.truth() == first.truth()


@pytest.mark.parametrize("damage", ["other zones", "no plots", "words", "layers"])
def test_a_state_that_does_not_fit_is_refused(damage: str) -> None:
    state = make_world().dump()
    if damage == "other zones":
        state["plots"] = {"north": state["plots"]["zone1"]}
    elif damage == "no plots":
        del state["plots"]
    elif damage == "words":
        state["pumps"]["main"]["tank_l"] = "full"
    else:
        state["plots"]["zone1"]["column"]["water_mm"] = [1.0]
    with pytest.raises(ConfigError, match="does not fit this station"):
        make_world().load(state)


def test_time_of_the_world_is_utc() -> None:
    world = make_world()
    world.step(90)
    assert world.at == datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=90)
    assert world.at.tzinfo is UTC

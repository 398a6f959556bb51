"""The air of days to come, from the map and from what was seen."""

from __future__ import annotations

from fieldstation.agronomy.usual_warmth import UsualWarmth

JULY, JANUARY = 200, 15


def mean(warmth: UsualWarmth, day: int, ahead: int = 60) -> float:
    air = warmth.expected(day, ahead)
    return (air.t_min_c + air.t_max_c) / 2


def test_summers_are_where_they_belong() -> None:
    north, south, equator = (UsualWarmth(latitude, 100) for latitude in (45.0, -35.0, 1.0))
    assert mean(north, JULY) > mean(north, JANUARY) + 10
    assert mean(south, JULY) < mean(south, JANUARY) - 8
    assert abs(mean(equator, JULY) - mean(equator, JANUARY)) < 5


def test_it_learns_its_place_and_keeps_the_wave() -> None:
    here = UsualWarmth(50.0, 0)
    before = mean(here, JULY)
    for day in range(100, 160):
        here.saw(day, 14.0, 26.0)
    assert mean(here, JULY) > before + 2
    assert mean(here, JULY) > mean(here, 350) + 8


def test_a_warm_spell_is_expected_to_last_a_little() -> None:
    here = UsualWarmth(45.0, 0)
    for day in range(120, 150):
        here.saw(day, 8.0, 18.0)
    for day in range(150, 155):
        here.saw(day, 18.0, 30.0)
    assert mean(here, 156, 1) > mean(here, 156, 40) + 2


def test_the_spread_of_a_day_is_learned() -> None:
    here = UsualWarmth(40.0, 0)
    for day in range(100, 200):
        here.saw(day, 20.0, 24.0)
    air = here.expected(201, 1)
    assert 4 <= air.t_max_c - air.t_min_c < 4.5

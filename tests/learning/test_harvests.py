"""Harvests move the yield, little at first, and slips of the pen do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.learning.harvests import (
    SCALE_FROM,
    SCALE_TO,
    by_harvests,
    corrected,
    correction,
    line,
    ratio,
)


def test_the_first_harvest_moves_a_third_of_the_way() -> None:
    assert ratio([(10.0, 8.0)]) == pytest.approx(0.8 ** (1 / 3))
    found = correction("north", "maize", [(10.0, 8.0)])
    assert (found.used, found.seasons, found.why) == (True, 1, "ratio")
    assert 8.0 < corrected(10.0, found, 12.0) < 10.0


def test_more_seasons_move_further() -> None:
    scales = [correction("north", "maize", [(10.0, 8.0)] * n).scale for n in range(1, 6)]
    assert scales == sorted(scales, reverse=True)
    assert 0.8 < scales[-1] < 0.87


def test_a_line_takes_over_when_many_seasons_follow_one() -> None:
    pairs = [(told, 0.5 * told + 3.0) for told in (4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)]
    found = correction("north", "maize", pairs)
    assert (found.why, found.scale, found.plus_t_ha) == ("line", 0.5, 3.0)
    assert corrected(6.0, found, 12.0) == pytest.approx(6.0)
    assert correction("north", "maize", pairs[:5]).why == "ratio"


def test_what_no_field_gives_is_not_used_and_named() -> None:
    found = correction("north", "tomato", [(6.0, 100.0)])
    assert (found.used, found.why) == (False, "not_credible")
    assert corrected(6.0, found, 8.0) == 6.0
    mixed = correction("north", "tomato", [(6.0, 100.0), (6.0, 5.0)])
    assert (mixed.used, mixed.seasons, mixed.why) == (True, 1, "some_not_credible")
    assert correction("north", "tomato", []).why == "no_harvest"


@given(st.lists(st.tuples(st.floats(0.1, 30), st.floats(0, 60)), max_size=12), st.floats(0, 20))
def test_no_harvests_take_a_forecast_beyond_its_bounds(pairs: list[tuple[float, float]], told: float) -> None:
    found = correction("north", "maize", pairs)
    assert 0 <= corrected(told, found, 12.0) <= max(told, 1.45 * 12.0)
    if found.used and found.why != "line":
        assert SCALE_FROM <= found.scale <= SCALE_TO


def test_what_is_next_to_nothing_is_a_slip_as_well() -> None:
    assert correction("north", "maize", [(10.0, 0.9)]).why == "not_credible"
    assert correction("north", "maize", [(10.0, 1.1)]).used


def test_a_line_is_taken_only_where_it_foretells_seasons_left_out_better_and_makes_sense() -> None:
    noisy = [(8.0, 6.8), (8.1, 7.5), (8.2, 7.7), (8.3, 7.4), (8.4, 7.8), (8.5, 7.5), (8.6, 7.6)]
    assert line(noisy) is not None
    assert correction("north", "maize", noisy).why == "ratio"
    falling = [(told, 14.0 - told) for told in (4.0, 5.0, 6.0, 7.0, 8.0, 9.0)]
    assert line(falling) is None, "more promised, less brought in"
    assert correction("north", "maize", falling).why == "ratio"
    assert line([(told, 3.0 * told) for told in (4.0, 5.0, 6.0)]) is None
    assert line([(5.0, 4.0), (5.0, 6.0)]) is None


def test_the_parts_of_a_corrected_forecast_add_up_to_it() -> None:
    by_line = correction("north", "maize", [(told, 0.5 * told + 3.0) for told in (4.0, 5, 6, 7, 8, 9)])
    assert by_line.why == "line"
    parts = [("usual", 9.0), ("rain", -2.0), ("soil", -1.0)]
    moved = [by_harvests(effect, by_line, start=name == "usual") for name, effect in parts]
    assert moved == pytest.approx([0.5 * 9 + 3, -1.0, -0.5])
    assert sum(moved) == pytest.approx(corrected(6.0, by_line, 12.0))
    unused = correction("north", "maize", [])
    assert by_harvests(2.5, unused, start=True) == 2.5

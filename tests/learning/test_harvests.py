"""Harvests move the yield, little at first, and slips of the pen do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.learning.harvests import SCALE_FROM, SCALE_TO, corrected, correction, ratio


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

"""What a zone file and a line may say, and what is noticed in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.advice.input import LineError, parse_line, plot_from
from fieldstation.config.tables import crop_names, soils
from fieldstation.domain.errors import ConfigError
from tests.kit.mornings import line, zone


def test_a_zone_file_becomes_a_plot() -> None:
    plot = plot_from(zone(season_days=130, season_water_cap_mm=300, min_event_mm=3))
    assert plot.crop.season_days == 130
    assert (plot.season_cap_mm, plot.min_event_mm, plot.soil.texture) == (300, 3, "loam")
    own = plot_from(zone(soil=None, field_capacity_frac=0.30, wilting_point_frac=0.14))
    assert (own.soil.field_capacity_frac, own.soil.wilting_point_frac) == (0.30, 0.14)
    assert len(soils()) == 12
    assert len(crop_names()) >= 15
    for name in crop_names():
        assert plot_from(zone(crop=name)).crop.name == name


def test_every_problem_of_a_zone_file_is_told_at_once() -> None:
    wrong = zone(
        soil="mud", crop="triffid", planted_on="soon", area_m2=-1, application_efficiency_frac=85, sol="loam"
    )
    with pytest.raises(ConfigError) as told:
        plot_from(wrong, "field.toml")
    where = {problem.where for problem in told.value.problems}
    assert where == {
        f"field.toml: {key}"
        for key in ("soil", "crop", "planted_on", "area_m2", "application_efficiency_frac", "sol")
    }
    with pytest.raises(ConfigError, match="zone"):
        plot_from({"latitude_deg": 1})
    with pytest.raises(ConfigError, match="below field capacity"):
        plot_from(zone(soil=None, field_capacity_frac=0.2, wilting_point_frac=0.25))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rain_mm": -3}, "rain_impossible"),
        ({"rain_mm": "much"}, "rain_impossible"),
        ({"air_t_min_c": 59.0, "air_t_max_c": 88.0}, "air_impossible"),
        ({"air_t_min_c": 25.0, "air_t_max_c": 12.0}, "air_reversed"),
        ({"rh_mean_pct": 400}, "humidity_impossible"),
        ({"irrigated_mm": -1}, "irrigation_impossible"),
        ({"soil": [{"depth_cm": 15, "vwc_frac": 24.0}]}, "soil_in_percent"),
        ({"soil": [{"depth_cm": 15, "vwc_frac": -0.2}]}, "soil_impossible"),
        ({"soil": "wet"}, "soil_impossible"),
        ({"soil": [7]}, "soil_impossible"),
        ({"forecast": [{"rain_mm": -5}]}, "forecast_impossible"),
    ],
)
def test_what_cannot_be_is_left_out_and_named(change: dict[str, Any], code: str) -> None:
    told = parse_line(line(3, **change), 0.0)
    assert code in told.noticed
    assert parse_line(line(3), 0.0).noticed == ()


def test_unknown_water_means_the_advice_was_followed() -> None:
    assert parse_line(line(3, irrigated_mm=None), 12.5).morning.irrigated_mm == 12.5
    assert parse_line(line(3, irrigated_mm=4.0), 12.5).morning.irrigated_mm == 4.0


@pytest.mark.parametrize("bad", [None, [], 3, {}, {"on": "May"}, {"on": 20260501}])
def test_a_line_without_a_date_is_refused(bad: object) -> None:
    with pytest.raises(LineError):
        parse_line(bad, 0.0)


junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda c: (
        st.lists(c, max_size=3)
        | st.dictionaries(st.sampled_from(["depth_cm", "vwc_frac", "rain_mm"]), c, max_size=3)
    ),
    max_leaves=6,
)
keys = st.sampled_from(
    ["air_t_min_c", "air_t_max_c", "rh_mean_pct", "rain_mm", "soil", "irrigated_mm", "forecast"]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.dictionaries(keys, junk))
def test_anything_in_a_dated_line_is_taken_or_noticed(rest: dict[str, Any]) -> None:
    morning = parse_line({"on": "2026-05-01", **rest}, 1.0).morning
    for value in (morning.air_t_min_c, morning.rain_mm, morning.irrigated_mm, morning.rh_mean_frac):
        assert value is None or -60 <= value <= 600
    assert all(0 <= probe.vwc_frac <= 0.7 for probe in morning.probes)

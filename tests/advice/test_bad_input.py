"""Bad input, kind by kind: named, a rung below `learned`, and never more water than without the value.

What no line can tell apart from the truth is not here: rain in inches (a twenty-fifth of the
rain), a probe's depth in another unit that is still a depth, a gauge that counts a little wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.advice.stream import advice_plain
from fieldstation.domain.decision import Reason, Rung
from tests.advice.bad_lines import GOES_ON, KINDS, SOIL, fahrenheit, first_probe, probes
from tests.kit.land import COOL, WARM, Line, Place, Season, lived
from tests.kit.models import MODELS, twin

DAYS = 100
FROM = 20
ABSENT_MM = 1.0
"""A season of bad lines may take this much more than one without the bad values."""
CLEAN = 1.2
"""And so many times the water of the clean season: without its air a field is watered by its probes alone."""


@cache
def clean(place: Place) -> Season:
    return lived(place, DAYS, keep_from=FROM)


def mornings(place: Place) -> list[tuple[Adviser, Line]]:
    """Some mornings of the clean season: those with water, and a few without."""
    season = clean(place)
    wet = [day for day in season.stood if season.answers[day].rung is Rung.LEARNED]
    with_water = [day for day in wet if season.answers[day].choice.depth_mm > 0]
    dry = [day for day in wet if season.answers[day].choice.depth_mm == 0]
    return [season.stood[day] for day in sorted({*with_water[:: max(1, len(with_water) // 6)], *dry[::25]})]


@cache
def lasting(place: Place, change: Callable[[Line], Line]) -> Season:
    return lived(place, DAYS, lambda line, day: change(line) if day >= FROM else line)


@pytest.mark.parametrize("place", [WARM, COOL], ids=["warm", "cool"])
@pytest.mark.parametrize("kind", KINDS)
def test_on_one_day_it_is_named_steps_down_and_gives_no_more(kind: str, place: Place) -> None:
    bad, watered = KINDS[kind], 0
    for adviser, line in mornings(place):
        spoilt, missing = twin(adviser), twin(adviser)
        if kind == "probes swapped":  # probes that stand alike can be swapped without harm
            for one in (spoilt, missing):
                one._soil._last = {15: line["soil"][0]["vwc_frac"], 45: line["soil"][0]["vwc_frac"] + 0.06}
            line = {
                **line,
                "soil": [line["soil"][0], {"depth_cm": 45, "vwc_frac": line["soil"][0]["vwc_frac"] + 0.06}],
            }
        answer = spoilt.advise(parse_line(bad.spoil(line), adviser.advised_mm))
        plain = missing.advise(parse_line(bad.absent(line), adviser.advised_mm))
        assert any(code.startswith(bad.code) for code in answer.noticed), (line["on"], answer.noticed)
        assert answer.rung is not Rung.LEARNED
        assert answer.choice.depth_mm <= plain.choice.depth_mm, line["on"]
        watered += plain.choice.depth_mm > 0
    assert watered > 2, "on some of these days there was water to be had"


@pytest.mark.parametrize("kind", GOES_ON)
def test_lasting_it_takes_no_more_water_than_absent_or_clean(kind: str) -> None:
    bad = KINDS[kind]
    for place in (WARM, COOL) if bad.code.startswith("air") else (WARM,):
        spoilt, absent = lasting(place, bad.spoil), lasting(place, bad.absent)
        assert all(answer.noticed and answer.rung is not Rung.LEARNED for answer in spoilt.answers[FROM:])
        assert spoilt.water_mm <= absent.water_mm + ABSENT_MM
        assert spoilt.water_mm <= CLEAN * clean(place).water_mm
        assert spoilt.yield_t_ha > 0.9 * clean(place).yield_t_ha, "and the crop lives"


def spoilt_from(place: Place, change: Callable[[Line], Line], first: int) -> Season:
    return lived(place, DAYS, lambda line, day: change(line) if day >= first else line)


@pytest.mark.parametrize("place", [WARM, COOL], ids=["warm", "cool"])
def test_fahrenheit_from_the_first_line_on_is_noticed_without_any_usual_air(place: Place) -> None:
    found = spoilt_from(place, fahrenheit, 0)
    assert all({"air_impossible", "air_jumps"} & set(answer.noticed) for answer in found.answers)
    assert all(answer.rung is not Rung.LEARNED for answer in found.answers)
    assert found.water_mm <= CLEAN * clean(place).water_mm


def test_a_frosty_spring_in_fahrenheit_passes_for_no_summer() -> None:
    adviser = Adviser(plot_from(COOL.zone(crop="wheat", planted_on=date(2026, 3, 5))), MODELS)
    for day in range(20):  # -4 to 6 C, told as 25 to 43: not one is beyond every place on earth
        on = date(2026, 3, 5) + timedelta(days=day)
        line = {
            "on": on.isoformat(),
            "air_t_min_c": 25 + day % 3,
            "air_t_max_c": 43.0 + day % 2,
            "rain_mm": 0,
        }
        assert "air_impossible" in adviser.advise(parse_line(line, 0.0)).noticed


def test_a_true_change_of_the_air_is_believed_in_the_end() -> None:
    adviser = twin(clean(COOL).stood[FROM][0])
    lines = [line for _, line in list(clean(COOL).stood.values())[:15]]
    warm = [{**line, "air_t_min_c": 27.0 + n % 2, "air_t_max_c": 40.0} for n, line in enumerate(lines)]
    codes = ["air_jumps" in adviser.advise(parse_line(line, 0.0)).noticed for line in warm]
    assert codes[:6] == [True] * 6
    assert not any(codes[6:])


LASTING = {
    "stuck": ("probe_stuck", 6, probes(lambda v: 0.21)),
    "one stuck": ("probe_stuck", 6, first_probe(lambda v: 0.16)),
    "over field capacity": ("probes_over_full", 30, probes(lambda v: v * 0.01 + 0.335)),
    "over saturation": ("probes_over_full", 30, probes(lambda v: v * 0.01 + 0.58)),
    "below wilting": ("probes_below_wilting", 4, probes(lambda v: v * 0.1 + 0.07)),
}


@pytest.mark.parametrize("kind", LASTING)
def test_what_only_time_can_tell_is_named_and_no_longer_waters(kind: str) -> None:
    code, after_days, change = LASTING[kind]
    found = spoilt_from(WARM, change, FROM)
    late = found.answers[FROM + after_days - 1 :]
    assert all(code in answer.noticed for answer in late), [answer.noticed for answer in late]
    assert all(answer.rung is not Rung.LEARNED for answer in late)
    assert found.water_mm <= CLEAN * lasting(WARM, SOIL).water_mm
    # a month of probes that call dry ground wet costs something before they are no longer heard
    assert found.yield_t_ha > (0.85 if after_days == 30 else 0.9) * clean(WARM).yield_t_ha


def test_swapped_probes_are_named_while_their_pasts_are_mixed() -> None:
    adviser, line = next(
        (a, li)
        for a, li in clean(WARM).stood.values()
        if abs(li["soil"][0]["vwc_frac"] - li["soil"][1]["vwc_frac"]) > 0.07
    )
    adviser = twin(adviser)
    adviser.advise(parse_line(line, 0.0))
    on, found = date.fromisoformat(line["on"]), []
    for day in range(1, 13):
        swapped = KINDS["probes swapped"].spoil({**line, "on": str(on + timedelta(days=day))})
        for probe in swapped["soil"]:
            probe["vwc_frac"] += 0.001 * (day % 3)
        found.append("probes_swapped" in adviser.advise(parse_line(swapped, 0.0)).noticed)
    assert found == [True] * 10 + [False] * 2


def test_weeks_of_silence_are_named_for_a_day_and_give_no_flood() -> None:
    before, line = clean(WARM).stood[40]
    adviser = twin(before)
    on = date.fromisoformat(line["on"]) - timedelta(days=1)
    for days, named in ((13, False), (14, True), (25, True)):
        late = {
            **line,
            "on": str(on + timedelta(days=days)),
            "rain_mm": 5.0,
            "irrigated_mm": 25.0,
            "season_irrigated_mm": None,
        }
        answer = twin(adviser).advise(parse_line(late, 0.0))
        assert ("gap_of_weeks" in answer.noticed) is named
        assert (answer.rung is Rung.LEARNED) is not named
        assert 0 <= answer.choice.depth_mm <= 25


def test_a_mistyped_date_does_not_end_the_season() -> None:
    clean_lines = [line for _, line in list(clean(WARM).stood.values())[:12]]
    for leap in ("2026-06-30", "2027-05-03"):
        adviser = twin(clean(WARM).stood[FROM][0])
        before_mm = adviser.given_mm
        answers = []
        for n, line in enumerate(clean_lines):
            told = {**line, "on": leap} if n == 3 else line
            answers.append(adviser.advise(parse_line(told, adviser.advised_mm)))
        assert "date_went_back" in answers[4].noticed
        assert answers[4].rung is Rung.WATER_BALANCE
        assert answers[5].noticed == () or "date_went_back" not in answers[5].noticed
        assert adviser.history.on == date.fromisoformat(clean_lines[-1]["on"])
        told_mm = sum(line["irrigated_mm"] for line in clean_lines)
        assert adviser.given_mm - before_mm == pytest.approx(told_mm), "what the leaping line told still came"
    with pytest.raises(ValueError, match="does not come after"):
        adviser.advise(parse_line(clean_lines[-1], 0.0))
    with pytest.raises(ValueError, match="does not come after"):
        adviser.advise(parse_line(clean_lines[2], 0.0))


def test_before_planting_and_after_harvest_nothing_is_given_and_it_is_said() -> None:
    for planted in (date(2026, 9, 1), date(2024, 4, 10)):
        adviser = Adviser(plot_from(WARM.zone(planted_on=planted)), MODELS)
        for _, line in list(clean(WARM).stood.values())[:3]:
            answer = adviser.advise(parse_line(line, 0.0))
            assert (answer.choice.depth_mm, answer.choice.reason) == (0.0, Reason.OUT_OF_SEASON)
            assert answer.choice.values["day"] == (answer.on - planted).days


def test_the_seasons_water_counts_the_larger_against_the_cap() -> None:
    plot = plot_from(WARM.zone(season_water_cap_mm=100))
    for line, left_mm in (
        ({"irrigated_mm": 60.0}, 40.0),
        ({"irrigated_mm": 60.0, "season_irrigated_mm": 90.0}, 10.0),
        ({"season_irrigated_mm": 90.0}, 10.0),
        ({"irrigated_mm": 60.0, "season_irrigated_mm": 5.0}, 40.0),
    ):
        adviser = Adviser(plot, MODELS)
        adviser.advise(parse_line({"on": "2026-06-01", "season_irrigated_mm": 0.0}, 0.0))
        adviser.advise(parse_line({"on": "2026-06-02", **line}, 0.0))
        assert adviser.given_mm == pytest.approx(100 - left_mm), line


def test_a_total_tells_unknown_water_better_than_the_advice_does() -> None:
    adviser = Adviser(plot_from(WARM.zone()), MODELS)
    adviser.advise(parse_line({"on": "2026-06-01", "season_irrigated_mm": 30.0}, 0.0))
    answer = adviser.advise(parse_line({"on": "2026-06-02", "season_irrigated_mm": 42.0}, 20.0))
    assert answer.noticed == ()
    assert adviser.history.season["water"] == pytest.approx(12.0)
    assert adviser.given_mm == pytest.approx(42.0)


number = (
    st.none()
    | st.sampled_from([0, -5, 1e-9, 0.5, 18.0, 31.5, 66.0, 1e6, 10**400, float("nan"), "7", True])
    | st.floats(-80, 150)
)
morning = st.fixed_dictionaries(
    {"days": st.sampled_from([1, 1, 1, 1, 2, 5, 30])},
    optional={
        "air_t_min_c": number,
        "air_t_max_c": number,
        "rh_mean_pct": number,
        "rain_mm": number,
        "irrigated_mm": number,
        "season_irrigated_mm": number,
        "soil": st.lists(
            st.fixed_dictionaries({}, optional={"depth_cm": number, "vwc_frac": number | st.floats(0, 0.6)}),
            max_size=3,
        ),
        "forecast": st.lists(
            st.none() | st.fixed_dictionaries({}, optional={"rain_mm": number, "air_t_max_c": number}),
            max_size=3,
        ),
    },
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(morning, min_size=1, max_size=12),
    st.sampled_from([0.0, 0.3, 1.005, 2.3, 9.0]),
    st.sampled_from([9.0, 25.0]),
    st.sampled_from([None, 0, 7.5, 60]),
    st.integers(-5, 130),
)
def test_whatever_comes_the_depth_keeps_its_bounds(
    mornings: list[dict[str, Any]], least_mm: float, most_mm: float, cap_mm: float | None, first_day: int
) -> None:
    zone = WARM.zone(
        min_event_mm=least_mm,
        max_depth_mm_per_day=most_mm,
        **({} if cap_mm is None else {"season_water_cap_mm": cap_mm}),
    )
    adviser = Adviser(plot_from(zone), MODELS)
    on = WARM.planted_on + timedelta(days=first_day)
    for line in mornings:
        told = {key: value for key, value in line.items() if key != "days"}
        answer = adviser.advise(parse_line({"on": on.isoformat(), **told}, adviser.advised_mm))
        depth_mm = answer.choice.depth_mm
        assert depth_mm == 0 or least_mm <= depth_mm <= most_mm
        if cap_mm is not None and depth_mm > 0:
            assert adviser.given_mm + depth_mm <= cap_mm + 1e-9
        assert not answer.noticed or answer.rung is not Rung.LEARNED
        json.dumps(advice_plain(answer), allow_nan=False)
        on += timedelta(days=line["days"])

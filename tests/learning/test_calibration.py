"""What a zone's record says of it, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.run import Code, Run
from fieldstation.domain.soil import Soil
from fieldstation.learning.calibration import crop_use, field_capacity, layers, mm_per_minute, response

SOIL = Soil("loam", 0.31, 0.15, 0.46)
FIRST = date(2026, 5, 1)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def run(day: int, lpm: float = 40.0, on_s: float = 1200.0, *, measured: bool = True) -> Run:
    begin = NOON + timedelta(days=day)
    litres = lpm * on_s / 60
    end = begin + timedelta(seconds=on_s)
    return Run(f"r{day}", day, "north", "auto", begin, end, on_s, litres, measured, Code.DONE)


def test_flow_is_what_the_meter_showed() -> None:
    found = mm_per_minute("north", [run(n, 30.0 + (n % 3 - 1)) for n in range(9)], 100.0, 40.0)
    assert (found.value, found.low, found.high, found.credible) == (0.3, 0.29, 0.31, True)
    assert found.sure_frac > 0.6


def test_flow_far_from_the_pumps_name_is_named_and_not_used() -> None:
    found = mm_per_minute("north", [run(n, 10.0) for n in range(9)], 100.0, 40.0)
    assert (found.value, found.credible, found.why) == (0.1, False, "out_of_span")


def test_time_is_no_flow_meter_and_short_runs_say_nothing() -> None:
    assert (
        mm_per_minute("north", [run(n, measured=False) for n in range(9)], 100.0, 40.0).why == "no_flow_meter"
    )
    short = mm_per_minute("north", [run(n, on_s=60) for n in range(9)], 100.0, 40.0)
    assert (short.value, short.credible) == (None, False)
    assert mm_per_minute("north", [], 100.0, 40.0).why == "too_few"
    few = mm_per_minute("north", [run(n) for n in range(3)], 100.0, 40.0)
    assert (few.value, few.n, few.why) == (None, 3, "too_few")


def days(values: Sequence[float | None], water_on: Sequence[int], depth_m: float = 0.45) -> list[Day]:
    return [
        Day(
            FIRST + timedelta(days=n),
            15.0,
            30.0,
            0.5,
            0.0,
            30.0 if n in water_on else 0.0,
            () if value is None else (ProbeDay("probe", depth_m, value, value, value),),
        )
        for n, value in enumerate(values)
    ]


WETTED = [0.22, 0.36, 0.30, 0.28, 0.26, 0.24, 0.23, 0.22] * 5


def test_the_soil_is_full_where_a_probe_stands_after_draining() -> None:
    found = field_capacity("north", "probe", days(WETTED, range(1, 40, 8)), SOIL, 0.85)
    assert (found.value, found.n, found.credible) == (0.28, 5, True), "two days after, at depth"
    shallow = field_capacity("north", "probe", days(WETTED, range(1, 40, 8), 0.15), SOIL, 0.85)
    assert shallow.value == 0.30, "one day after, near the surface"


def test_wettings_that_did_not_reach_or_were_wetted_again_do_not_count() -> None:
    flat = [0.22] * 8 + [0.36, 0.30, 0.28, 0.26] * 2
    assert field_capacity("north", "probe", days(flat, [1, 2, 3, 8]), SOIL, 0.85).n <= 1
    again = field_capacity("north", "probe", days(WETTED, range(40)), SOIL, 0.85)
    assert again.n == 0
    silent = field_capacity("north", "probe", days([None] * 40, range(1, 40, 8)), SOIL, 0.85)
    assert (silent.value, silent.why) == (None, "too_few")


def test_a_probe_that_stands_in_another_soil_is_named_and_not_used() -> None:
    strange = [value - 0.2 for value in WETTED]
    found = field_capacity("north", "probe", days(strange, range(1, 40, 8)), SOIL, 0.85)
    assert (found.credible, found.why) == (False, "out_of_span")


def test_a_probes_answer_is_counted_from_the_start_of_the_run() -> None:
    runs = [run(7 * n) for n in range(5)]
    hours = []
    for hour in range(24 * 36):
        at = NOON + timedelta(hours=hour - 24)
        since = [(at - one.started_at).total_seconds() / 3600 for one in runs if one.started_at <= at]
        wet = any(3 <= hours_on < 30 for hours_on in since)
        hours.append((at, 0.30 if wet else 0.20))
    found = response("north", "probe", runs, hours)
    assert (found.value, found.n, found.credible) == (3.5, 5, True)
    deaf = response("north", "probe", runs, [(at, 0.2) for at, _ in hours])
    assert (deaf.value, deaf.why) == (None, "too_few")


@pytest.mark.parametrize(("share", "used"), [(0.8, True), (1.0, True), (1.2, True), (0.3, False)])
def test_crop_use_is_drying_seen_against_drying_booked(share: float, used: bool) -> None:
    value, values, booked = 0.31, [], []
    for n in range(60):
        value = 0.31 if n % 10 == 0 else value - share * 5.0 / 1000
        values.append(value)
        booked.append(5.0)
    found = crop_use("north", days(values, range(0, 60, 10)), booked, {"probe": 1.0}, 0.85)
    assert found.value == pytest.approx(share, abs=1e-6)
    assert found.credible is used
    assert found.n == 42, "two days after water drainage is not the crop's"


def test_nothing_is_said_of_days_that_were_guessed() -> None:
    found = crop_use("north", days([0.3] * 30, []), [None] * 30, {"probe": 1.0}, 0.85)
    assert (found.value, found.credible) == (None, False)


def test_layers_reach_from_the_surface_to_the_roots_end() -> None:
    assert layers({"deep": 0.45, "top": 0.15}, 1.0) == {"top": 0.3, "deep": 0.7}
    assert layers({"only": 0.2}, 0.6) == {"only": 0.6}
    assert layers({}, 1.0) == {}


def test_a_run_that_came_before_the_answer_takes_the_answer_for_itself() -> None:
    runs = [
        one
        for n in range(5)
        for one in (run(7 * n), replace(run(7 * n), started_at=NOON + timedelta(days=7 * n, hours=6)))
    ]
    hours = []
    for hour in range(24 * 36):
        at = NOON + timedelta(hours=hour - 24)
        since = [(at - one.started_at).total_seconds() / 3600 for one in runs[1::2] if one.started_at <= at]
        hours.append((at, 0.30 if any(2 <= hours_on < 30 for hours_on in since) else 0.20))
    found = response("north", "probe", runs, hours)
    assert (found.value, found.n) == (2.5, 5), "the first of each two runs did not reach the probe"


def test_the_more_and_the_closer_the_observations_the_surer() -> None:
    def sure(spread: float, n: int) -> float:
        return mm_per_minute(
            "north", [run(k, 30.0 + spread * (k % 5 - 2)) for k in range(n)], 100.0, 40.0
        ).sure_frac

    assert sure(0.0, 10) == pytest.approx(10 / 14, abs=1e-3)
    # the middle 80 % span 8 of 48 l/min; of the median a span / sqrt(n) is in doubt
    assert sure(2.0, 10) == pytest.approx(10 / 14 * (1 - 8 / 48 / 10**0.5), abs=1e-3)


def test_a_day_of_unknown_rain_is_no_rest_and_a_silent_probe_no_drying() -> None:
    values = [0.31 - 0.005 * n for n in range(20)]
    known = days(values, [])
    assert crop_use("north", known, [5.0] * 20, {"probe": 1.0}, 0.85).n == 17
    unknown = [replace(day, rain_mm=None) if n % 3 == 0 else day for n, day in enumerate(known)]
    assert crop_use("north", unknown, [5.0] * 20, {"probe": 1.0}, 0.85).n == 0
    assert crop_use("north", known, [5.0] * 20, {"probe": 0.4, "silent": 0.6}, 0.85).n == 0


def test_water_that_the_pipes_lose_wets_no_soil() -> None:
    """15 mm into the soil are a thorough wetting; 20 mm gross at 0.7 are not."""
    wetted = [
        replace(day, irrigation_mm=20.0 if day.irrigation_mm else 0.0)
        for day in days(WETTED, range(1, 40, 8))
    ]
    assert field_capacity("north", "probe", wetted, SOIL, 0.9).n == 5
    assert field_capacity("north", "probe", wetted, SOIL, 0.7).n == 0


def test_no_soil_is_full_at_its_wilting_point() -> None:
    sand = Soil("sand", 0.13, 0.06, 0.36)
    dry = [value - 0.215 for value in WETTED]  # stands at 0.065, nearer to the table's than 0.12
    assert field_capacity("north", "probe", days(dry, range(1, 40, 8)), sand, 0.85).why == "out_of_span"

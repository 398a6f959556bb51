"""What a zone's record says of it, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence
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
    return Run(
        f"r{day}",
        day,
        "north",
        "auto",
        begin,
        begin + timedelta(seconds=on_s),
        on_s,
        litres,
        measured,
        Code.DONE,
    )


def test_flow_is_what_the_meter_showed() -> None:
    found = mm_per_minute("north", [run(n, 30.0 + (n % 3 - 1)) for n in range(9)], 100.0, 40.0)
    assert (found.value, found.low, found.high, found.credible) == (0.3, 0.29, 0.31, True)
    assert found.sure_frac > 0.6


def test_flow_far_from_the_pumps_name_is_named_and_not_used() -> None:
    found = mm_per_minute("north", [run(n, 10.0) for n in range(9)], 100.0, 40.0)
    assert (found.value, found.credible, found.why) == (0.1, False, "out_of_span")


def test_time_is_no_flow_meter_and_short_runs_say_nothing() -> None:
    assert mm_per_minute("north", [run(n, measured=False) for n in range(9)], 100.0, 40.0).why == "no_flow_meter"  # fmt: skip
    short = mm_per_minute("north", [run(n, on_s=60) for n in range(9)], 100.0, 40.0)
    assert (short.value, short.credible) == (None, False)
    assert mm_per_minute("north", [], 100.0, 40.0).why == "too_few"
    few = mm_per_minute("north", [run(n) for n in range(3)], 100.0, 40.0)
    assert (few.value, few.n, few.why) == (None, 3, "too_few")


def days(values: Sequence[float | None], water_on: Sequence[int], depth_m: float = 0.45) -> list[Day]:
    return [
        Day(
            FIRST + timedelta(days=n), 15.0, 30.0, 0.5, 0.0, 30.0 if n in water_on else 0.0,
            () if value is None else (ProbeDay("probe", depth_m, value, value, value),),
        )
        for n, value in enumerate(values)
    ]  # fmt: skip


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

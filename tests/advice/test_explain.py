"""What stands behind advice: it is always told, adds up, and is true of the very adviser that gave it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.domain.change import ChangeCode
from fieldstation.domain.decision import NOTICED, Rung
from fieldstation.policies.depth import choose
from tests.kit.models import MODELS, twin
from tests.kit.mornings import Ground, line, zone
from tests.kit.seasons import lived


def test_every_advice_of_a_season_says_what_would_have_changed_it_and_why_the_harvest_is_so() -> None:
    found = lived(100)
    assert all(advice.changes for advice in found)
    codes = {change.code for advice in found for change in advice.changes}
    assert codes >= {
        ChangeCode.DRIER,
        ChangeCode.WETTER,
        ChangeCode.MORE_RAIN_FORECAST,
        ChangeCode.WITHOUT_LIMIT,
    }
    late = found[60]
    assert late.yield_t_ha is not None
    assert late.yield_drivers[0].name == "usual"
    assert len(late.yield_drivers) > 2
    assert late.below is not None
    assert late.below.rung is Rung.WATER_BALANCE


def test_what_was_told_to_be_missing_is_what_the_chooser_lacked() -> None:
    adviser, ground, given, flipped = Adviser(plot_from(zone()), MODELS), Ground(), 0.0, 0
    for day in range(80):
        advice = adviser.advise(
            parse_line(line(day, irrigated_mm=given, soil=ground.soil(day, given)), given)
        )
        given = advice.choice.depth_mm
        morning = adviser.history.morning
        assert morning is not None
        for change in advice.changes:
            if change.code not in (ChangeCode.DRIER, ChangeCode.WETTER):
                continue
            mm = float(str(change.values["mm"])) * (1 if change.code is ChangeCode.DRIER else -1)
            moved = [
                replace(state, depletion_frac=min(1.0, max(0.0, state.depletion_frac + mm / state.taw_mm)))
                for state in advice.choice.states
            ]
            after_mm = min(choose(adviser.plot, state, morning.forecast).depth_mm for state in moved)
            assert (after_mm > 0) != (given > 0), day
            flipped += 1
    assert flipped > 60


def test_the_account_adds_up_over_days_without_power_too() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    for day in (*range(30), 33, 34, 41):
        advice = adviser.advise(parse_line(line(day, irrigated_mm=6.0 if day == 33 else 0.0), 0.0))
        if day == 0:
            assert advice.account is None, "nothing before the first line"
            continue
        books = advice.account
        assert books is not None
        assert books.days == {33: 4, 41: 7}.get(day, 1)
        total = (
            books.before_mm + books.use_mm - books.rain_mm - books.water_mm + books.lost_mm + books.other_mm
        )
        assert abs(total - books.now_mm) < 1e-6
        assert books.water_mm == (5.1 if day == 33 else 0.0)


def test_the_account_goes_on_from_before_a_date_that_leapt_by_mistake() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    for day in (*range(20), 60):
        adviser.advise(parse_line(line(day, irrigated_mm=3.0 if day == 60 else 0.0), 0.0))
    books = adviser.advise(parse_line(line(21, irrigated_mm=4.0), 0.0)).account
    assert books is not None
    assert (books.days, books.water_mm) == (2, 6.0), "7 mm, 0.85 of it in the soil"
    total = books.before_mm + books.use_mm - books.rain_mm - books.water_mm + books.lost_mm + books.other_mm
    assert abs(total - books.now_mm) < 1e-6


def test_what_was_noticed_skips_the_learned_rung_by_name_and_says_what_it_would_have_given() -> None:
    clean = Adviser(plot_from(zone()), MODELS)
    ground, given = Ground(), 0.0
    for day in range(40):
        told = {"irrigated_mm": given, "soil": ground.soil(day, given)}
        dirty = twin(clean)
        given = clean.advise(parse_line(line(day, **told), given)).choice.depth_mm
    bad = dirty.advise(parse_line(line(39, **{**told, "rain_mm": -4.0}), given))
    assert [(skip.rung, skip.why) for skip in bad.skipped] == [(Rung.LEARNED, "rain_impossible")]
    assert bad.skipped[0].why in NOTICED
    assert bad.skipped[0].would_mm is not None
    assert bad.changes
    alone = lived(30, Adviser(plot_from(zone()), None))[-1]
    assert [(skip.rung, skip.why) for skip in alone.skipped] == [(Rung.LEARNED, "no_forecast")]
    dark: dict[str, Any] = {"air_t_min_c": None, "air_t_max_c": None, "rain_mm": None, "soil": []}
    calendar = set()
    for day in range(40, 50):
        blind = clean.advise(parse_line(line(day, **dark), 0.0))
        assert blind.changes
        if blind.rung is Rung.CALENDAR:
            assert [skip.rung for skip in blind.skipped] == [Rung.LEARNED, Rung.WATER_BALANCE, Rung.THRESHOLD]
            wanted = ChangeCode.WATERED_LATELY if blind.choice.depth_mm else ChangeCode.LATER
            assert [change.code for change in blind.changes] == [wanted]
            calendar.add(wanted)
    assert calendar == {ChangeCode.WATERED_LATELY, ChangeCode.LATER}
    assert blind.rung is Rung.CALENDAR
    assert len(bad.choice.states) == 2, "both views had to agree"

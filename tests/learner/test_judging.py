"""Which days a challenger learns from, and what becomes of a version by what its later days say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.learned import ModelState, OwnModel
from fieldstation.learner import main as learn
from fieldstation.learning import challenge
from fieldstation.learning.challenge import Judgement
from fieldstation.learning.forecaster import Forecaster
from fieldstation.learning.own import Lesson
from tests.kit.fields import STATION, windows

NOW = datetime(2026, 8, 1, tzinfo=UTC)


class Enough(Exception):
    """All that this test wanted to see."""


def test_no_day_that_reaches_into_the_judged_ones_is_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, seen = windows(lambda day: 0.3), list[Lesson]()

    def grow(lessons: Sequence[Lesson], base: str) -> None:
        seen.extend(lessons)
        raise Enough

    monkeypatch.setattr(learn, "grow", grow)
    with pytest.raises(Enough):
        learn.challenger(found, Forecaster.load(), tmp_path, [], NOW)
    begin = challenge.held_out_from(window.on for window in found)
    assert begin is not None
    assert max(lesson.on for lesson in seen) + timedelta(days=challenge.EMBARGO_DAYS) < begin
    assert min(lesson.on for lesson in seen) == min(window.on for window in found)


def test_of_too_many_windows_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    found = windows(lambda day: 0.3, 40)
    monkeypatch.setattr(learn, "LESSONS_MAX", 10)
    kept = learn._newest(list(reversed(found)))
    assert len(kept) == 10
    assert kept[-1].on == max(window.on for window in found)
    assert min(window.on for window in kept) >= sorted(window.on for window in found)[-10]


class Kept:
    """A record without a forecast."""

    def predictions(self, since: datetime) -> list[Any]:
        return []


def judged(
    monkeypatch: pytest.MonkeyPatch, later: str, models: Sequence[OwnModel], lost: bool = False
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """States by version when the days in shadow say `later`; who was set against whom."""
    asked = []

    def trials(
        reader: object, station: object, kept: object, version: str, rival: str, now: datetime
    ) -> list[Any]:
        asked.append((version, rival))
        return []

    monkeypatch.setattr(learn, "trials", trials)
    monkeypatch.setattr(
        challenge,
        "contest",
        lambda *_: Judgement(later == "better", later not in ("better", "too_few_days"), later, None),
    )
    monkeypatch.setattr(
        challenge, "watch", lambda _: Judgement(False, lost, "worse_than_base" if lost else "holds", None)
    )
    found = learn._judge_later(Kept(), STATION, models, "base", NOW)  # type: ignore[arg-type] # a record
    return {one.version: one.state.value for one in found}, asked


def model(version: str, state: ModelState, age_days: float = 30) -> OwnModel:
    return OwnModel(version, state, NOW - timedelta(days=age_days), "", "base", "better")


@pytest.mark.parametrize(
    ("later", "age_days", "state"),
    [
        ("better", 30, "champion"),
        ("not_better", 30, "refused"),
        ("worse_in_a_zone", 30, "refused"),
        ("too_few_days", 30, "shadow"),
        ("may_be_luck", 30, "shadow"),
        ("too_few_days", challenge.SHADOW_MAX_DAYS + 1, "refused"),
        ("may_be_luck", challenge.SHADOW_MAX_DAYS + 1, "refused"),
        ("better", challenge.SHADOW_MAX_DAYS + 1, "champion"),
    ],
)
def test_in_shadow_it_waits_for_more_days_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, later: str, age_days: float, state: str
) -> None:
    found, asked = judged(monkeypatch, later, [model("own-1", ModelState.SHADOW, age_days)])
    assert (found, asked) == ({"own-1": state}, [("own-1", "base")])


@pytest.mark.parametrize(("lost", "rival"), [(False, "own-1"), (True, "base")])
def test_a_shadow_is_set_against_who_is_left_in_charge(
    monkeypatch: pytest.MonkeyPatch, lost: bool, rival: str
) -> None:
    models = [model("own-1", ModelState.CHAMPION), model("own-2", ModelState.SHADOW)]
    found, asked = judged(monkeypatch, "better", models, lost)
    assert found == {"own-1": "demoted" if lost else "champion", "own-2": "champion"}
    assert asked == [("own-1", "base"), ("own-2", rival)]

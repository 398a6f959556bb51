"""Why, in figures: no sentence says drier for wetter, more for less, or another number than the decision's."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from fieldstation.binding import plain
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import OtherRung, Rung, SkippedRung
from fieldstation.domain.forecast import Contribution
from fieldstation.domain.soil_water_balance import closed
from fieldstation.language.sentences import LANGUAGES, Words
from fieldstation.page.explanation import explain, harvest_sentence
from tests.kit.facts import AT
from tests.kit.reasons import decided, only, said, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_makes_the_soil_drier_is_told_as_drier_and_what_wetter_as_wetter(language: str) -> None:
    say = words(language)
    lines = said(language, [Contribution("rain", -0.124), Contribution("soil_probe", 0.3)])
    wetter = say("wetter", name=say.say("driver", "rain"), by_frac=0.124)
    drier = say("drier", name=say.say("driver", "soil_probe"), by_frac=0.3)
    assert say("dryness", list=say.joined([wetter, drier])) in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_adds_to_the_harvest_is_told_as_more_and_what_takes_as_less(language: str) -> None:
    say = words(language)
    moved = [Contribution("usual", 9.0), Contribution("rain", 0.4), Contribution("soil", -1.25)]
    more = say("more", name=say.say("driver", "rain"), t_ha=0.4)
    less = say("less", name=say.say("driver", "soil"), t_ha=1.2)
    assert said(language, yields=moved)[-1] == say(
        "harvest_made", usual_t_ha=9.0, list=say.joined([more, less])
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rung_that_would_have_waited_is_not_told_to_have_given_nothing(language: str) -> None:
    say = words(language)
    rung, why = say.say("rung", "learned"), say.say("why", "no_good_probe")
    for would_mm, line in (
        (None, say("skipped", rung=rung, why=why)),
        (0.0, say("skipped_waits", rung=rung, why=why)),
        (8.4, say("skipped_gives", rung=rung, why=why, mm=8.4)),
        (14.4, say("skipped_gives", rung=rung, why=why, mm=14.0)),
    ):
        skipped = (SkippedRung(Rung.LEARNED, "no_good_probe", would_mm),)
        assert line in said(language, skipped=skipped)
    told = {"first": rung, "rung": say.say("rung", "water_balance")}
    for depth_mm, line in ((0.0, say("below_waits", **told)), (7.5, say("below_gives", mm=7.5, **told))):
        other = OtherRung(Rung.WATER_BALANCE, depth_mm)
        assert line in said(language, rung=Rung.LEARNED, below=other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_odd_lines_of_the_books_have_their_own_figures_and_signs(language: str) -> None:
    say = words(language)
    for now_mm, other in ((46.0, "account_more"), (33.0, "account_less")):
        books = closed(1, 38, 6, 0, 2, 0, now_mm)  # 42 mm by what came and went
        lines = said(language, **only(books), depletion_mm=now_mm + 5)
        values: dict[str, Any] = {"other_mm": abs(now_mm - 42)}
        assert say(other, **values) in lines
        assert say("account_seen", seen_mm=now_mm + 5) in lines


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (2.6, "about 3 days like"),
        (2.4, "about 2 days like"),
        (1.4, "about one day like"),
        (0.3, "less than a day like"),
    ],
)
def test_days_are_rounded_and_not_cut(days: float, told: str) -> None:
    lines = said("en", changes=(Change(ChangeCode.DRIER, {"mm": 12.6, "days": days}),))
    assert f"It would be watered if the soil were 13 mm drier, {told} this one." in lines


def test_figures_are_in_the_readers_units() -> None:
    reader = Words("en", UTC, AT, "us")
    both = (Change(ChangeCode.DRIER, {"mm": 12.7, "days": 3.0}),)
    lines = explain(decided(changes=both), [], reader).first
    assert "It would be watered if the soil were 0.50 in drier, about 3 days like this one." in lines
    assert (
        harvest_sentence([Contribution("usual", 9.0)], reader) == "That is about what is usual, 4.0 tons/ac."
    )


def test_every_change_is_handed_on() -> None:
    both = (
        Change(ChangeCode.DRIER, {"mm": 3.0, "days": 0.5}),
        Change(ChangeCode.WITHOUT_LIMIT, {"limit": "max_depth_mm_per_day", "mm": 9.0}),
    )
    wire = plain(decided(changes=both, below=OtherRung(Rung.THRESHOLD, 6.5)))
    assert [change["code"] for change in wire["changes"]] == ["drier", "without_limit"]
    assert wire["below"] == {"rung": "threshold", "depth_mm": 6.5}
    for language in LANGUAGES:
        assert len(said(language, changes=both)) == len(said(language, changes=both[:1])) + 1

"""The words: every code has a sentence in every language, with the same values and the plural forms it needs."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime

import pytest
from babel.core import Locale

from fieldstation.domain.alert import AlertCode
from fieldstation.domain.change import LIMITS, ChangeCode
from fieldstation.domain.decision import NOTICED, SKIPPED_BECAUSE, Reason, Rung, ZoneState
from fieldstation.domain.forecast import CONTRIBUTIONS
from fieldstation.domain.reading import Quality
from fieldstation.domain.run import Code
from fieldstation.language.catalogue import LANGUAGES, Sentence, catalogue
from fieldstation.language.sentences import BY_NAME, Words
from fieldstation.page.context import chosen
from fieldstation.policies.ladder import decide
from tests.kit.facts import facts

GROUPS: dict[str, list[str]] = {
    "reason": [r.value for r in Reason],
    "code": [c.value for c in Code],
    "verdict": [v.value for v in ZoneState],
    "quality": [q.value for q in Quality],
    "rung": [r.value for r in Rung],
    "alert": [a.value for a in AlertCode] + ["controller_silent"],
    "change": [c.value for c in ChangeCode],
    "why": list(SKIPPED_BECAUSE),
    "noticed": list(NOTICED),
    "driver": list(CONTRIBUTIONS),
    "limit": list(LIMITS),
    "input": [i.name for i in decide(facts()).inputs if i.unit != "m3/m3"],
}
NAME = "\u0627\u0644\u0634\u0645\u0627\u0644"  # "the north" in Arabic
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def forms(sentence: Sentence) -> dict[str, str]:
    """The texts of a sentence by plural category; a plain one has one text."""
    if isinstance(sentence, str):
        return {"other": sentence}
    return {name: text for name, text in sentence.items() if name != "by"}


def named(sentence: Sentence) -> set[str]:
    """The values a sentence names; a form may leave out the value that is counted."""
    found = {
        name for text in forms(sentence).values() for _, name, _, _ in string.Formatter().parse(text) if name
    }
    return found if isinstance(sentence, str) else found | {sentence["by"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    words = catalogue(language)
    assert [(g, code) for g, codes in GROUPS.items() for code in codes if code not in words[g]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated(language: str) -> None:
    words, first = catalogue(language), catalogue("en")
    assert {(g, c) for g, v in words.items() for c in v} == {(g, c) for g, v in first.items() for c in v}
    assert [
        (g, c) for g, v in first.items() for c, text in v.items() if named(text) != named(words[g][c])
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_sentence_has_every_form_its_language_needs(language: str) -> None:
    needed = set(Locale.parse(language).plural_form.tags) | {"other"}
    for group, sentences in catalogue(language).items():
        for code, sentence in sentences.items():
            if isinstance(sentence, str):
                continue
            given = {name for name in forms(sentence) if not name.isdigit()}
            assert given == needed, (group, code)
            for name, text in forms(sentence).items():
                missing = named(sentence) - {n for _, n, _, _ in string.Formatter().parse(text) if n}
                assert missing <= {sentence["by"]}, (group, code, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_brings_its_own_unit(language: str) -> None:
    """So that no sentence says `6 mm mm`, nor `0.2 in mm`."""
    ends = "|".join(BY_NAME)
    twice = re.compile(
        rf"\{{(\w+_)?({ends})\}}\s*(mm|%|°|t/ha|l\b|L\b|min\b|minutes?\b|minutos\b|دقيقة|m²|मि|مم|लीटर|لتر)"
    )
    told = [
        text
        for group in catalogue(language).values()
        for sentence in group.values()
        for text in forms(sentence).values()
    ]
    assert [text for text in told if twice.search(text)] == []


NOT_SAID = {
    "es": r"\bSTOP\b",
    "fr": r"\b[Zz]ones?\b(?! *})|\bSTOP\b|ligne sèche|bilan hydrique",
    "hi": r"STOP|खंड|जाँच-छड़|सूखी रेखा",
    "ar": r"STOP|منطقة|المنطقة|المناطق|مجس(?!ّ)",
}
"""Words for which a language has another here: one word for one thing, and the STOP button by the name that stands on it."""


@pytest.mark.parametrize("language", NOT_SAID)
def test_one_thing_has_one_word(language: str) -> None:
    told = [
        re.sub(r"\{\w+\}", "{}", text)
        for group in catalogue(language).values()
        for sentence in group.values()
        for text in forms(sentence).values()
    ]
    assert [text for text in told if re.search(NOT_SAID[language], text)] == []


def test_french_signs_stand_with_their_word() -> None:
    """A line that begins with `;` or `?` is a mistake there: the space before is one that does not break."""
    told = [
        text
        for group in catalogue("fr").values()
        for sentence in group.values()
        for text in forms(sentence).values()
    ]
    assert [text for text in told if re.search(r" [;:!?»]|« ", text)] == []


def test_a_value_that_runs_the_other_way_is_kept_apart() -> None:
    arabic, english = Words("ar", UTC, NOW), Words("en", UTC, NOW)
    assert "\u2068North 2\u2069" in arabic("line_title", zone="North 2")
    assert f"\u2068{NAME}\u2069" in english("line_title", zone=NAME)
    assert "\u2068" not in english("line_title", zone="North 2")
    told = arabic("next_certain", when=arabic.when(NOW), minutes=arabic.minutes(25))
    assert f"\u2067{arabic.when(NOW)}\u2069" in told, "what holds isolates has no letter of its own to go by"
    assert (arabic.direction, english.direction) == ("rtl", "ltr")


@pytest.mark.parametrize(
    ("language", "days", "told"),
    [
        ("en", 0.4, "There is enough water for today."),
        ("en", 1.2, "There is enough water for about one day."),
        ("en", 4.0, "There is enough water for about 4 days."),
        ("fr", 1, "Il y a assez d'eau pour un jour environ."),
        ("hi", 2, "क़रीब 2 दिन के लिए पानी काफ़ी है।"),
        ("ar", 2, "الماء يكفي نحو يومين."),
        ("ar", 3, "الماء يكفي نحو 3 أيام."),
        ("ar", 11, "الماء يكفي نحو 11 يومًا."),
        ("ar", 100, "الماء يكفي نحو 100 يوم."),
    ],
)
def test_what_is_counted_has_its_form(language: str, days: float, told: str) -> None:
    assert Words(language, UTC, NOW).say("reason", "enough_water", days_left=days) == told


def test_the_language_is_asked_for_kept_or_the_browsers_or_the_stations() -> None:
    assert chosen("es", "en", "en", "en") == "es"
    assert chosen(None, "en", "en", "es") == "es"
    assert chosen("tlh", "es-MX,en;q=0.5", "en", "tlh") == "es"
    assert chosen(None, "tlh", "es") == "es"
    assert chosen(None, "", "tlh") == "en"


def test_an_unknown_code_and_a_missing_value_are_shown_and_never_fail() -> None:
    words = Words("en", UTC, NOW)
    assert words.say("reason", "moon_in_water") == "moon in water"
    assert words.say("nowhere", "at_all", x=1) == "at all"
    assert words("resume_failed") == "Not resumed: ?"
    assert words.say("unit", "hours") == "? hours"
    assert words.say("unit", "hours", n=None) == "? hours"

"""Why, in words: every code there is becomes a whole sentence in every language, and the codes are all listed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.change import LIMITS, Change, ChangeCode
from fieldstation.domain.decision import NOTICED, SKIPPED_BECAUSE, OtherRung, Rung, SkippedRung
from fieldstation.domain.forecast import CONTRIBUTIONS, Contribution
from fieldstation.domain.soil_water_balance import closed
from fieldstation.domain.status.decision import decision_status
from fieldstation.language.sentences import LANGUAGES
from fieldstation.learning.history import FEATURES
from fieldstation.page.explanation import explain
from fieldstation.policies.ladder import decide
from tests.kit.facts import facts, likely
from tests.kit.reasons import VALUES, only, said, words

CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def whole(sentence: str) -> bool:
    return (
        not sentence[0].islower()
        and sentence.endswith((".", "।"))
        and "?" not in sentence
        and "_" not in sentence
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_skip_limit_and_driver_is_a_whole_sentence(language: str) -> None:
    for change in ChangeCode:
        for counted in (0.2, 1.0, 3.2):
            values: dict[str, Any] = {**VALUES, "days": counted, "hours": counted}
            lines = said(language, changes=(Change(change, values),))
            assert all(map(whole, lines)), lines
    for rung in Rung:
        for code in SKIPPED_BECAUSE:
            for would_mm in (None, 0.0, 8.0):
                skipped = (SkippedRung(rung, code, would_mm),)
                lines = said(language, skipped=skipped, below=OtherRung(rung, 8.0))
                assert all(map(whole, lines)), lines
    assert all(map(whole, said(language, limited_by=LIMITS)))
    for name in CONTRIBUTIONS:
        for effect in (0.4, -0.4):
            moved = [Contribution("usual", 9.0), Contribution(name, effect)]
            assert all(map(whole, said(language, moved, moved)))
    assert all(whole(words(language).say("noticed", code)) for code in NOTICED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_soils_books_are_told_and_what_is_odd_about_them(language: str) -> None:
    calm = said(language, **only(closed(1, 38, 6.2, 0, 2, 0, 42.2)), depletion_mm=42.0)
    odd = said(language, **only(closed(1, 3, 6.2, 30, 0, 20.8, 2)), depletion_mm=9.0)
    assert len(odd) == len(calm) + 3
    assert all(map(whole, (*calm, *odd)))
    assert words(language).depth(38) in calm[2]
    assert words(language).depth(42) in calm[2]
    planted = said(language, **only(closed(0, 10, 1, 0, 0, 0, 11)))
    assert words(language).depth(10) in planted[2]
    assert planted[2].split(";")[0] != calm[2].split(";")[0].replace("38", "10")


def test_a_wait_says_how_much_drier_and_a_watering_how_much_wetter() -> None:
    waits, waters = decide(likely(0.2)), decide(likely(0.62))
    found = [explain(decision_status(one), [], words("en")) for one in (waits, waters)]
    told = [" ".join([*one.first, *one.rest]) for one in found]
    mm = next(c.values["mm"] for c in waits.changes if c.code is ChangeCode.DRIER)
    assert f"if the soil were {float(str(mm)):.0f} mm drier" in told[0]
    assert "It would have waited if the soil were" in told[1]
    assert "Without the learned model, the water balance would have" in told[0]
    unheard = decide(facts(probe=None))
    assert "no probe gives a good reading. It would have given" in " ".join(
        explain(decision_status(unheard), [], words("en")).rest
    )


def test_drivers_that_moved_nothing_are_not_told() -> None:
    lines = said(
        "en",
        [Contribution("rain", 0.001)],
        [Contribution("usual", 9.0), Contribution("rain", 0.01)],
    )
    assert not any("rain" in line and "%" in line for line in lines)
    assert lines[-1] == "That is about what is usual, 9.0 t/ha."


def test_every_group_of_features_is_a_driver_with_a_name() -> None:
    assert set(FEATURES.values()) | {"usual"} == set(CONTRIBUTIONS)


KEYS_OF = ("get", "number", "choice", "day", "problem", "only")
"""Calls whose arguments name a field of a line or of a zone file."""


def codes_of(path: Path) -> set[str]:
    """Every string of a file that looks like a code, however it is handed on, but for the names of fields."""
    tree = ast.parse(path.read_text())
    fields: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in KEYS_OF:
            fields += [part for arg in node.args for part in ast.walk(arg)]
        elif isinstance(node, ast.Dict):
            fields += node.keys
        elif isinstance(node, ast.Compare):
            fields.append(node.left)
        elif isinstance(node, ast.Subscript):
            fields.append(node.slice)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("_KEYS"):
            fields += ast.walk(node.value)
    texts = {
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and n not in fields and isinstance(n.value, str)
    }
    declared = {
        n.target.id for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
    }
    return {text for text in texts - declared if CODE.fullmatch(text)}


def test_no_code_is_said_that_is_not_listed(request: pytest.FixtureRequest) -> None:
    package = request.config.rootpath / "fieldstation"
    advice = package / "advice"
    doubts = [advice / "input.py", advice / "adviser.py", *advice.glob("checks/[!_]*.py")]
    assert set().union(*map(codes_of, doubts)) - set(SKIPPED_BECAUSE) == set(NOTICED)
    job = package / "controller" / "jobs" / "child.py"  # whose trouble gets the job's name before it
    texts = {path: path.read_text() for path in package.rglob("*.py") if path != job}
    unable = {code for text in texts.values() for code in re.findall(r'Unable\("(\w+)"\)', text)}
    failed = {
        code for text in texts.values() for code in re.findall(r'(?:ModelError|_failed)\(\s*"(\w+)"', text)
    }
    assert len(unable) > 5
    assert len(failed) > 4
    assert unable | failed <= set(SKIPPED_BECAUSE)

"""Screens say nothing but the words of the catalogues: whatever they ask for is there, and nothing is written past them."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.settings import SETTINGS
from fieldstation.language.audit import describe_audit_entry
from fieldstation.language.catalogue import catalogue
from fieldstation.language.sentences import Words
from fieldstation.page.history.events import AUDIT_SHOWN_IN_HISTORY

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "web" / "templates").glob("*.html"))
CODE = sorted(
    path for room in ("language", "notify", "page") for path in (ROOT / "fieldstation" / room).rglob("*.py")
)
SAYERS = {"words", "w", "told"}
NAMES = {"CSV"}
"""Words that are the same in every language."""
SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title")


def literals(node: ast.AST) -> list[str]:
    """The texts an argument may be: itself, or either side of a choice."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def is_words(node: ast.AST) -> bool:
    """`words`, `site.words()`, `self.words()`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "words"
    return isinstance(node, ast.Name) and node.id in SAYERS


def said_in_code(path: Path) -> set[tuple[str, str]]:
    """Group and code of every sentence that a file of the page names outright."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if is_words(node.func):
            found |= {("page", code) for code in literals(node.args[0])}
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "say" and len(node.args) > 1:
            found |= {(g, code) for g in literals(node.args[0]) for code in literals(node.args[1])}
    return found


def said_in_template(path: Path) -> set[tuple[str, str]]:
    """The same of a template; a code put together ends in `*`."""
    text = path.read_text(encoding="utf-8")
    found = {("page", code) for code in re.findall(r"\bw\(\s*'(\w+)'\s*[,)]", text)}
    for group, code, more in re.findall(r"\bw\.say\(\s*'(\w+)'\s*,\s*'(\w+)'\s*(~?)", text):
        found.add((group, code + "*" if more else code))
    return found


def known(group: str, code: str) -> bool:
    sentences = catalogue("en").get(group, {})
    return any(name.startswith(code[:-1]) for name in sentences) if code.endswith("*") else code in sentences


def test_whatever_is_refused_or_done_has_its_sentence() -> None:
    package = ROOT / "fieldstation"
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    refused = {code for text in texts for code in re.findall(r'\bRefused\(\s*"(\w+)"', text)}
    done = {code for text in texts for code in re.findall(r'\.done\(\s*"\w+",\s*"(\w+)"', text)}
    assert len(refused) > 15
    assert {code for code in refused if not known("refused", code) and not known("code", code)} == set()
    assert {code for code in done if not known("done", code)} == set()


def test_whatever_people_do_has_its_words() -> None:
    verbs = [p.read_text(encoding="utf-8") for p in (ROOT / "fieldstation").rglob("*.py")]
    done = {code for text in verbs for code in re.findall(r'\badd_audit\(\s*\w+,\s*"(\w+)"', text)}
    asked = {code for text in verbs for code in re.findall(r'\b_apply\(context, message, "(\w+)"', text)}
    assert len(done) > 8
    assert len(asked) > 5
    assert {code for code in done | asked | set(AUDIT_SHOWN_IN_HISTORY) if not known("audit", code)} == set()
    assert {name for name in SETTINGS if not known("setting", name)} == set()


@pytest.mark.parametrize(
    ("what", "values", "told"),
    [
        ("nudge", {"frac": 0.1}, "changed each watering by +10%"),
        ("nudge", {"frac": -0.2}, "changed each watering by -20%"),
        ("pause", {"until": "2026-06-03"}, "paused watering until 3 Jun"),
        ("role_given", {"name": "Ben", "role": "farmer"}, "gave Ben a role: Farmer"),
        ("setting", {"name": "language", "value": "hi"}, "set the language to हिन्दी"),
        ("setting", {"name": "viewer_sees", "value": "no"}, "set looking without signing in to no"),
        ("setting", {"name": "day_cap_mm", "value": 8.0}, "set the most for a day to 8.0 mm"),
        (
            "setting",
            {"name": "webhook_url", "value": None},
            "set the address for messages to something that is not shown",
        ),
        ("setting", {"name": "day_cap_mm", "value": None}, "set the most for a day to nothing"),
        ("water_now", {"minutes": 10.0}, "asked for water by hand, 10 min"),
    ],
)
def test_what_was_done_is_told_in_words(what: str, values: dict[str, Any], told: str) -> None:
    assert describe_audit_entry(what, values, Words("en", UTC, datetime(2026, 6, 1, tzinfo=UTC))) == told


def test_the_scan_finds_what_is_said() -> None:
    assert ("frame", "running") in said_in_code(ROOT / "fieldstation" / "page" / "layout.py")
    assert ("frame", "theme_*") in said_in_template(ROOT / "web" / "templates" / "more.html")


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whatever_the_code_says_is_a_sentence(path: Path) -> None:
    assert {said for said in said_in_code(path) if not known(*said)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whatever_a_template_says_is_a_sentence(path: Path) -> None:
    assert {said for said in said_in_template(path) if not known(*said)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_has_words_of_its_own(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    written = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", text))
    spoken = [value for name in SPOKEN for value in re.findall(rf'\s{name}="([^"]*[^\W\d_][^"]*)"', text)]
    assert [word for word in written + spoken if word not in NAMES] == []

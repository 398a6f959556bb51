"""Screens say nothing but the words of the catalogues: whatever they ask for is there, and nothing is written past them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from fieldstation.page.catalogue import catalogue

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "web" / "templates").glob("*.html"))
CODE = sorted((ROOT / "fieldstation" / "page").rglob("*.py"))
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


def test_the_scan_finds_what_is_said() -> None:
    assert ("frame", "running") in said_in_code(ROOT / "fieldstation" / "page" / "frame.py")
    assert ("frame", "theme_*") in said_in_template(ROOT / "web" / "templates" / "more.html")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_whatever_the_code_says_is_a_sentence(path: Path) -> None:
    assert {said for said in said_in_code(path) if not known(*said)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_whatever_a_template_says_is_a_sentence(path: Path) -> None:
    assert {said for said in said_in_template(path) if not known(*said)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    written = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", text))
    spoken = [value for name in SPOKEN for value in re.findall(rf'\s{name}="([^"]*[^\W\d_][^"]*)"', text)]
    assert [word for word in written + spoken if word not in NAMES] == []

"""Plain short English: a reader who learnt it at school understands each sentence at first reading."""

from __future__ import annotations

import ast
import re
from statistics import fmean

import pytest

from tests.docs.pages import ROOT, documents, sentences

MEAN_WORDS, LONGEST_WORDS = 18, 40
README_WORDS = 500
GLOSSARY_WORDS = 40
ALL = "\n\n".join(text for path, text in documents().items() if "/decisions/0" in path)


@pytest.mark.parametrize("path", [path for path in documents() if "/decisions/0" not in path])
def test_sentences_are_short(path: str) -> None:
    found = sentences(documents()[path])
    assert fmean(found or [0]) < MEAN_WORDS
    assert max(found or [0]) <= LONGEST_WORDS


def test_sentences_of_decisions_are_short() -> None:
    assert fmean(sentences(ALL)) < MEAN_WORDS
    assert max(sentences(ALL)) <= LONGEST_WORDS


def test_long_sentences_are_measured() -> None:
    """Code, tables, headings and addresses are no prose; inline code is one word."""
    page = "# A heading of five words\n\nOne `two words` three. Four [five](six/seven.md) six seven?\n\n    fieldstation demo\n\n- Eight nine\n\n| a | b |\n"
    assert sentences(page) == [3, 4, 2]


def test_the_front_page_is_one_minute_long() -> None:
    assert len(documents()["README.md"].split()) <= README_WORDS


def test_the_glossary_is_short() -> None:
    _, _, after = documents()["fieldstation/README.md"].partition("## Glossary\n")
    rows = re.findall(r"^\| (?!word|---)([^|]+) \|", after, re.MULTILINE)
    assert 20 <= len(rows) <= GLOSSARY_WORDS
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    "room", sorted(path.parent.name for path in (ROOT / "fieldstation").glob("*/__init__.py"))
)
def test_docstrings_are_short(room: str) -> None:
    found: list[tuple[int, str]] = []
    for path in (ROOT / "fieldstation" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = re.sub(r"^(>>>|\.\.\.).*$", "", ast.get_docstring(node) or "", flags=re.MULTILINE)
                found += [
                    (words, f"{path.relative_to(ROOT)}: {getattr(node, 'name', '')}")
                    for words in sentences(text)
                ]
    assert fmean([words for words, _ in found] or [0]) < MEAN_WORDS
    assert [one for one in found if one[0] > LONGEST_WORDS] == []

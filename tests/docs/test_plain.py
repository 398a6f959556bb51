"""Plain short English: a reader who learnt it at school understands each sentence at first reading."""

from __future__ import annotations

import re
from statistics import fmean

import pytest

from tests.docs.pages import documents, sentences

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

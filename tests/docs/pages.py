"""The documents of the project, and what a reader meets in them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKIP = {".venv", ".venv-bench", "node_modules", "build", ".git", "demo-data"}


@cache
def documents() -> dict[str, str]:
    """Every Markdown page by its path from the root."""
    found = (path for path in ROOT.rglob("*.md") if not SKIP & set(path.relative_to(ROOT).parts))
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted(found)
        if not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
    }


def blocks(text: str) -> list[tuple[str, str]]:
    """Fenced and indented code blocks of a page: language (empty for indented ones) and body."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"(?:(?<=\n\n)|\A)((?: {4}.*\n)+)", plain)
    return [*fenced, *(("", re.sub(r"^ {4}", "", body, flags=re.MULTILINE)) for body in indented)]


def prose(text: str) -> list[str]:
    """Paragraphs and list items as plain text: no code blocks, tables, headings, pictures or addresses."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^( {4}.*|\|.*|#.*|<.*>)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(?:[-*]|\d+\.) ", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "code", text)
    return [
        plain for part in re.split(r"\n\s*\n", text) if (plain := " ".join(part.split()).replace("*", ""))
    ]


def sentences(text: str) -> list[int]:
    """The words of each sentence; inline code counts as one word."""
    found = [one for part in prose(text) for one in re.split(r"(?<=[.!?])[\")]?\s+(?=[\"(A-Z0-9`c])", part)]
    return [words for one in found if (words := len(re.findall(r"[\w'%/.-]*\w[\w'%/.-]*", one)))]

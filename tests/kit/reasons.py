"""Decisions, and why they fell, in a language's words."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from fieldstation.language.sentences import Words
from fieldstation.page.explanation import why
from fieldstation.policies.ladder import decide
from fieldstation.wire.decision import decision_plain
from tests.kit.facts import AT, likely

VALUES = {
    "mm": 12.34,
    "days": 3.2,
    "hours": 2.4,
    "below_mm": 2.9,
    "foretold_mm": 14.0,
    "fallen_mm": 4.0,
    "limit": "longest_run_s",
    "by": "Anna",
}


def words(language: str) -> Words:
    return Words(language, UTC, AT)


def plain(**more: Any) -> dict[str, Any]:
    return {**decision_plain(decide(likely(0.2))), **more}


def said(language: str, drivers: Any = (), yields: Any = (), **more: Any) -> list[str]:
    found = why(plain(**more), list(drivers), list(yields), words(language))
    return [*found["lines"], *([found["harvest"]] if found["harvest"] else [])]

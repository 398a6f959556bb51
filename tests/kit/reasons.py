"""Decisions, and why they fell, in a language's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from fieldstation.domain.forecast import Contribution
from fieldstation.domain.soil_water_balance import SoilWaterBalance
from fieldstation.domain.status.decision import DecisionStatus, decision_status
from fieldstation.language.sentences import Words
from fieldstation.page.explanation import explain, harvest_sentence
from fieldstation.policies.ladder import decide
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


def decided(**more: Any) -> DecisionStatus:
    """A decision with other parts."""
    return replace(decision_status(decide(likely(0.2))), **more)


def only(account: SoilWaterBalance) -> dict[str, Any]:
    """The parts of a decision that has books, and nothing else behind it."""
    return {"changes": (), "skipped": (), "below": None, "soil_water_balance": account}


def said(
    language: str, drivers: Sequence[Contribution] = (), yields: Sequence[Contribution] = (), **more: Any
) -> list[str]:
    found = explain(decided(**more), drivers, words(language))
    harvest = harvest_sentence(yields, words(language))
    return [*found.first, *found.rest, *([harvest] if harvest else [])]

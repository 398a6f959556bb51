"""The line under the picture: one probe at one depth, which may stand full over dry roots."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from fieldstation.language.sentences import Words
from fieldstation.page.zone_card import _source, _yield

DRY, FULL = 0.20, 0.30
ZONE: Any = SimpleNamespace(probes=(SimpleNamespace(depth_m=0.15), SimpleNamespace(depth_m=0.45)))


def words(language: str = "en") -> Words:
    return Words(language, UTC, datetime(2026, 6, 1, 12, tzinfo=UTC))


def live(verdict: str, *values: float | None) -> dict[str, Any]:
    probes = [
        {"depth_m": depth, "quality": "no_answer" if value is None else "good", "value": value}
        for depth, value in zip((0.15, 0.45), values, strict=True)
    ]
    return {"verdict": verdict, "probes": probes}


def said(verdict: str, value: float, language: str = "en") -> str:
    soil = {"value": value, "age_s": 4.0, "quality": "good"}
    return _source(ZONE, soil, DRY, FULL, live(verdict, value, 0.2), words(language))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_full_probe_over_thirsty_roots_is_explained(language: str) -> None:
    explained, plain = said("needs_water", 0.29, language), said("fine", 0.29, language)
    assert "15 cm" in explained
    assert "15 cm" in plain
    assert explained.startswith(plain.rstrip("."))
    assert len(explained) > len(plain)


def test_a_dry_probe_over_thirsty_roots_needs_no_word_more() -> None:
    assert said("needs_water", 0.21) == said("fine", 0.21)


def test_a_harvest_has_one_decimal() -> None:
    assert "14.6" in _yield({"p10": 13.7, "p50": 14.59, "p90": 15.48}, words())
    assert "15.48" not in _yield({"p10": 13.7, "p50": 14.59, "p90": 15.48}, words())

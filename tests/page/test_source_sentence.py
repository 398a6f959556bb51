"""The line under the picture: one probe at one depth, which may stand full over dry roots."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from fieldstation.binding import read
from fieldstation.domain.decision import ZoneState
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.reading import Quality
from fieldstation.domain.status.zone import ProbeStatus, SoilWater, ZoneStatus
from fieldstation.language.sentences import Words
from fieldstation.page.zone_card import harvest, source
from fieldstation.page.zone_now import ZoneRecord, zone_now
from tests.kit.status import zone

DRY, FULL = 0.20, 0.30
ZONE: Any = SimpleNamespace(probes=(SimpleNamespace(depth_m=0.15), SimpleNamespace(depth_m=0.45)))


def words(language: str = "en") -> Words:
    return Words(language, UTC, datetime(2026, 6, 1, 12, tzinfo=UTC))


def live(verdict: str, *values: float | None) -> ZoneStatus:
    probes = tuple(
        ProbeStatus("p", depth, value, Quality.NO_ANSWER if value is None else Quality.GOOD, 4.0, None)
        for depth, value in zip((0.15, 0.45), values, strict=True)
    )
    return replace(read(ZoneStatus, zone("north")), verdict=ZoneState(verdict), probes=probes)


def said(verdict: str, value: float, language: str = "en") -> str:
    soil = SoilWater(value, "m3/m3", 4.0, Quality.GOOD)
    status = replace(live(verdict, value, 0.2), soil_water=soil, dry_frac=DRY, full_frac=FULL)
    return source(ZONE, zone_now(ZONE, status, ZoneRecord(), [], words(language)._now), words(language))


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
    assert "14.6" in harvest(Quantiles(13.7, 14.59, 15.48), words())
    assert "15.48" not in harvest(Quantiles(13.7, 14.59, 15.48), words())

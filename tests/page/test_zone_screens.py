"""Zones, settings, about: what is installed is told, what is set is asked request by request, licences are named."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.language.sentences import Words
from fieldstation.page.settings.about import IN_THE_PAGE, works
from fieldstation.page.zones.screen import _typed
from tests.kit.page_bench import NOW, STATION, Bench, guard_status, snapshot

STATION_TZ = ZoneInfo(STATION.timezone)


@pytest.mark.parametrize("language", ["en", "es", "fr", "hi", "ar"])
def test_the_screens_stand_with_and_without_the_controller(bench: Bench, language: str) -> None:
    for up in (False, True):
        if up:
            bench.up(guard_status(), snapshot())
        for path in ("/zones", "/zones/north", "/about"):
            answer = bench.client.get(f"{path}?lang={language}")
            assert answer.status_code == 200, path
            html = answer.text
            assert "North &lt;field&gt;" in html or path == "/about"
    assert bench.client.get("/zones/nowhere").status_code == 404


def test_a_cap_is_typed_in_the_readers_unit_and_rubbish_goes_on_to_be_refused() -> None:
    metric = Words("en", STATION_TZ, NOW)
    us = Words("en", STATION_TZ, NOW, "us")
    assert _typed(metric, " 7,5 ") == 7.5
    assert _typed(us, "0.5") == 12.7
    assert _typed(metric, "") is None
    assert _typed(metric, "lots") == "lots"


def test_every_work_it_needs_is_named_with_a_licence() -> None:
    found = {name.lower(): (version, licence) for name, version, licence in works()}
    assert {"flask", "lightgbm", "gpiozero", "htmx.org", "uplot", "babel", "waitress"} <= found.keys()
    assert len(found) == len({name.replace("_", "-") for name, _, _ in works()}), "each once"
    assert not {"pytest", "mypy", "aquacrop"} & found.keys(), "only what runs"
    unknown = [name for name, (_, licence) in found.items() if licence == "?"]
    assert len(unknown) <= 2, unknown


def test_what_is_built_into_the_page_is_what_is_locked() -> None:
    lock = json.loads((Path(__file__).parents[2] / "web" / "package-lock.json").read_text())
    locked = {
        name.removeprefix("node_modules/"): one.get("version") for name, one in lock["packages"].items()
    }
    for name, version, _ in IN_THE_PAGE:
        assert locked[{"uPlot": "uplot"}.get(name, name)] == version

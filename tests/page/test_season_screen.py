"""The Season screen in every state, and a harvest entered, refused and corrected through it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from fieldstation.domain.learned import Harvest, planting_of
from fieldstation.domain.people import Person, Role
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.access import csrf
from fieldstation.page.context import PageContext
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.page_bench import NOW, STATION, Bench, guard_status, snapshot, zone

TODAY = NOW.date()
FORECAST = {
    "yield_by": "growth",
    "harvest_on": {
        "p10": str(TODAY + timedelta(days=50)),
        "p50": str(TODAY + timedelta(days=60)),
        "p90": str(TODAY + timedelta(days=75)),
    },
}


@pytest.fixture
def page(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(PageContext, "person", lambda _: Person("Rosa", Role.FARMER))
    monkeypatch.setattr(csrf, "genuine", lambda: True)
    return bench


def kept(page: Bench, *harvests: Harvest) -> None:
    page.places.data.mkdir(parents=True, exist_ok=True)
    prepare(page.places.record, NOW)
    record = Record.open(page.places.record, "boot")
    try:
        for installed in STATION.zones:
            record.add_planting(planting_of(installed))
        for harvest in harvests:
            record.add_harvest(harvest)
    finally:
        record.close()


def up(page: Bench, **more: Any) -> None:
    page.up(guard_status(), snapshot(zones=[zone(n, **{**FORECAST, **more}) for n in ("north", "south")]))


def html_of(page: Bench, language: str = "en") -> str:
    answer = page.client.get(f"/season?lang={language}")
    assert answer.status_code == 200
    text = answer.text
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<script>", text)
    assert ">None<" not in text
    return text


def form(page: Bench, **change: str) -> dict[str, str]:
    """The form as it stands on the page, filled in."""
    mark = re.search(r'name="csrf" value="([^"]+)"', html_of(page))
    filled = {"on": str(TODAY), "amount": "95", "unit": "kg", "dry": "87", "step": "keep"}
    return {**filled, **({"csrf": mark[1]} if mark else {}), **change}


def test_the_expected_harvest_its_range_its_drivers_and_its_days(page: Bench) -> None:
    kept(page)
    up(page)
    html = html_of(page)
    for said in (
        "Likely 7.0 t/ha to 10.0 t/ha, most likely 9.0 t/ha, dry weight.",
        "Fairly sure.",
        "Usual is 8.6 t/ha;",
        "Ready about",
        "Not entered yet.",
        "North &lt;field&gt;",
    ):
        assert said in html, said
    assert html.count('class="stages"') == 2
    for way in ("/history/season?zone=north", "/history.csv?zone=north", "/season/planting?zone=north"):
        assert f'href="{way}' in html, way


@pytest.mark.parametrize(
    ("yields", "by", "said"),
    [
        ({"p10": 8.5, "p50": 9.0, "p90": 9.5}, "growth", "Quite sure by now."),
        ({"p10": 3.0, "p50": 9.0, "p90": 12.0}, "growth", "Only a rough idea so far."),
        ({"p10": 8.5, "p50": 9.0, "p90": 9.5}, "crop_mean", "mostly what the crop usually brings"),
        (None, None, "Not enough is known yet to say what this season brings."),
    ],
)
def test_how_sure_is_said_in_words(page: Bench, yields: Any, by: str | None, said: str) -> None:
    kept(page)
    up(page, yield_t_ha=yields, yield_by=by)
    assert said in html_of(page)


def test_a_controller_of_an_earlier_release_says_no_day_of_harvest(page: Bench) -> None:
    kept(page)
    page.up(guard_status(), snapshot())
    assert "Ready about" not in html_of(page)


def test_with_all_silent_the_stage_still_stands(page: Bench) -> None:
    html = html_of(page)
    assert "The part that forecasts is silent." in html
    assert "The record cannot be read" in html
    assert "Planted 1 Sep" in html or "were over" in html


def test_a_damaged_record_leaves_the_forecast(page: Bench) -> None:
    page.places.data.mkdir(parents=True, exist_ok=True)
    page.places.record.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    up(page)
    html = html_of(page)
    assert "The record cannot be read" in html
    assert "most likely 9.0 t/ha" in html


def test_a_harvest_is_looked_at_and_then_kept(page: Bench) -> None:
    kept(page)
    up(page)
    page.controller.answers["harvest"] = {"kept": True}
    looked = page.client.post("/season/harvest/north", data=form(page, step="look"))
    assert "8.3 t/ha dry weight, harvested" in looked.text
    assert not [m for m in page.controller.asked if m["verb"] == "harvest"], "looking keeps nothing"
    done = page.client.post("/season/harvest/north", data=form(page))
    assert (done.status_code, "done=" in done.headers["Location"]) == (303, False)
    asked = next(m for m in page.controller.asked if m["verb"] == "harvest")
    assert asked == {"verb": "harvest", "zone": "north", "on": str(TODAY), "t_ha": 8.265, "by": "Rosa"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "a lot"}, "That is no weight."),
        ({"on": "yesterday"}, "That is no date."),
        ({"on": str(TODAY + timedelta(days=3))}, "That day has not come yet."),
        ({"dry": "600"}, "The dry part is a number above 0"),
    ],
)
def test_a_wrong_entry_is_named_and_what_was_typed_stays(
    page: Bench, change: dict[str, str], said: str
) -> None:
    kept(page)
    up(page)
    answer = page.client.post("/season/harvest/north", data=form(page, **change))
    html = answer.text
    assert answer.status_code == 400
    assert said in html
    assert f'value="{next(iter(change.values()))}"' in html
    assert not [m for m in page.controller.asked if m["verb"] == "harvest"]


def test_what_the_controller_refuses_is_a_sentence(page: Bench) -> None:
    kept(page)
    up(page)
    page.controller.answers["harvest"] = {
        "error": "t_ha: ...",
        "refused": "harvest_amount",
        "values": {"most_t_ha": 20.7},
    }
    answer = page.client.post("/season/harvest/north", data=form(page, amount="9500"))
    assert answer.status_code == 409
    assert "at most 20.7 t/ha of dry weight" in answer.text


def test_a_silent_controller_keeps_nothing_and_says_so(page: Bench) -> None:
    kept(page)
    answer = page.client.post("/season/harvest/north", data=form(page))
    assert answer.status_code == 409
    assert "Nothing was changed." in answer.text
    assert page.client.post("/season/harvest/moon", data=form(page)).status_code == 404


def test_the_last_word_counts_and_the_one_before_stays_to_be_seen(page: Bench) -> None:
    on = STATION.zones[0].planted_on + timedelta(days=70)
    kept(page, Harvest("north", on, 7.5), Harvest("north", on, 8.25))
    up(page)
    html = html_of(page)
    assert re.search(r"Entered: 8\.[23] t/ha dry weight", html)
    assert "no longer counted: 7.5 t/ha" in html
    assert "Correct the harvest" in html


@pytest.mark.parametrize("who", [None, Person("Vera", Role.VIEWER)])
def test_only_a_farmer_may_enter_one(
    page: Bench, who: Person | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(page)
    up(page)
    filled = form(page)
    monkeypatch.setattr(PageContext, "person", lambda _: who)
    assert page.client.post("/season/harvest/north", data=filled).status_code in (303, 403)
    assert not [m for m in page.controller.asked if m["verb"] == "harvest"]


def test_whoever_may_not_enter_sees_no_form(page: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageContext, "person", lambda _: None)
    kept(page)
    up(page)
    html = html_of(page)
    assert 'name="amount"' not in html
    assert "sign in as a farmer" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_season_speaks_every_language(page: Bench, language: str) -> None:
    on = STATION.zones[0].planted_on + timedelta(days=30)
    kept(page, Harvest("north", on, 7.5))
    learned = {"yields": [{"zone": "south", "crop": "tomato", "scale": 0.9, "seasons": 2, "used": True}]}
    zones = [zone(name, **FORECAST) for name in ("north", "south")]
    page.up(guard_status(), snapshot(zones=zones, learning=learned))
    text = re.sub(r"<[^>]+>", " ", html_of(page, language))
    if language != "en":  # an unknown code shows as its own English words
        assert not re.findall(r"\b(?:sure|yield|harvest|before|stage|water|unit|field) (?:[a-z]+|\d)\b", text)
    assert "{" not in text

"""Nudges on the page: who asked what is told, each button asks the controller in that person's name, a no is a sentence."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.people import Person, Role
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.access import csrf
from fieldstation.page.context import PageContext
from tests.kit.page_bench import Bench, guard_status, snapshot, z, zone

SINCE = z(datetime.now(UTC))
ASKED = [
    ("automatic_off", None),
    ("pause", "2027-03-05"),
    ("skip", None),
    ("skipped", None),
    ("nudge", -0.1),
    ("nudge", 0.2),
    ("quiet", "22:00/05:00"),
    ("day_cap", 6.0),
]
"""Every adjustment that the snapshot tells."""


def asked(*names: str) -> list[dict[str, Any]]:
    return [
        {"name": n, "value": v, "by": "Anna", "since": SINCE} for n, v in ASKED if not names or n in names
    ]


class Page(Bench):
    def show(self, **north: Any) -> None:
        more = {"nudges": [], "by_hand": None, "room_mm": 12.0, **north}
        moment = snapshot(zones=[zone("north", **more), zone("south", nudges=[], by_hand=None, room_mm=0.0)])
        run = north.get("run")
        self.up(
            guard_status(runs=[] if run is None else [{**run, "zone": "north"}]),
            {**moment, "hand_mark": "mark"},
        )

    def grants(self, command: str, answer: dict[str, Any]) -> None:
        self.controller.answers[command] = answer

    def said(self, command: str) -> list[dict[str, Any]]:
        return [one for one in self.controller.asked if one["verb"] == command]

    def html(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Anna, a farmer, is signed in, and her forms are genuine."""
    monkeypatch.setattr(PageContext, "person", lambda self: Person("anna", Role.FARMER))
    monkeypatch.setattr(csrf, "genuine", lambda: True)
    folder = Path(tempfile.mkdtemp(prefix="page-"))
    made = Page(folder)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/plan", "/zones/north/requests"])
def test_every_nudge_in_force_is_told_with_who_and_when(page: Page, path: str, language: str) -> None:
    page.show(nudges=asked())
    html = page.html(f"{path}?lang={language}")
    assert html.count("Anna") >= len(ASKED)
    assert ">?" not in html
    assert "said_" not in html
    assert "said " not in html


def test_the_sentences_say_what_was_asked(page: Page) -> None:
    page.show(nudges=asked())
    html = page.html("/?lang=en")
    for text in (
        "Anna paused watering until Fri",
        "asked to skip the next",
        "10% less each time",
        "20% more each time",
        "quiet from 22:00 to 05:00",
        "at most 6.0 mm a day",
        "switched automatic watering off",
    ):
        assert text in html.replace("\u2068", "").replace("\u2069", ""), text


def test_the_next_watering_is_not_promised_when_it_will_be_skipped(page: Page) -> None:
    planned = {
        "at": z(datetime.now(UTC) + timedelta(days=3)),
        "minutes": 25,
        "certain": False,
        "skipped": True,
    }
    page.show(next_run=planned)
    north = page.html("/?lang=en").partition("South beds")[0]
    assert "will be skipped" in north
    assert "about 25 min" not in north


def test_nobody_but_a_farmer_gets_buttons_and_everybody_is_told(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show(nudges=asked("pause"))
    assert 'action="/zones/north/skip"' in page.html("/")
    monkeypatch.setattr(PageContext, "person", lambda self: None)
    html = page.html("/?lang=en")
    assert "Anna paused" in html
    assert 'action="/zones/' not in html
    assert 'href="/zones/north/requests"' in html


@pytest.mark.parametrize(
    ("path", "form", "wish"),
    [
        ("skip", {}, {"verb": "skip", "on": True}),
        ("skip", {"on": "no"}, {"verb": "skip", "on": False}),
        ("nudge", {"frac": "-0.1"}, {"verb": "nudge", "frac": -0.1}),
        ("nudge", {"frac": "x"}, {"verb": "nudge", "frac": None}),
        ("pause", {"until": "2027-03-05"}, {"verb": "pause", "until": "2027-03-05"}),
        ("resume", {}, {"verb": "resume_automatic"}),
        ("end", {}, {"verb": "end_run"}),
    ],
)
def test_each_button_asks_in_the_persons_name(
    page: Page, path: str, form: dict[str, str], wish: dict[str, Any]
) -> None:
    page.show()
    page.grants(wish["verb"], {"asked": "x"})
    answer = page.client.post(f"/zones/north/{path}", data=form)
    assert answer.status_code == 303
    assert page.said(wish["verb"]) == [{"zone": "north", "by": "anna", **wish}]


def test_one_goes_back_to_where_one_was(page: Page) -> None:
    page.show()
    page.grants("skip", {"asked": "skip"})
    for back, where in (
        ("plan", "/plan#zone-north"),
        ("zone_requests", "/zones/north/requests"),
        ("", "/#z-north"),
        ("https://evil.example", "/#z-north"),
    ):
        answer = page.client.post("/zones/north/skip", data={"back": back})
        assert answer.headers["Location"] == where
    said = "The next watering will be skipped."
    assert said in page.html("/?lang=en")
    assert said not in page.html("/?lang=en"), "told once"
    assert said not in page.html("/?done=skip&lang=en"), "no address says that something was done"


def test_a_no_is_a_sentence_on_the_zones_own_screen(page: Page) -> None:
    page.show()
    page.grants("pause", {"refused": "pause_day", "values": {"days": 90}})
    answer = page.client.post("/zones/north/pause?lang=en", data={"until": "soon"})
    assert answer.status_code == 409
    assert "at most 90 days ahead" in answer.text
    assert page.client.post("/zones/west/skip").status_code == 404
    assert page.client.get("/zones/west/water").status_code == 404


def test_nothing_changes_by_looking(page: Page) -> None:
    page.show()
    for path in ("skip", "nudge", "pause", "resume", "end"):
        assert page.client.get(f"/zones/north/{path}").status_code == 405


def test_water_now_is_a_second_step_with_a_key_of_its_own(page: Page) -> None:
    page.show()
    page.grants("water_now", {"state": "running", "minutes": 10.0, "again": False, "code": None})
    first, second = page.html("/zones/north/water?lang=en"), page.html("/zones/north/water?lang=en")
    keys = [str(re.search(r'name="key" value="([^"]+)"', html)[1]) for html in (first, second)]  # type: ignore[index]
    assert keys[0] != keys[1]
    assert all(key.startswith("mark.") for key in keys)
    assert re.findall(r'name="minutes" value="(\d+)"', first) == ["5", "10", "20"]
    answer = page.client.post("/zones/north/water", data={"key": keys[0], "minutes": "10"})
    assert answer.headers["Location"] == "/#z-north"
    assert page.said("water_now") == [
        {"verb": "water_now", "zone": "north", "by": "anna", "key": keys[0], "minutes": 10.0}
    ]


def test_water_that_the_guard_refuses_is_told_by_its_code(page: Page) -> None:
    page.show()
    page.grants("water_now", {"refused": "tank_low", "values": {}})
    answer = page.client.post("/zones/north/water?lang=en", data={"key": "mark.a", "minutes": "5"})
    assert answer.status_code == 409
    assert "the tank is low" in answer.text


def test_only_what_the_day_has_left_is_offered(page: Page) -> None:
    page.show(room_mm=5.0)
    assert re.findall(r'name="minutes" value="(\d+)"', page.html("/zones/north/water")) == ["5", "10"]
    assert "is used up" in page.html("/zones/south/water?lang=en")


def test_water_by_hand_is_told_and_can_be_ended(page: Page) -> None:
    run = {
        "id": "r",
        "started_at": SINCE,
        "origin": "manual",
        "on_s": 60.0,
        "planned_s": 600.0,
        "litres": 40.0,
        "phase": "watering",
        "by": "Anna",
    }
    page.show(
        run=run, by_hand={"state": "running", "by": "Anna", "minutes": 10, "code": None, "asked_at": SINCE}
    )
    html = page.html("/?lang=en")
    assert "Anna asked for this watering." in html
    assert 'action="/zones/north/end"' in html
    assert 'href="/zones/north/water"' not in html
    assert "being watered already" in page.html("/zones/north/water?lang=en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("state", "code"), [("waiting", "pump_busy"), ("dropped", "guard_silent"), ("dropped", "stopped")]
)
def test_water_that_waits_or_was_dropped_is_told(page: Page, language: str, state: str, code: str) -> None:
    page.show(by_hand={"state": state, "by": "Anna", "minutes": 5, "code": code, "asked_at": SINCE})
    html = page.html(f"/?lang={language}")
    assert "Anna" in html
    assert code not in html
    assert ('action="/zones/north/end"' in html) is (state == "waiting")


@pytest.mark.parametrize(
    ("old", "new"),
    [("/zones/north/nudges", "/zones/north/requests"), ("/people/trail.csv", "/people/audit.csv")],
)
def test_an_address_of_before_leads_to_the_one_of_now(page: Page, old: str, new: str) -> None:
    answer = page.client.get(old)
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith(new)


def test_a_silent_controller_is_said_and_offers_nothing(page: Page) -> None:
    page.up(guard_status())
    for path in ("/zones/north/water", "/zones/north/requests"):
        html = page.html(f"{path}?lang=en")
        assert "does not answer" in html
        assert 'action="/zones/' not in html
    answer = page.client.post("/zones/north/skip?lang=en")
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text

"""The Plan screen in every state: whole sentences, and nothing made up where nobody knows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fieldstation.domain.decision import Decision, Event, Reason
from fieldstation.domain.run import Code, Run
from fieldstation.domain.soil_water_balance import closed
from fieldstation.language.sentences import LANGUAGES, catalogue
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.controller_bench import WATER
from tests.kit.page_bench import NOW, Bench, guard_status, snapshot, z, zone


@pytest.fixture
def page(bench: Bench) -> Bench:
    return bench


def html_of(page: Bench, language: str = "en") -> str:
    answer = page.client.get(f"/plan?lang={language}")
    assert answer.status_code == 200
    text = answer.text
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<script>", text)
    assert ">None<" not in text
    return text


def decided(at: Any, name: str = "north", depth_mm: float = 0.0, **more: Any) -> Decision:
    usual: dict[str, Any] = {
        "reason": Reason.REFILL_LINE_REACHED if depth_mm else Reason.ENOUGH_WATER,
        "values": {"days_left": 2.4, "depletion_mm": 41.0, "line_mm": 40.0},
        "run_s": 600.0,
        "start_at": None,
        "depletion_mm": 41.0,
        "taw_mm": 90.0,
        "dry_frac": 0.15,
        "full_frac": 0.25,
        "account": closed(1, 38, 6.2, 0, 2, 0, 42.2),
    }
    return replace(WATER, id=f"{name}{at}", zone=name, at=at, depth_mm=depth_mm, **usual | more)


def record_days(page: Bench) -> None:
    """Yesterday watered, the day before refused, three days ago waited."""
    page.places.data.mkdir(parents=True, exist_ok=True)
    prepare(page.places.record, NOW)
    record = Record.open(page.places.record, "boot")
    try:
        began = NOW - timedelta(days=1)
        record.add_decision(decided(NOW - timedelta(days=3)))
        record.add_decision(decided(NOW - timedelta(days=2), depth_mm=9.0))
        record.add_event(Event("water_refused", NOW - timedelta(days=2), True, "north", {"code": "tank_low"}))
        record.add_decision(decided(began, depth_mm=9.0))
        record.add_run(
            Run(
                "r", 1, "north", "auto", began, began + timedelta(minutes=20), 1200.0, 812.0, True, Code.DONE
            ),
            8.1,
        )
        record.add_audit("Rosa", "setting", "north", {"name": "skip_next", "value": "true"})
    finally:
        record.close()


def test_the_week_the_account_and_the_days_behind(page: Bench) -> None:
    record_days(page)
    page.up(guard_status(), snapshot())
    html = html_of(page)
    for said in (
        "Will probably water",
        "Likely, by the water balance alone.",
        "Not known yet",
        "Used by the crop",
        "Was to be watered and was not: the tank is low.",
        "Not watered.",
        "Watered at",
        "Rosa: ",
    ):
        assert said in html, said
    assert 'id="why-north"' in html
    assert "North &lt;field&gt;" in html
    account = re.search(r'<table class="account">.*?</table>', html, re.DOTALL)
    assert account is not None
    signs = [sign for sign in re.findall(r'class="sign">(.?)<', account[0]) if sign]
    assert signs == ["+", "+", "\u2212", "="]


def test_today_keeps_the_sentence_and_leads_to_the_rest(page: Bench) -> None:
    page.up(guard_status(), snapshot())
    html = page.client.get("/").text
    assert 'href="/plan#why-north"' in html
    assert 'id="why-north"' in html_of(page)
    assert "It would be watered if the soil were" not in html
    assert "It would be watered if the soil were" in html_of(page)


def test_before_the_first_decision(page: Bench) -> None:
    page.up(
        guard_status(),
        snapshot(zones=[zone(name, decision=None, next_run=None) for name in ("north", "south")]),
    )
    html = html_of(page)
    assert "Nothing has been decided yet." in html
    assert 'class="account"' not in html


def test_with_the_controller_silent_no_week_is_promised(page: Bench) -> None:
    record_days(page)
    page.up(guard_status())
    html = html_of(page)
    assert "The part that decides is silent, so nobody knows what comes." in html
    assert "Will probably water" not in html
    assert "Used by the crop" in html, "the record still has the last decision"
    assert "decides again" not in html


def test_a_controller_that_hangs_promises_nothing_either(page: Bench) -> None:
    page.up(guard_status(), snapshot(heartbeat_age_s=40.0))
    assert "Will probably water" not in html_of(page)


def test_a_damaged_record_is_said_and_the_week_still_shown(page: Bench) -> None:
    page.places.data.mkdir(parents=True, exist_ok=True)
    page.places.record.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    page.up(guard_status(), snapshot())
    html = html_of(page)
    assert "The days behind cannot be shown:" in html
    assert "Will probably water" in html


def test_holding_plans_nothing_and_says_what_would_help(page: Bench) -> None:
    held = {
        "rung": "hold",
        "depth_mm": 0.0,
        "reason": {"code": "no_trusted_input", "values": {}},
        "account": None,
        "below": None,
        "changes": [{"code": "input_back", "values": {}}],
    }
    decision = {**zone("north")["decision"], **held}
    page.up(guard_status(), snapshot(zones=[zone("north", decision=decision, next_run=None), zone("south")]))
    html = html_of(page)
    assert "Nothing here can be trusted enough to plan on." in html
    assert "It would be judged again with a good probe" in html


def test_a_latched_stop_stands_above_the_plan(page: Bench) -> None:
    page.up(guard_status(stop_latched=True), snapshot())
    assert "nothing waters until someone resumes" in html_of(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_said_in_every_language(page: Bench, language: str) -> None:
    record_days(page)
    run = {"id": "r", "started_at": z(NOW), "on_s": 60.0, "planned_s": 600.0, "litres": 40.0, "phase": "w"}
    page.up(guard_status(), snapshot(zones=[zone("north", run=run, next_run=None), zone("south")]))
    text = re.sub(r"<[^>]+>", " ", html_of(page, language))
    if language != "en":  # an unknown code shows as its own English words
        assert not re.findall(r"\b(?:why|sure|kind|told|account) [a-z]+\b", text)
    assert "?" not in text.replace("¿", "").replace("Why?", "")


def test_every_code_of_the_rows_has_its_word(request: pytest.FixtureRequest) -> None:
    """Codes are written in the presenters as bare words: each that could be one is looked up."""
    words = catalogue("en")["plan"]
    week = (request.config.rootpath / "fieldstation/page/plan/week.py").read_text()
    made = re.findall(r'Ahead\(\s*on, "(\w+)", (?:"(\w*)"|[^,]+), "?(\w*)', week)
    assert len(made) >= 10
    for kind, why, sure in made:
        assert f"kind_{kind}" in words
        assert not why or why == "reason" or f"why_{why}" in words
        assert not sure or sure in ("BY_RUNG", "maybe") or f"sure_{sure}" in words
    account = (request.config.rootpath / "fieldstation/page/plan/soil_balance.py").read_text()
    for code in re.findall(r'Row\("(\w+)"', account):
        assert f"account_{code}" in words

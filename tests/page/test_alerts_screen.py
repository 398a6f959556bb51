"""The Alerts screen: calm when all is well; else what, since when, what it means, what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.decision import Value
from fieldstation.domain.notification import About, Failure, NotificationContent
from fieldstation.domain.people import Person, Role
from fieldstation.domain.run import Code
from fieldstation.language import alerts
from fieldstation.language.catalogue import catalogue
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.store.errors import Trouble
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.page_bench import NOW, Bench, guard_status, snapshot, z

LANGUAGES = ("en", "es", "fr", "hi", "ar")
WITH_STEPS = [code.value for code in AlertCode]


def alert(code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "code": code,
        "severity": "warning",
        "zone": None,
        "since": z(NOW - timedelta(hours=2)),
        "since_sure": True,
        "values": {},
        "seen_by": None,
        "seen_at": None,
        "quiet_until": None,
        **more,
    }


def signed_in(monkeypatch: pytest.MonkeyPatch, role: Role = Role.FARMER) -> None:
    monkeypatch.setattr(PageContext, "person", lambda _: Person("Ana", role))


def test_all_well_is_calm(bench: Bench) -> None:
    bench.up(guard_status(), snapshot())
    html = bench.client.get("/alerts").text
    assert "Nothing needs you." in html
    assert "<article" not in html


def test_an_alert_says_what_since_when_what_it_means_and_what_to_do(bench: Bench) -> None:
    leak = alert("latched", severity="urgent", values={"code": "leak", "pump": "main"})
    stuck = alert("sensor_bad", values={"sensor": "air", "quality": "stuck"})
    bench.up(guard_status(), snapshot(alerts=[stuck, leak]))
    html = bench.client.get("/alerts").text
    assert html.index("Locked until someone looks") < html.index("Sensor air: stuck."), "urgent first"
    for words in (
        "Urgent",
        "Take care",
        "<ol><li>",
        "shut the main valve by hand",
        "This sensor is not used.",
        "Since ",
    ):
        assert words in html
    assert html.count("Locked until") == 1, "the strip is not there twice"
    assert 'action="/alerts/seen"' not in html
    assert "Sign in to say" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cause_in_technical_words_stands_below_and_is_escaped(bench: Bench, language: str) -> None:
    why = "lgpio is missing (<b>x</b>); install it"
    values = {"sensor": "air", "quality": "no_answer", "detail": why}
    failed = {"code": "planner_died", "detail": "no module"}
    open_ones = [alert("sensor_bad", values=values), alert("planner_failed", values=failed)]
    bench.up(guard_status(), snapshot(alerts=open_ones))
    html = bench.client.get(f"/alerts?lang={language}").text
    assert (
        '<p class="small" lang="en" dir="ltr">lgpio is missing (&lt;b&gt;x&lt;/b&gt;); install it</p>' in html
    )
    assert html.count("no module") == 1, "no farmer's sentence holds it"
    assert html.count("<details><summary>") >= 2
    told = bench.client.get("/api/v1/alerts").get_json()["open"]
    assert why in [one["values"]["detail"] for one in told]
    assert all(one["values"]["detail"] not in one["what"] for one in told)


def test_the_strip_of_other_screens_leads_here_and_is_silent_about_what_is_snoozed(bench: Bench) -> None:
    until = z(NOW + timedelta(days=1))
    quiet = [
        alert("air_unknown", quiet_until=until),
        alert("guard_silent", severity="urgent", quiet_until=until),
    ]
    bench.up(guard_status(), snapshot(alerts=[*quiet, alert("clock_untrusted")]))
    html = bench.client.get("/").text
    assert "No air temperature" not in html
    assert "The pump&#39;s guard does not answer" in html, "urgent ones stay"
    assert "The clock is not set." in html
    assert 'href="/alerts"' in html


def test_a_farmer_says_seen_and_snoozes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch)
    bench.up(guard_status(), snapshot(alerts=[alert("air_unknown")]))
    bench.controller.answers |= {
        "alert_seen": {"seen": 7},
        "alert_snooze": {"refused": "alert_gone", "values": {}},
    }
    html = bench.client.get("/alerts").text
    assert 'action="/alerts/seen"' in html
    mark = html.partition('name="csrf" value="')[2].partition('"')[0]
    answer = bench.client.post("/alerts/seen", data={"id": "7", "csrf": mark})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/alerts")
    answer = bench.client.post("/alerts/snooze", data={"id": "7", "hours": "24", "csrf": mark})
    assert answer.status_code == 409
    assert "This alert is over" in answer.text
    asked = [message for message in bench.controller.asked if message["verb"] != "snapshot"]
    assert asked == [
        {"verb": "alert_seen", "id": 7, "by": "Ana"},
        {"verb": "alert_snooze", "id": 7, "by": "Ana", "hours": 24.0},
    ]


def test_solved_ones_and_with_the_controller_silent_open_ones_come_from_the_record(bench: Bench) -> None:
    path: Path = bench.places.record
    prepare(path, NOW)
    record = Record.open(path, "boot")
    hour = timedelta(hours=1)
    record.keep_alerts(
        [
            Alert(AlertCode.TANK_LOW, NOW - 3 * hour, None, {"pump": "main"}, ended_at=NOW - hour),
            Alert(AlertCode.AIR_UNKNOWN, NOW - hour, seen_at=NOW, seen_by="Ben"),
        ]
    )
    record.close()
    bench.up(guard_status())
    html = bench.client.get("/alerts").text
    assert "What stands here was written down before." in html
    assert "The tank of main is low." in html.partition("Solved in the last month")[2]
    assert "No air temperature" in html.partition("Solved in the last month")[0]
    assert "Ben has seen it" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alert_says_what_it_means_and_what_to_do(language: str) -> None:
    words = Words(language, UTC, NOW)
    for code in WITH_STEPS:
        told = NotificationContent(About.OPENED, code)
        assert alerts.effect(told, words) not in ("", code.replace("_", " ")), (language, code)
        assert alerts.steps(told, words) != [code.replace("_", " ")], (language, code)


def test_the_words_are_the_same_in_every_language_and_name_only_what_there_is() -> None:
    groups = (
        "alerts",
        "alerts_effect",
        "alerts_steps",
        "alerts_cause",
        "channels",
        "notification",
        "notification_failed",
    )
    first = catalogue("en")
    for language in LANGUAGES:
        words = catalogue(language)
        assert [set(words[group]) for group in groups] == [set(first[group]) for group in groups]
    assert set(first["notification_failed"]) == {failure.value for failure in Failure}
    assert set(first["alerts_cause"]) <= {code.value for code in Code} | {Trouble.DISK_FULL.value}
    assert set(first["alerts_effect"]) == set(first["alerts_steps"]) == set(WITH_STEPS)


def test_the_guards_reason_has_the_steps_where_there_is_one() -> None:
    words = Words("en", UTC, NOW)
    refused = NotificationContent(About.OPENED, "water_refused", "north", {"code": "tank_low"})
    assert alerts.steps(refused, words)[0] == "Fill the tank."
    failed = NotificationContent(About.OPENED, "record_failed", None, {"code": "disk_full", "detail": ""})
    assert "room on the memory card" in alerts.steps(failed, words)[0]
    damaged = replace(failed, values={"code": "corrupt", "detail": "page 7"})
    assert "off and on" in alerts.steps(damaged, words)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_card_is_told_without_paths_and_without_english(language: str) -> None:
    words = Words(language, UTC, NOW)
    values: dict[str, Value] = {"code": "disk_full", "detail": "/var/lib/record.db: database or disk is full"}
    for code in ("record_failed", "learning_failed"):
        told = alerts.what(NotificationContent(About.OPENED, code, None, values), words, {})
        assert words.say("why", "disk_full") in told
        assert "record.db" not in told


def test_a_controller_that_cannot_start_for_want_of_room_does_not_leave_people_guessing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldstation.page.sources.free_mb", lambda _: 0.3)
    bench.up(guard_status())
    html = bench.client.get("/alerts").text
    assert "the memory card is full" in html
    assert "Make room on the memory card" in html
    monkeypatch.setattr("fieldstation.page.sources.free_mb", lambda _: 900.0)
    bench.app.extensions["site"].source.forget()
    assert "memory card" not in bench.client.get("/").text


def test_water_that_is_due_and_could_not_be_written_down_is_said(bench: Bench) -> None:
    told = snapshot()
    told["zones"][0] |= {"unkept": True, "next_run": None}
    told["zones"][0]["decision"]["depth_mm"] = 12.0
    bench.up(guard_status(), told)
    assert "as soon as it can be written down" in bench.client.get("/").text
    told["zones"][0]["decision"]["depth_mm"] = 0.0
    bench.app.extensions["site"].source.forget()
    assert "as soon as it can be written down" not in bench.client.get("/").text


CHANNELS = {
    "webhook": {
        "on": True,
        "waiting": 2,
        "last": {"state": "waiting", "detail": "certificate", "at": z(NOW)},
        "test": {"state": "sent", "detail": "", "open": True},
    },
    "apprise": {"on": False, "waiting": 0, "last": None, "test": None},
}


def test_only_a_technician_sees_where_alerts_go_and_nobody_sees_an_address(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(bench.places.record, NOW)
    record = Record.open(bench.places.record, "boot")
    record.set_setting("webhook_url", None, "https://farm.example/token", "Ana")
    record.set_setting("webhook_secret", None, "sesame", "Ana")
    record.close()
    bench.up(guard_status(), snapshot(channels=CHANNELS))
    signed_in(monkeypatch)
    assert "Webhook" not in bench.client.get("/alerts").text
    signed_in(monkeypatch, Role.TECHNICIAN)
    html = bench.client.get("/alerts?x").text
    for words in (
        "Messages that wait: 2.",
        "its certificate is not valid",
        "Has it arrived?",
        'name="digits"',
        "An address is set.",
    ):
        assert words in html
    assert "farm.example" not in html
    assert "sesame" not in html


def test_a_technician_sets_tries_and_turns_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, Role.TECHNICIAN)
    bench.up(guard_status(), snapshot(channels=CHANNELS))
    bench.controller.answers |= {
        "set_setting": {"set": "x"},
        "test_channel": {"tested": "webhook"},
        "channel_arrived": {"refused": "digits_wrong", "values": {}},
    }
    html = bench.client.get("/alerts").text
    mark = html.partition('name="csrf" value="')[2].partition('"')[0]
    form = {
        "csrf": mark,
        "webhook_url": " https://a.example/x ",
        "apprise_urls": "ntfy://t\r\n\r\n",
        "alerts_min": "urgent",
    }
    assert bench.client.post("/alerts/channels", data=form).status_code == 303
    assert bench.client.post("/alerts/channels", data={"csrf": mark, "off": "apprise"}).status_code == 303
    answer = bench.client.post("/alerts/test", data={"csrf": mark, "channel": "webhook"})
    assert answer.headers["Location"] == "/alerts"
    wrong = bench.client.post("/alerts/arrived", data={"csrf": mark, "channel": "webhook", "digits": "1"})
    assert "These are not the digits" in wrong.text
    asked = [
        (message["verb"], message.get("name"), message.get("value", message.get("channel")))
        for message in bench.controller.asked
        if message["verb"] != "snapshot"
    ]
    assert asked == [
        ("set_setting", "alerts_min", "urgent"),
        ("set_setting", "webhook_secret", None),
        ("set_setting", "webhook_url", "https://a.example/x"),
        ("set_setting", "apprise_urls", ["ntfy://t"]),
        ("set_setting", "apprise_urls", []),
        ("test_channel", None, "webhook"),
        ("channel_arrived", None, "webhook"),
    ]

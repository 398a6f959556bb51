"""The rooms of the API beside people and requests: each answers as described, upon a real record, and does what its form does."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest

import fieldstation
from fieldstation.binding import json_schema
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.learned import Harvest
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.alerts.api import AlertList, ChannelList
from fieldstation.page.calibration.api import Calibrated, CalibrationList, RelayTestRun
from fieldstation.page.commissioning.api import VisitList, VisitNow
from fieldstation.page.context import LONG_AT_ONCE
from fieldstation.page.history.answers import DecisionList, EventList, RunList
from fieldstation.page.people.api import AccountList, TokenList
from fieldstation.page.people.audit_api import AuditLog
from fieldstation.page.planting.advisor import Answer
from fieldstation.page.planting.api import PlantingAdvice
from fieldstation.page.season.api import SeasonNow, SeasonTotals
from fieldstation.page.settings.api import AboutStation, SettingsNow
from fieldstation.page.zones.api import Installed, Plan
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.office import Caller, visiting
from tests.kit.page_bench import STATION, VISIT, Bench, guard_status, opened, snapshot, told
from tests.kit.planting import ADVICE, Told


@pytest.fixture
def bench() -> Iterator[Bench]:
    with visiting() as made:
        yield made


SECRETS = ("https://user:pass@hooks.example/x", "sign-with-this", "tgram://12:token/chat")


@pytest.fixture
def tess(bench: Bench) -> Caller:
    return Caller(bench, "Tess")


def record(bench: Bench) -> Record:
    return Record.open(bench.places.record, "test")


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/settings", SettingsNow),
        ("/about", AboutStation),
        ("/zones", Installed),
        ("/alerts", AlertList),
        ("/zones/north/plan", Plan),
        ("/zones/north/season", SeasonNow),
        ("/channels", ChannelList),
        ("/zones/north/season-report", SeasonTotals),
        ("/planting", PlantingAdvice),
        ("/people", AccountList),
        ("/tokens", TokenList),
        ("/audit", AuditLog),
        ("/calibrations", CalibrationList),
        ("/relay-tests/r1", RelayTestRun),
        ("/relay-tests/none", RelayTestRun),
        ("/commissioning", VisitList),
        (f"/commissioning/{VISIT}", VisitNow),
        ("/runs", RunList),
        ("/decisions", DecisionList),
        ("/events", EventList),
    ],
)
def test_answers_are_as_described(tess: Caller, path: str, shape: Any) -> None:
    jsonschema_rs.validate(json_schema(shape, written=True), tess.get(path))


def test_a_zone_that_is_not_here_is_named_so(tess: Caller) -> None:
    for path in (
        "/zones/moon/plan",
        "/zones/moon/season",
        "/zones/moon/season-report",
        "/planting?zone=moon",
    ):
        assert tess.get(path, 404)["code"] == "zone_unknown", path
    assert tess.post("/zones/moon/bucket", 404, run="r1", litres=5)["code"] == "zone_unknown"
    assert tess.post("/planting", 404, zone="moon")["code"] == "zone_unknown"


def test_what_is_installed_is_told_with_what_it_reads(tess: Caller) -> None:
    found = tess.get("/zones")
    north = found["zones"][0]
    assert (north["id"], north["crop"], north["pump"]) == ("north", "maize", found["pumps"][0]["id"])
    assert north["limits"]["longest_run_s"] == STATION.zone("north").limits.longest_run_s
    assert [probe["id"] for probe in north["probes"]] == ["north_soil", "north_deep"]
    assert tess.get("/about")["version"] == fieldstation.__version__


def test_addresses_and_secrets_of_channels_go_in_and_never_come_out(bench: Bench, tess: Caller) -> None:
    def put(path: str, **body: Any) -> Any:
        return tess.client.put(f"/api/v1/channels/{path}", json=body, headers=tess.headers)

    answers = [put("webhook", url=SECRETS[0], secret=SECRETS[1]), put("apprise", urls=[SECRETS[2]])]
    assert [one.status_code for one in answers] == [200, 200]
    with Reader(bench.places.record) as reader:
        kept = reader.settings()
    assert (kept.get("webhook_url"), kept.get("webhook_secret"), kept.get("apprise_urls")) == (
        *SECRETS[:2],
        (SECRETS[2],),
    )
    bench.app.extensions["site"].register.forget()
    said = [one.text for one in answers]
    said += [
        json.dumps(tess.get(path)) for path in ("/settings", "/channels", "/audit", "/status", "/alerts")
    ]
    said += [tess.client.get("/people/audit.csv").text]
    for secret in (*SECRETS, "user:pass", "12:token"):
        assert not [text for text in said if secret in text]
    for name in ("webhook_url", "webhook_secret", "apprise_urls"):
        answer = tess.client.put(f"/api/v1/settings/{name}", json={"value": None}, headers=tess.headers)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "setting_unknown"), (
            "the channels' own room"
        )
    tess.post("/channels/webhook/off")
    with Reader(bench.places.record) as reader:
        assert (reader.settings().get("webhook_url"), reader.settings().get("webhook_secret")) == (None, None)
        assert reader.settings().get("apprise_urls") == (SECRETS[2],)


def test_an_address_that_cannot_be_leaves_the_secret_as_it_was(bench: Bench, tess: Caller) -> None:
    for body in ({"url": SECRETS[0], "secret": SECRETS[1]}, {"url": "ftp://x", "secret": "another"}):
        answer = tess.client.put("/api/v1/channels/webhook", json=body, headers=tess.headers)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "setting_bad")
    assert list(answer.get_json()["values"]["wrong"]["json"]) == ["url"]
    with Reader(bench.places.record) as reader:
        assert reader.settings().get("webhook_secret") == SECRETS[1], "nothing of it was asked"
    form = {"csrf": tess.headers["X-CSRF-Token"], "webhook_url": "ftp://x", "webhook_secret": "another"}
    assert tess.client.post("/alerts/channels", data=form).status_code == 409
    with Reader(bench.places.record) as reader:
        assert reader.settings().get("webhook_secret") == SECRETS[1]


def test_how_channels_do_is_told_and_a_test_is_the_controllers(bench: Bench, tess: Caller) -> None:
    channels = {
        "webhook": {
            "on": True,
            "waiting": 2,
            "test": {"state": "sent", "detail": "", "open": True},
            "last": {"state": "waiting", "detail": "unreachable", "at": "2026-06-01T04:00:00+00:00"},
        },
    }
    bench.controller.answers |= {
        "snapshot": snapshot(channels=channels),
        "test_channel": {"tested": "webhook"},
    }
    bench.app.extensions["site"].source.forget()
    found = tess.get("/channels")
    jsonschema_rs.validate(json_schema(ChannelList, written=True), found)
    webhook, apprise = found["channels"]
    assert (webhook["waiting"], webhook["last"]["detail"], webhook["test"]) == (
        2,
        "unreachable",
        {"state": "sent", "open": True},
    )
    assert (apprise["on"], apprise["last"], found["least"]) == (False, None, "warning")
    assert tess.post("/channels/webhook/test") == {"tested": "webhook"}
    assert tess.post("/channels/webhook/arrived", 409, digits="1234")["code"] == "channel_off"
    for digits in ("12", "12345", "abcd"):
        assert tess.post("/channels/webhook/arrived", 422, digits=digits)["code"] == "wrong_values"
    assert tess.client.post("/api/v1/channels/pigeon/test", json={}, headers=tess.headers).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_alerts_are_told_with_what_to_do_open_and_solved(bench: Bench, language: str) -> None:
    now = datetime.now(UTC)
    bench.controller.close()  # then the record stands in
    one = record(bench)
    one.keep_alerts(
        [
            Alert(AlertCode.TANK_LOW, now - timedelta(hours=2), None, {"pump": "main"}),
            Alert(
                AlertCode.SENSOR_BAD,
                now - timedelta(days=2),
                None,
                {"sensor": "air", "quality": "stuck"},
                ended_at=now - timedelta(days=1),
            ),
        ]
    )
    one.close()
    found = bench.app.test_client().get(f"/api/v1/alerts?lang={language}").get_json()
    jsonschema_rs.validate(json_schema(AlertList, written=True), found)
    assert found["fresh"] is False
    assert [alert["code"] for alert in found["open"]] == ["controller_silent", "tank_low"], "the worst first"
    assert all(alert["what"] and alert["effect"] and alert["steps"] for alert in found["open"])
    assert [(alert["code"], alert["severity"]) for alert in found["solved"]] == [("sensor_bad", "warning")]
    assert not [alert for alert in found["open"] if alert["what"].startswith("?")]


def test_settings_of_a_zone_have_wishes_with_bounds_and_no_way_round_them(bench: Bench, tess: Caller) -> None:
    for path in ("/settings/day_cap_mm", "/settings/skipped_at", "/zones/north/settings/day_cap_mm"):
        answer = tess.client.put(f"/api/v1{path}", json={"value": 99}, headers=tess.headers)
        assert answer.status_code in (404, 405), path
    answer = tess.client.put("/api/v1/settings/units", json={"value": "furlongs"}, headers=tess.headers)
    assert (answer.status_code, list(answer.get_json()["values"]["wrong"]["json"])) == (422, ["value"])
    ben = Caller(bench, "Ben")
    answer = ben.client.put("/api/v1/settings/viewer_sees", json={"value": False}, headers=ben.headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "role_short")


def test_a_harvest_told_to_the_api_is_on_the_season_at_once(bench: Bench, tess: Caller) -> None:
    def kept(message: dict[str, Any]) -> dict[str, Any]:
        one = record(bench)
        one.add_harvest(Harvest(message["zone"], date.fromisoformat(message["on"]), message["t_ha"]))
        one.close()
        return {"harvest": "kept"}

    bench.controller.answers["harvest"] = kept
    on = STATION.zone("north").planted_on + timedelta(days=40)
    assert tess.get("/zones/north/season")["harvest"] is None
    tess.post("/harvests", zone="north", on=on.isoformat(), t_ha=8.5)
    assert tess.get("/zones/north/season")["harvest"] == {"on": on.isoformat(), "t_ha": 8.5}
    assert "8.5 t/ha" in tess.client.get("/season?lang=en").text, "the page's books are the same"


def test_a_season_that_is_not_on_record_has_no_report(tess: Caller) -> None:
    assert tess.get("/zones/north/season-report?planted_on=2001-01-01", 404)["code"] == "no_season"
    assert tess.get("/zones/north/season-report?planted_on=spring", 422)["code"] == "wrong_values"
    whole = tess.get(f"/zones/north/season-report?planted_on={STATION.zone('north').planted_on}")
    assert (whole["runs"], whole["harvest"]) == (0, None)


@pytest.mark.parametrize(
    ("answer", "asking", "code"),
    [
        (Answer("working"), 200, None),
        (Answer("done", ADVICE), 200, None),
        (Answer("busy"), 409, "planting_busy"),
        (Answer("failed", detail="no room"), 503, "planting_failed"),
    ],
)
def test_when_to_plant_is_asked_once_and_looked_for(
    bench: Bench, tess: Caller, answer: Answer, asking: int, code: str | None
) -> None:
    advisor = bench.app.extensions["planting"] = Told(answer)
    asked = {
        "zone": "south",
        "crop": "onion",
        "from": "2027-03-01",
        "to": "2027-05-01",
        "climate": "temperate",
    }
    found = tess.post("/planting", asking, **asked)
    assert found.get("code") == code
    (question,) = advisor.asked
    assert (question.crop, question.soil, question.climate) == ("onion", "loam", "temperate")
    told = tess.get("/planting?" + "&".join(f"{name}={value}" for name, value in asked.items()))
    jsonschema_rs.validate(json_schema(PlantingAdvice, written=True), told)
    assert (told["state"], told["best"]) == (answer.state, str(ADVICE.best) if answer.found else None)
    assert told["asked"] == {**asked, "soil": "loam", "every_days": 7}
    assert len(advisor.asked) == 1, "looking starts nothing"


def test_what_cannot_be_planted_is_named_and_starts_nothing(bench: Bench, tess: Caller) -> None:
    advisor = bench.app.extensions["planting"] = Told(Answer("working"))
    for wrong, field in (
        ({"crop": "moss"}, "crop"),
        ({"climate": "mars"}, "climate"),
        ({"from": "spring"}, "from"),
    ):
        assert list(tess.post("/planting", 422, **wrong)["values"]["wrong"]["json"]) == [field]
    late = tess.post("/planting", 422, **{"from": "2027-03-01", "to": "2031-03-01"})
    assert (late["code"], sorted(late["values"]["wrong"]["json"])) == ("planting_span", ["from", "to"])
    assert advisor.asked == []


def test_the_bucket_makes_the_meter_right_and_dry_keeps_nothing(bench: Bench, tess: Caller) -> None:
    flow = STATION.pumps[0].flow
    assert flow is not None
    installed = flow.meter.settings.pulses_per_l  # type: ignore[attr-defined] # its driver's own settings
    assert tess.get("/relay-tests/r1")["litres"] == 6.0
    found = tess.post("/zones/north/bucket", run="r1", litres=5, dry_run=True)
    assert found == {"pulses_per_l": pytest.approx(installed * 1.2, abs=0.1), "kept": False}
    assert told(bench, "calibrate") == []
    tess.post("/zones/north/bucket", run="r1", litres=5)
    assert told(bench, "calibrate")[-1]["pulses_per_l"] == found["pulses_per_l"]
    assert tess.post("/zones/north/bucket", 409, run="r2", litres=5)["code"] == "run_not_seen"
    assert tess.post("/zones/north/bucket", 422, run="r1", litres=0.1)["code"] == "wrong_values"


def test_a_curve_is_tried_without_being_kept(bench: Bench, tess: Caller) -> None:
    found = tess.post("/sensors/north_soil/calibrate", kind="two_point", air_v=2.9, water_v=1.1, dry_run=True)
    jsonschema_rs.validate(json_schema(Calibrated, written=True), found)
    assert found["would"] == {"times": 0, "of": 0}, "there are no readings of a week"
    (asked,) = told(bench, "calibrate")
    assert (asked["try"], asked["by"], asked["sensor"], asked["air_v"]) == (True, "Tess", "north_soil", 2.9)


def test_a_visit_is_kept_step_by_step_and_no_step_passes_that_was_not_seen(
    bench: Bench, tess: Caller
) -> None:
    visit = tess.post("/commissioning")["visit"]
    assert tess.post("/commissioning")["visit"] == visit, "nothing of it was tried"
    begun = tess.get("/commissioning")
    jsonschema_rs.validate(json_schema(VisitList, written=True), begun)
    assert [(one["visit"], one["tried"]) for one in begun["visits"]] == [(visit, False)]
    path = f"/commissioning/{visit}"
    assert tess.post(f"{path}/fail_safe", 409, outcome="passed", run="none")["code"] == "fail_safe_not_seen"
    assert tess.post(f"{path}/fail_safe", 409, outcome="passed", run="r1")["code"] == "fail_safe_failed"
    assert tess.post(f"{path}/stop", 409, outcome="passed")["code"] == "stop_not_pressed"
    assert told(bench, "commissioned") == []
    tess.post(f"{path}/storage", outcome="passed")
    tess.post(f"{path}/relay", outcome="failed", of="north", note="leaks")
    found = tess.get(path)
    jsonschema_rs.validate(json_schema(VisitNow, written=True), found)
    assert [(one["step"], one["of"], one["outcome"]) for one in found["tries"]] == [
        ("storage", "", "passed"),
        ("relay", "north", "failed"),
    ]
    assert "free_gb" in found["tries"][0]["values"], "what the station knows is kept beside it"
    assert (found["passed"], found["signed"]) == (False, False)
    assert [one["visit"] for one in tess.get("/commissioning")["visits"]] == [visit]
    assert tess.post("/commissioning/anything/stop", 404, outcome="failed")["code"] == "not_found"
    assert tess.get("/commissioning/anything", 404)["code"] == "not_found"


def test_who_did_what_is_a_file_too(bench: Bench, tess: Caller) -> None:
    one = record(bench)
    with one.people() as found:
        for number in range(1100):
            found.add_audit("Ben", "setting", "north", {"name": "units", "value": f"v{number}"})
        found.add_audit("=cmd()", "nudge", "north", {"frac": 0.1})
    one.close()
    answer = tess.client.get("/people/audit.csv?lang=en")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 1101
    newest = rows[0]
    assert {name: newest[name] for name in ("who", "zone", "what", "values", "said", "clock trusted")} == {
        "who": "'=cmd()",
        "zone": "north",
        "what": "nudge",
        "values": "frac=0.1",
        "said": "changed each watering by +10%",
        "clock trusted": "yes",
    }
    assert [row["values"].rpartition("=")[2] for row in rows[1:]] == [f"v{n}" for n in range(1099, -1, -1)]
    turns = bench.app.extensions["site"].turns
    for _ in range(LONG_AT_ONCE):
        assert turns.acquire(blocking=False), "each turn was given back"
    assert tess.client.get("/people/audit.csv").status_code == 503
    assert bench.app.test_client().get("/people/audit.csv").status_code == 303


@pytest.fixture
def bare() -> Iterator[Bench]:
    with opened() as made:
        made.up(guard_status(), snapshot())
        yield made


def test_without_a_record_what_lies_on_it_is_a_problem_and_the_rest_goes_on(bare: Bench) -> None:
    for path in ("/zones/north/season", "/zones/north/season-report", "/runs"):
        answer = bare.client.get(f"/api/v1{path}")
        assert (answer.status_code, answer.get_json()["code"]) == (503, "record_silent"), path
    for path in ("/zones", "/alerts", "/about", "/zones/north/plan", "/status", "/planting"):
        assert bare.client.get(f"/api/v1{path}").status_code == 200, path

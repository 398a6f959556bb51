"""The page: the screen in every state, the API's shape, STOP, and who may ask."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from fieldstation.domain.alert import AlertCode
from fieldstation.language.sentences import LANGUAGES, Words
from fieldstation.page.context import CACHED_MOST
from fieldstation.page.zone_now import ZoneRecord, marks
from tests.kit.office import people, signed_in
from tests.kit.page_bench import NOW, STATION, Bench, guard_status, snapshot, z, zone
from tests.kit.status import run


def test_the_screen_is_complete_without_script_and_small(bench: Bench) -> None:
    bench.up(guard_status(), snapshot())
    answer = bench.client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    total = len(answer.data)
    assert total + len(str(answer.headers)) <= 5_000, "a second visit takes the page alone"
    html = bench.client.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
        total += len(bench.client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    assert total <= 20_000
    for words in (
        "Getting dry",
        "There is enough water for about one day.",
        "Next watering about",
        "STOP WATER",
        "<svg",
        'action="/stop',
    ):
        assert words in html
    assert "North &lt;field&gt;" in html, "names are escaped"
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<script>", html), (
        "the policy forbids inline style and script"
    )


def test_the_api_has_the_promised_shape(bench: Bench) -> None:
    running = guard_status()
    running["lines"]["pump:main"] = {"on": True, "on_for_s": 12.0, "lease_left_s": 8.1}
    bench.up(running, snapshot())
    found = bench.client.get("/api/v1/status").get_json()
    assert found["guard"]["lines"]["pump"] == {"on": True, "on_for_s": 12.0, "lease_left_s": 8.1}
    assert found["controller"] == {"alive": True, "heartbeat_age_s": 0.3}
    first = found["zones"][0]
    assert set(first) == {
        "id",
        "name",
        "soil_water",
        "verdict",
        "last_run",
        "next_run",
        "decision",
        "nudges",
        "by_hand",
        "forecast",
        "yield_t_ha",
        "drivers",
        "yield_drivers",
    }
    assert set(first["soil_water"]) == {"value", "unit", "age_s", "quality"}
    assert set(first["decision"]) == {
        "at",
        "rung",
        "depth_mm",
        "reason",
        "depletion_mm",
        "taw_mm",
        "changes",
        "skipped",
        "below",
        "account",
        "limited_by",
    }
    assert first["decision"]["changes"] == [{"code": "drier", "values": {"mm": 7.2, "days": 1.2}}]
    assert first["yield_drivers"][0] == {"name": "usual", "effect": 8.6}
    assert bench.client.get("/healthz").status_code == 200


def test_silence_is_said(bench: Bench) -> None:
    health = bench.client.get("/healthz")
    assert (health.status_code, health.get_json()["missing"]) == (503, ["guard", "controller"])
    found = bench.client.get("/api/v1/status").get_json()
    assert found["zones"][0]["verdict"] == "unknown"
    assert found["zones"][0]["soil_water"]["value"] is None
    html = bench.client.get("/").text
    assert "STOP cannot be confirmed" in html
    assert 'class="dock unknown"' in html
    stop = bench.client.post("/api/v1/stop")
    assert (stop.status_code, stop.get_json()) == (503, {"stopped": False, "reason": "guard_silent"})
    assert b"Switch the pump off by hand" in bench.client.post("/stop").data


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_nobody_can_read_counts_as_silence_and_is_said(bench: Bench, language: str) -> None:
    bench.up(guard_status(speed=1), snapshot(zones=[{"id": "north"}]))
    assert bench.client.get("/api/v1/health").get_json()["missing"] == ["guard", "controller"]
    alerts = {one["code"]: one["values"] for one in bench.client.get("/api/v1/status").get_json()["alerts"]}
    assert alerts["guard_silent"]["detail"].startswith("the answer is not understood: GuardStatus.speed")
    assert "StationStatus.zones[0].name: is missing" in alerts["controller_silent"]["detail"]
    assert Words(language, UTC, NOW)("answer_unreadable") in bench.client.get(f"/?lang={language}").get_data(
        as_text=True
    )
    assert "GuardStatus.speed" in bench.client.get("/alerts").text, "the technician's part"


def test_stop_and_resume_go_to_the_guard(bench: Bench) -> None:
    bench.up(guard_status(), snapshot())
    assert bench.client.post("/api/v1/stop").get_json()["stopped"] is True
    assert bench.client.post("/stop").status_code == 303
    assert bench.client.post("/resume").status_code == 403
    people(bench.places, Ben="farmer")
    farmer, form = signed_in(bench.app, bench.places, "Ben")
    assert farmer.post("/resume", data=form).status_code == 303
    assert [m["verb"] for m in bench.guard.asked if m["verb"] != "status"] == ["stop", "stop", "resume"]
    for path in ("/stop", "/api/v1/stop", "/resume", "/api/v1/resume"):
        assert bench.client.get(path).status_code == 405, "nothing changes on GET"


@pytest.mark.parametrize("path", ["/stop", "/resume", "/api/v1/stop", "/api/v1/resume"])
def test_foreign_pages_and_names_are_refused(bench: Bench, path: str) -> None:
    bench.up(guard_status(), snapshot())
    people(bench.places, Ben="farmer")
    farmer, form = signed_in(bench.app, bench.places, "Ben")
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9"},
        {"Host": "evil.example"},
    ):
        assert farmer.post(path, headers=headers, data=form).status_code == 403
    assert farmer.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert farmer.post(path, headers={"Origin": "http://localhost"}, data=form).status_code < 400
    assert sum(m["verb"] != "status" for m in bench.guard.asked) == 1


def test_states_of_the_bar(bench: Bench) -> None:
    bad = {"code": "sensor_bad", "values": {"sensor": "air", "quality": "stuck"}}
    bench.up(guard_status(runs=[run()]), snapshot(alerts=[bad]))
    html = bench.client.get("/?lang=es").text
    assert "North &lt;field&gt;: 12 de unos 25 min" in html
    assert "Sensor air: atascada." in html
    bench.guard.answers["status"] = guard_status(stop_latched=True, latched_by="page")
    bench.client.post("/stop")
    html = bench.client.get("/?lang=en").text
    assert "Stopped." in html
    assert 'action="/resume' not in html, "to resume one signs in"
    people(bench.places, Ben="farmer")
    farmer, _ = signed_in(bench.app, bench.places, "Ben")
    assert 'action="/resume' in farmer.get("/").text


@pytest.mark.parametrize("code", [a.value for a in AlertCode])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alert_shows_as_a_sentence(bench: Bench, code: str, language: str) -> None:
    values = {"detail": "d", "sensor": "s", "quality": "stuck", "by": "page"}
    values["code"] = "planner_late" if code == "planner_failed" else "tank_low"
    bench.up(
        guard_status(), snapshot(alerts=[{"code": code, "zone": "north", "since": z(NOW), "values": values}])
    )
    answer = bench.client.get(f"/?lang={language}")
    assert answer.status_code == 200
    assert ">?" not in answer.text


def probe(depth_m: float, value: float | None) -> dict[str, Any]:
    quality = "good" if value is not None else "no_answer"
    told = {"id": f"p{depth_m}", "depth_m": depth_m, "value": value, "quality": quality}
    return {**told, "age_s": 5.0, "volts": None}


def test_a_deeper_probe_that_stands_in_is_named_and_does_not_bend_the_line(bench: Bench) -> None:
    whole = zone("north", probes=[probe(0.45, 0.11), probe(0.15, 0.16)])
    bench.up(guard_status(), snapshot(zones=[whole, zone("south")]))
    html = bench.client.get("/").text
    assert "upper probe is silent" not in html
    assert html.count('class="here"') == 2
    bench.close()
    deep = {"value": 0.11, "unit": "m3/m3", "age_s": 5.0, "quality": "good"}
    torn = zone("north", soil_water=deep, probes=[probe(0.45, 0.11), probe(0.15, None)])
    other = Bench(bench.places.data / "again")
    other.up(guard_status(), snapshot(zones=[torn, zone("south")]))
    html = other.client.get("/").text
    other.close()
    assert "Water in the soil at 45 cm: 11%; full is 19%" in html
    assert "the upper probe is silent" in html
    assert html.count('class="here"') == 1, "the line ends where its probe fell silent"


def test_with_the_controller_silent_the_dry_line_is_that_of_the_recorded_decision() -> None:
    decision: Any = SimpleNamespace(full_frac=0.21, dry_frac=0.17)
    assert marks(STATION.zones[0], None, ZoneRecord(decision=decision)) == (0.21, 0.17)
    soil = STATION.zones[0].soil
    assert marks(STATION.zones[0], None, ZoneRecord()) == (soil.field_capacity_frac, soil.wilting_point_frac)


def test_a_run_that_was_cut_says_so_in_one_sentence(bench: Bench) -> None:
    cut = {"litres": 58.0, "minutes": 2.0, "depth_mm": 0.6, "stop_reason": "stopped"}
    bench.up(guard_status(), snapshot(zones=[zone("north", last_run=cut), zone("south")]))
    assert "58 L, then cut short: STOP was pressed." in bench.client.get("/").text


@pytest.mark.slow
def test_the_page_loads_nothing_heavy() -> None:
    code = "import sys, fieldstation.page.main, fieldstation.page.app; print([m for m in ('numpy','sqlite_utils','lightgbm','gpiozero','apscheduler') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_language_that_was_asked_for_is_kept_on_this_phone(bench: Bench) -> None:
    bench.up(guard_status(), snapshot())
    asked = bench.client.get("/?lang=ar")
    cookie = asked.headers["Set-Cookie"]
    assert cookie.startswith("language=ar;")
    assert "SameSite=Lax" in cookie
    assert int(re.findall(r"Max-Age=(\d+)", cookie)[0]) > 300 * 86400
    html = bench.client.get("/", headers={"Accept-Language": "fr"}).text
    assert '<html lang="ar" dir="rtl"' in html
    assert "أوقف الماء" in html
    assert "Set-Cookie" not in bench.client.get("/").headers
    assert '<html lang="ar"' in bench.client.get("/?lang=tlh").text
    assert '<html lang="fr" dir="ltr"' in bench.client.get("/?lang=fr").text


def test_the_language_nobody_speaks_is_for_trying_layouts_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.up(guard_status(), snapshot())
    assert "STOP WATER" in bench.client.get("/?lang=xx").text
    monkeypatch.setenv("FIELDSTATION_PSEUDO", "1")
    html = bench.client.get("/?lang=xx").text
    assert "[STÖP WÁTÉR" in html
    assert "xx" not in LANGUAGES
    assert 'value="xx"' not in bench.client.get("/more?lang=xx").text


def test_made_up_addresses_fill_no_memory(bench: Bench) -> None:
    bench.up(guard_status(), snapshot())
    page = bench.app.extensions["site"]
    moment = page.source.snapshot()
    page.source.snapshot = lambda: moment
    for n in range(CACHED_MOST + 20):
        assert bench.client.get(f"/?x={n}").status_code == 200
    assert 0 < len(page._cached) <= CACHED_MOST


def test_what_waters_is_the_guards_word_and_nothing_comes_while_stop_is_on(bench: Bench) -> None:
    before_the_stop = {"on_s": 60.0, "planned_s": 2700.0, "litres": 29.0}
    bench.up(
        guard_status(stop_latched=True, latched_by="page"),
        snapshot(zones=[zone("north", run=before_the_stop), zone("south")]),
    )
    html = bench.client.get("/?lang=en").text
    assert "Watering now" not in html
    assert html.count("No watering until someone resumes.") == 2
    assert "Next watering" not in html


def test_a_run_that_the_controller_has_not_seen_yet_is_shown(bench: Bench) -> None:
    began: dict[str, Any] = {
        "started_at": z(NOW - timedelta(minutes=2)),
        "on_s": 120.0,
        "planned_s": 600.0,
        "litres": 80.0,
    }
    bench.up(guard_status(runs=[run(origin="manual", **began)]), snapshot())
    assert "Watering now: 2 of about 10" in bench.client.get("/?lang=en").text


def test_hours_ago_is_never_none(bench: Bench) -> None:
    words = Words("en", UTC, NOW)
    assert words.say("reason", "recently_watered", hours_ago=0.2).startswith(
        "It was watered a short while ago"
    )

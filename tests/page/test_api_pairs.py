"""The page and its API do the same: each form and each screen has its counterpart, asked for the same role in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fieldstation.domain.people import Scope
from fieldstation.page.access.need import Need
from fieldstation.page.access.request_guard import SAFE
from fieldstation.page.api.openapi import LOOKING
from fieldstation.page.planting.advisor import Answer
from tests.kit.office import people
from tests.kit.page_bench import Bench, guard_status, opened, send, snapshot, token
from tests.kit.planting import Told

FORMS = {
    "stop": ("station.api_stop",),
    "resume": ("station.api_resume",),
    "zone_skip": ("requests.skip",),
    "zone_adjust": ("requests.nudge",),
    "zone_pause": ("requests.pause",),
    "zone_resume": ("requests.resume_automatic",),
    "zone_water_now": ("requests.water_now",),
    "zone_end": ("requests.end_run",),
    "zone_set": ("requests.automatic", "requests.quiet", "requests.day_cap"),
    "settings_set": ("requests.api_setting",),
    "alert_seen": ("requests.alert_seen",),
    "alert_snooze": ("requests.alert_snooze",),
    "channels_set": ("alerts.api_webhook", "alerts.api_apprise", "alerts.api_channel_off"),
    "channel_test": ("alerts.api_channel_test",),
    "channel_arrived": ("alerts.api_channel_arrived",),
    "harvest": ("season.api_harvest",),
    "planting_ask": ("planting.api_planting_ask",),
    "own_password": ("people.api_own_password",),
    "leave_everywhere": ("people.api_sign_out_everywhere",),
    "add_person": ("people.api_add_person",),
    "give_role": ("people.api_role",),
    "give_password": ("people.api_password",),
    "sign_person_out": ("people.api_sign_out",),
    "remove_person": ("people.api_remove",),
    "add_token": ("people.api_add_token",),
    "end_token": ("people.api_end_token",),
    "take": ("requests.watch_probe",),
    "calibrate": ("calibration.api_calibrate",),
    "calibrate_again": ("requests.calibrate_again",),
    "bucket_run": ("requests.relay_test",),
    "bucket_keep": ("calibration.api_bucket",),
    "commissioning_begin": ("commissioning.api_visit_begin",),
    "commissioning_step": ("commissioning.api_step",),
    "relay_test": ("requests.relay_test",),
    "relay_hold": ("requests.hold_relay",),
    "relay_let_go": ("requests.let_go",),
    "fail_safe": ("requests.fail_safe_test",),
    "record_make": ("record.api_record_make",),
    "record_erase": ("record.api_record_erase",),
}
"""Whatever changes something on the page, and the route of the API that does it."""
FORMS_ALONE = {
    "look": "the language and light of this phone, kept in its own cookies",
    "let_in": "makes a cookie for a browser; a machine has a token",
    "leave": "drops that cookie",
    "own": "the set-up code at the device makes the first account, and a session with it",
}
SCREENS = {
    "today": ("station.api_status",),
    "pulse": ("station.api_status",),
    "healthz": ("station.api_health",),
    "history": (
        "past.api_series",
        "past.api_runs",
        "past.api_decisions",
        "past.api_events",
        "audit.api_audit",
    ),
    "history_csv": ("past.api_series",),
    "history_runs_csv": ("past.api_runs",),
    "history_print": ("season.api_season_report", "past.api_runs"),
    "plan": ("zones.api_plan",),
    "zone_requests": ("station.api_status",),
    "zone_water": ("station.api_status",),
    "season": ("season.api_season",),
    "planting": ("planting.api_planting",),
    "zones": ("zones.api_zones",),
    "zone": ("zones.api_zones", "station.api_settings"),
    "alerts": ("alerts.api_alerts", "alerts.api_channels"),
    "settings": ("station.api_settings", "station.api_status"),
    "people": ("people.api_people", "people.api_tokens", "people.api_account", "audit.api_audit"),
    "audit_csv": ("audit.api_audit",),
    "calibration": ("calibration.api_calibrations", "zones.api_zones"),
    "calibrating": ("calibration.api_calibrations", "calibration.api_calibrate"),
    "calibration_live": ("requests.watch_probe",),
    "bucket": ("calibration.api_relay_test", "calibration.api_bucket"),
    "commissioning": ("commissioning.api_visits",),
    "commissioning_visit": ("commissioning.api_visit",),
    "commissioning_report": ("commissioning.api_visit",),
    "commissioning_csv": ("commissioning.api_visit",),
    "record": ("record.api_record",),
    "record_file": ("record.api_record_file",),
    "record_erasing": ("record.api_record",),
    "about": ("station.api_about",),
}
SCREENS_ALONE = {"static", "more", "sign_in", "set_up", "api-docs.openapi_json"}
"""Files, the ways to other screens, the doors; the description itself."""


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened() as made:
        made.up(guard_status(), snapshot())
        people(made.places, Tess="technician", Ben="farmer", Vic="viewer")
        made.app.extensions["site"].register.forget()
        yield made


def rules(bench: Bench, *, api: bool, changing: bool) -> dict[str, Any]:
    """The routes of the page or of the API that change something, or do not, by their names."""
    return {
        rule.endpoint: rule
        for rule in bench.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") is api and bool((rule.methods or set()) - SAFE) is changing
    }


def need(bench: Bench, endpoint: str) -> Need:
    found = getattr(bench.app.view_functions[endpoint], "need", LOOKING)
    assert isinstance(found, Need)
    return found


def test_every_form_has_its_route_in_the_api(bench: Bench) -> None:
    forms = rules(bench, api=False, changing=True)
    assert forms.keys() - FORMS_ALONE.keys() == FORMS.keys(), "name what the API does instead, or build it"
    assert FORMS_ALONE.keys() <= forms.keys()
    routes = rules(bench, api=True, changing=True)
    assert routes.keys() == {one for pair in FORMS.values() for one in pair}, "a route that no form has"


def test_the_api_asks_for_the_same_role_in_the_same_way(bench: Bench) -> None:
    for form, routes in FORMS.items():
        for route in routes:
            assert need(bench, route) == need(bench, form), (form, route)


def test_every_screen_has_its_route_in_the_api(bench: Bench) -> None:
    screens = rules(bench, api=False, changing=False)
    assert screens.keys() - SCREENS_ALONE == SCREENS.keys(), "name where the API tells it, or build it"
    reading = rules(bench, api=True, changing=False).keys() - SCREENS_ALONE
    named = {one for pair in SCREENS.values() for one in pair}
    assert reading <= named, "a route that no screen shows"
    assert named <= reading | rules(bench, api=True, changing=True).keys()


def test_nothing_is_told_to_more_people_than_the_screen_tells(bench: Bench) -> None:
    """A route may ask for more than the screen, whose parts differ by role; never for less than the screen as a whole."""
    for screen, routes in SCREENS.items():
        least = need(bench, screen)
        if least.role is None:
            continue
        for route in routes:
            role = need(bench, route).role
            shown_to_all = route in ("zones.api_zones", "station.api_status")
            lower = route in ("station.api_settings", "people.api_account")  # to whoever is signed in
            assert shown_to_all or lower or (role is not None and role.may(least.role)), (screen, route)


def test_the_description_says_who_may_and_the_gate_does_it(bench: Bench) -> None:
    """Over every operation: a token is let in exactly where the description has its scope, and nobody else but where it says so."""
    bench.app.extensions["planting"] = Told(Answer("none"))
    described = bench.client.get("/api/v1/openapi.json").get_json()
    bearers = {scope: token(bench, scope) for scope in Scope}
    seen = set()
    for path, methods in described["paths"].items():
        address = path.replace("{channel}", "webhook").replace("{step}", "clock").replace("{id}", "1")
        address = address.replace("{", "").replace("}", "")
        for method, told in methods.items():
            if method not in ("get", "post", "put", "delete"):
                continue
            wanted = {scope for one in told["security"] for scope in one.get("token", ())}
            allowed = {
                scope.value for scope in Scope if wanted and (scope is Scope.OPERATE or "read" in wanted)
            }
            for scope, header in bearers.items():
                let_in = send(bench.client, method.upper(), address, headers=header).status_code not in (
                    401,
                    403,
                )
                assert let_in is (scope.value in allowed), (method, path, scope)
            anybody = send(bench.client, method.upper(), address).status_code not in (401, 403)
            assert anybody is ({} in told["security"]), (method, path)
            seen |= {tuple(sorted(wanted))}
    assert seen == {(), ("operate",), ("read",)}

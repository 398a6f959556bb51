"""The API: what it passes on, how it says no, and that its answers are as described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from fieldstation.binding import json_schema
from fieldstation.controller.commands.registry import COMMANDS
from fieldstation.page.access import csrf
from fieldstation.page.api.problem import SHAPE as PROBLEM
from fieldstation.page.requests.api import TABLE
from fieldstation.page.settings.api import Health
from fieldstation.page.today.status import StatusReport
from tests.kit.granting_bench import GrantingBench, granting
from tests.kit.office import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench() -> Iterator[GrantingBench]:
    with granting() as made:
        yield made


def post(bench: GrantingBench, path: str, body: Any = None, **headers: str) -> Any:
    client, marks = signed_in(bench.app, bench.places, "Ana")
    return client.post(f"/api/v1{path}", json=body, headers={"X-CSRF-Token": marks[csrf.FIELD], **headers})


@pytest.mark.parametrize(
    ("path", "shape"),
    [("/status", StatusReport), ("/health", Health)],
)
def test_answers_are_as_described(bench: GrantingBench, path: str, shape: Any) -> None:
    answer = bench.app.test_client().get(f"/api/v1{path}")
    assert answer.status_code == 200
    jsonschema_rs.validate(json_schema(shape, written=True), answer.get_json())


def test_every_wish_is_a_verb_of_the_controller() -> None:
    assert {request.command for request in TABLE} <= COMMANDS.keys() | {"harvest"}


def test_a_wish_goes_on_with_who_asks_and_what_it_says(bench: GrantingBench) -> None:
    answer = post(bench, "/zones/north/quiet", {"begins": "21:00", "ends": "05:30"})
    assert answer.status_code == 200
    asked = [message for message in bench.controller.asked if message["verb"] == "quiet"][-1]
    assert {name: asked[name] for name in ("zone", "from", "until", "by")} == {
        "zone": "north",
        "from": "21:00",
        "until": "05:30",
        "by": "Ana",
    }


def test_water_asked_for_twice_with_one_key_is_one_wish(bench: GrantingBench) -> None:
    for _ in range(2):
        assert (
            post(bench, "/zones/north/water", {"minutes": 5}, **{"Idempotency-Key": "k1"}).status_code == 200
        )
    keys = [message["key"] for message in bench.controller.asked if message["verb"] == "water_now"]
    assert keys[-2:] == ["m.k1", "m.k1"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/zones/north/skip", {"on": "yes"}, 422, "wrong_values"),
        ("/zones/north/skip", {"of": True}, 422, "wrong_values"),
        ("/zones/north/nudge", {"frac": 0.5}, 422, "wrong_values"),
        ("/zones/north/pause", {"until": "2026-02-31"}, 422, "wrong_values"),
        ("/zones/north/day-cap", {"mm": True}, 422, "wrong_values"),
        ("/zones/north/nothing", {}, 404, "not_found"),
    ],
)
def test_what_is_wrong_is_a_problem_with_its_name(
    bench: GrantingBench, path: str, body: Any, status: int, code: str
) -> None:
    before = len(bench.controller.asked)
    answer = post(bench, path, body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    jsonschema_rs.validate(PROBLEM, answer.get_json())
    assert answer.get_json()["code"] == code
    assert not [m for m in bench.controller.asked[before:] if m["verb"] not in ("snapshot", "noted")]


def test_the_controllers_no_is_a_problem_with_a_sentence(bench: GrantingBench) -> None:
    bench.controller.answers["skip"] = {"refused": "zone_unknown", "values": {}}
    answer = post(bench, "/zones/north/skip", {})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "zone_unknown")
    assert answer.get_json()["detail"] == "There is no such zone here."
    bench.controller.answers["skip"] = {"granted": True}


def test_no_wish_without_somebody(bench: GrantingBench) -> None:
    client = bench.app.test_client()
    answer = client.post("/api/v1/zones/north/skip", json={})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert client.put("/api/v1/settings/units", json={"value": "us"}).status_code == 401


def test_every_route_takes_its_own_methods_alone(bench: GrantingBench) -> None:
    described = bench.app.test_client().get("/api/v1/openapi.json").get_json()
    assert described["openapi"] == "3.1.0"
    for path, methods in described["paths"].items():
        address = path.replace("{id}", "1")
        for name, value in {"zone": "north", "channel": "webhook", "step": "clock"}.items():
            address = address.replace("{" + name + "}", value)
        address = re.sub(r"\{\w+\}", "north", address)
        for method in {"get", "post", "put", "delete", "patch"} - methods.keys():
            answer = bench.app.test_client().open(address, method=method.upper())
            assert answer.status_code == 405, (method, path)
            assert answer.headers["Allow"]

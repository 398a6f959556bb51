"""People in the API: the actions of the forms on a real record, what each refuses and how, and that no token makes itself more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from fieldstation.binding import json_schema
from fieldstation.domain.people import Role
from fieldstation.page.access import csrf
from fieldstation.page.access.identity import token_hash
from fieldstation.page.api.problem import SHAPE as PROBLEM
from fieldstation.page.people.api import AccountList, OwnAccount, TokenList, TokenMade
from fieldstation.page.people.audit_api import AuditLog
from fieldstation.store.reader import Reader
from tests.kit.office import NEW, PASSWORD, Caller, account, signed_in, staffed
from tests.kit.page_bench import Bench, guard_status


@pytest.fixture
def bench() -> Iterator[Bench]:
    with staffed(guard_status(), Tess="technician", Ben="farmer", Vic="viewer") as made:
        yield made


def test_who_asks_is_told_with_what_a_session_has_to_send(bench: Bench) -> None:
    vic = Caller(bench, "Vic")
    jsonschema_rs.validate(json_schema(OwnAccount, written=True), vic.account)
    assert {name: vic.account[name] for name in ("name", "role", "token", "fresh")} == {
        "name": "Vic",
        "role": "viewer",
        "token": False,
        "fresh": True,
    }
    client, marks = signed_in(bench.app, bench.places, "Vic")
    assert client.get("/api/v1/account").get_json()["csrf"] == marks[csrf.FIELD]
    assert bench.client.get("/api/v1/account").status_code == 401


def test_a_technician_adds_changes_and_removes(bench: Bench) -> None:
    tess = Caller(bench, "Tess")
    assert tess.post("/people", name="Ina", role="farmer", password=PASSWORD) == {"added": "Ina"}
    first = account(bench, "Ina")
    tess.post("/people/role", name="Ina", role="viewer")
    tess.post("/people/password", name="Ina", password=NEW)
    second = account(bench, "Ina")
    tess.post("/people/sign-out", name="Ina")
    third = account(bench, "Ina")
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.role, second.role) == (Role.FARMER, Role.VIEWER)
    assert len({first.version, second.version, third.version}) == 3
    told = tess.get("/people")
    jsonschema_rs.validate(json_schema(AccountList, written=True), told)
    assert [(one["name"], one["role"], one["me"]) for one in told["people"]] == [
        ("Tess", "technician", True),
        ("Ben", "farmer", False),
        ("Vic", "viewer", False),
        ("Ina", "viewer", False),
    ]
    tess.post("/people/remove", name="Ina")
    assert account(bench, "Ina") is None
    audit = tess.get("/audit")
    jsonschema_rs.validate(json_schema(AuditLog, written=True), audit)
    assert [(one["who"], one["what"], one["values"]) for one in audit["deeds"]] == [
        ("Tess", "account_removed", {"name": "Ina"}),
        ("Tess", "signed_out_everywhere", {"name": "Ina"}),
        ("Tess", "password_set", {"name": "Ina"}),
        ("Tess", "role_given", {"name": "Ina", "role": "viewer"}),
        ("Tess", "account_added", {"name": "Ina", "role": "farmer"}),
    ]


INA = {"name": "Ina", "role": "farmer", "password": PASSWORD}


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("/people", {"name": "ben", "role": "farmer", "password": PASSWORD}, 409, "name_taken", None),
        ("/people", {"name": " ", "role": "farmer", "password": PASSWORD}, 422, "name_bad", "name"),
        ("/people", {"name": "x" * 41, "role": "farmer", "password": PASSWORD}, 422, "wrong_values", "name"),
        ("/people", {"name": "Ina", "role": "king", "password": PASSWORD}, 422, "wrong_values", "role"),
        ("/people", {"name": "Ina", "role": "farmer", "password": "short"}, 422, "wrong_values", "password"),
        ("/people", {"name": "Ina Ina", "role": "farmer", "password": "ina ina "}, 200, "", None),
        ("/people", INA | {"name": "Ina Ines", "password": "ina ines"}, 422, "password_weak", "password"),
        ("/people", INA | {"password": "half a \ud800 letter"}, 422, "password_weak", "password"),
        ("/people", INA | {"age": 3}, 422, "wrong_values", "age"),
        ("/people/role", {"name": "Tess", "role": "farmer"}, 409, "last_technician", None),
        ("/people/role", {"name": "Nobody", "role": "farmer"}, 404, "account_unknown", None),
        ("/people/remove", {"name": "Tess"}, 409, "last_technician", None),
        ("/tokens", {"name": "x", "scopes": []}, 422, "wrong_values", "scopes"),
        ("/tokens", {"name": "x", "scopes": ["everything"]}, 422, "wrong_values", "scopes"),
        ("/tokens", {"name": " ", "scopes": ["read"]}, 422, "name_bad", "name"),
        ("/tokens/99/end", {}, 404, "token_unknown", None),
        ("/account/password", {"password": "half \ud800", "new": NEW}, 403, "wrong_own", "password"),
        ("/account/password", {"password": PASSWORD, "new": "short"}, 422, "wrong_values", "new"),
        ("/account/password", {"password": PASSWORD, "new": "T" * 201}, 422, "wrong_values", "new"),
    ],
)
def test_what_cannot_be_is_a_problem_that_names_the_field(
    bench: Bench, path: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    told = Caller(bench, "Tess").post(path, status, **body)
    if status == 200:
        return
    jsonschema_rs.validate(PROBLEM, told)
    assert told["code"] == code
    assert not told["detail"].startswith("?")
    assert list(told["values"].get("wrong", {}).get("json", {})) == ([field] if field else [])
    assert PASSWORD not in json.dumps(told)


def test_the_own_password_takes_the_old_one_and_signs_others_out(bench: Bench) -> None:
    here, there = Caller(bench, "Vic"), Caller(bench, "Vic")
    here.post("/account/password", password=PASSWORD, new=NEW)
    assert here.get("/account")["name"] == "Vic", "this session stays, as a new one"
    assert there.get("/account", 401)["code"] == "sign_in_first"
    with Reader(bench.places.record) as reader:
        assert [(entry.who, entry.what) for entry in reader.audit()] == [("Vic", "password_set")]


def test_wrong_guesses_at_the_own_password_make_the_next_wait_on_page_and_api(bench: Bench) -> None:
    vic = Caller(bench, "Vic")
    for _ in range(4):
        assert vic.post("/account/password", 403, password="guess", new=NEW)["code"] == "wrong_own"
    told = vic.post("/account/password", 429, password=PASSWORD, new=NEW)
    assert (told["code"], told["values"]["n"] >= 1) == ("wait", True)
    form = {csrf.FIELD: vic.headers["X-CSRF-Token"], "password": PASSWORD, "new": NEW}
    assert vic.client.post("/people/password", data=form).status_code == 429
    ben = Caller(bench, "Ben")
    ben.post("/account/password", password=PASSWORD, new=NEW)


def test_signing_out_everywhere_ends_this_session_too(bench: Bench) -> None:
    here, there = Caller(bench, "Ben"), Caller(bench, "Ben")
    here.post("/account/sign-out-everywhere")
    for one in (here, there):
        one.get("/account", 401)


def test_a_viewer_sees_the_own_account_alone_and_no_trail(bench: Bench) -> None:
    vic = Caller(bench, "Vic")
    assert [one["name"] for one in vic.get("/people")["people"]] == ["Vic"]
    assert vic.get("/audit", 403)["code"] == "role_short"
    ben = Caller(bench, "Ben")
    assert len(ben.get("/people")["people"]) == 3
    assert ben.get("/tokens", 403)["code"] == "role_short"


def test_a_token_is_told_once_works_and_is_taken_back(bench: Bench) -> None:
    tess = Caller(bench, "Tess")
    made = tess.post("/tokens", name="pump room", scopes=["operate", "read"])
    jsonschema_rs.validate(json_schema(TokenMade, written=True), made)
    listed = tess.get("/tokens")
    jsonschema_rs.validate(json_schema(TokenList, written=True), listed)
    (one,) = listed["tokens"]
    assert (one["name"], one["scopes"], one["role"], one["by"]) == (
        "pump room",
        ["read", "operate"],
        "farmer",
        "Tess",
    )
    for told in (listed, tess.get("/audit"), tess.get("/people")):
        assert made["token"] not in json.dumps(told)
        assert token_hash(made["token"]) not in json.dumps(told)
    bearer = {"Authorization": f"Bearer {made['token']}"}
    who = bench.client.get("/api/v1/account", headers=bearer).get_json()
    assert who == {"name": "token pump room", "role": "farmer", "token": True, "fresh": False, "csrf": None}
    tess.post(f"/tokens/{one['id']}/end")
    assert bench.client.get("/api/v1/account", headers=bearer).status_code == 401
    assert tess.get("/tokens") == {"tokens": []}


def test_no_token_makes_a_token_an_account_or_a_password(bench: Bench) -> None:
    """Made by a technician, with every scope there is: it stays a farmer's, and of access it changes nothing."""
    tess = Caller(bench, "Tess")
    bearer = {
        "Authorization": f"Bearer {tess.post('/tokens', name='all', scopes=['read', 'operate'])['token']}"
    }
    for path, body in (
        ("/tokens", {"name": "more", "scopes": ["operate"]}),
        ("/tokens", {"name": "less", "scopes": ["read"]}),
        ("/tokens/1/end", {}),
        ("/people", {"name": "Ina", "role": "viewer", "password": PASSWORD}),
        ("/people/role", {"name": "Ben", "role": "technician"}),
        ("/people/password", {"name": "Tess", "password": NEW}),
        ("/people/remove", {"name": "Ben"}),
        ("/people/sign-out", {"name": "Ben"}),
        ("/account/password", {"password": PASSWORD, "new": NEW}),
        ("/account/sign-out-everywhere", {}),
    ):
        answer = bench.client.post(f"/api/v1{path}", json=body, headers=bearer)
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), path
    for path in ("/people", "/tokens"):
        assert bench.client.get(f"/api/v1{path}", headers=bearer).status_code == 403
    assert bench.client.get("/people", headers=bearer).status_code == 403
    with Reader(bench.places.record) as reader:
        assert [entry.what for entry in reader.audit()] == ["token_added"]


def test_what_is_dangerous_asks_the_password_again(bench: Bench) -> None:
    tess = Caller(bench, "Tess", fresh=False)
    assert tess.account["fresh"] is False
    told = tess.post("/people", 401, name="Ina", role="farmer", password=PASSWORD)
    assert told["code"] == "prove_again"
    tess.post("/people/sign-out", name="Ben")


def test_a_silent_controller_and_a_full_disk_are_told(bench: Bench) -> None:
    tess = Caller(bench, "Tess")
    bench.controller.answers["sign_out"] = {"refused": "record_failed", "values": {"detail": "no room"}}
    told = tess.post("/people/sign-out", 503, name="Ben")
    assert (told["code"], "no room" in told["detail"]) == ("record_failed", True)
    bench.controller.close()
    assert tess.post("/people/sign-out", 503, name="Ben")["code"] == "controller_silent"


def test_the_trail_turns_its_pages(bench: Bench) -> None:
    tess, seen, path = Caller(bench, "Tess"), [], "/audit?limit=2"
    for scope in ("read", "operate", "read"):
        tess.post("/tokens", name=scope, scopes=[scope])
    while path:
        told = tess.get(path)
        seen += [one["values"]["name"] for one in told["deeds"]]
        path = f"/audit?limit=2&before={told['older']}" if told["older"] else ""
    assert seen == ["read", "operate", "read"]
    for odd in ("limit=0", "limit=501", "before=x", "before=1_0", "before=-1", f"before={'9' * 20}"):
        assert tess.get(f"/audit?{odd}", 422)["code"] == "wrong_values"

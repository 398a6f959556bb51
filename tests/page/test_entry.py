"""Who may come in, over every route there is: a new one that forgets to ask fails here by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter

from fieldstation.domain.people import Role, Scope
from fieldstation.page.access.need import STOPPING, Need
from fieldstation.page.access.request_guard import SAFE
from fieldstation.page.authorize import local
from fieldstation.store.record import Record
from tests.kit.office import people, signed_in
from tests.kit.page_bench import Bench, guard_status, opened, send, snapshot, token

OPEN = {"stop", "station.api_stop"}
ANYBODY = {"let_in", "own", "look"}
"""Nobody has to be signed in for these, yet each takes a form of ours: sign-in, set-up, the phone's own look."""
LOOKS = {"status", "snapshot"}
ARGUMENTS = {"IntegerConverter": 1, "FloatConverter": 1.5, "PathConverter": "x/y"}


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened() as made:
        made.up(guard_status(), snapshot())
        people(made.places, Tess="technician", Ben="farmer", Vic="viewer")
        site(made.app).register.forget()
        yield made


def site(app: Flask) -> Any:
    return app.extensions["site"]


def changing(app: Flask) -> list[tuple[str, str, str, Need | None]]:
    """Every route that may change something: endpoint, method, an address, what its view says it needs."""
    found = []
    with app.test_request_context():
        ways = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            values = {
                name: min(converter.items)
                if isinstance(converter, AnyConverter)
                else ARGUMENTS.get(type(converter).__name__, "x")
                for name, converter in rule._converters.items()
            }
            for method in sorted((rule.methods or set()) - SAFE):
                view = app.view_functions[rule.endpoint]
                inner = getattr(getattr(view, "view_class", None), method.lower(), None)
                need = getattr(inner, "need", None) or getattr(view, "need", None)
                found.append((rule.endpoint, method, ways.build(rule.endpoint, values, method), need))
    return found


def shut(answer: Any) -> bool:
    """Refused by the gate: no, or the way to sign in."""
    return answer.status_code in (401, 403) or (
        answer.status_code == 303 and answer.location.startswith(("/sign-in", "/set-up"))
    )


def asked(bench: Bench) -> list[str]:
    """What guard and controller were asked beyond how things are."""
    return [m["verb"] for m in (*bench.guard.asked, *bench.controller.asked) if m["verb"] not in LOOKS]


def test_every_changing_route_says_what_it_needs(bench: Bench) -> None:
    routes = changing(bench.app)
    assert len(routes) > 20, "the map was read"
    assert [name for name, _, _, need in routes if need is None] == [], (
        "write @site.needs(...) below the route"
    )
    assert {name for name, _, _, need in routes if need is STOPPING} == OPEN
    assert {
        name for name, _, _, need in routes if need and need.role is None and need is not STOPPING
    } == ANYBODY
    assert all(need.form for name, _, _, need in routes if need and name not in OPEN)


def test_nobody_changes_anything_without_a_session(bench: Bench) -> None:
    for name, method, address, _ in changing(bench.app):
        if name not in OPEN:
            assert shut(send(bench.client, method, address)), name
            assert shut(
                send(bench.client, method, address, headers={"Authorization": "Bearer fs_guessed"})
            ), name
            assert shut(send(bench.client, method, address, headers={"Authorization": "Basic QW5hOng="})), (
                name
            )
    assert asked(bench) == []


def test_nobody_changes_anything_without_the_mark_of_the_own_session(bench: Bench) -> None:
    technician, _ = signed_in(bench.app, bench.places, "Tess")
    _, other = signed_in(bench.app, bench.places, "Ben")
    for name, method, address, _ in changing(bench.app):
        if name not in OPEN:
            assert send(technician, method, address).status_code == 403, name
            assert send(technician, method, address, data={"csrf": "x"}).status_code == 403, name
            assert send(technician, method, address, data=other).status_code == 403, f"{name}: another's mark"
    assert asked(bench) == []


def test_nobody_changes_anything_by_a_foreign_name_or_from_a_foreign_page(bench: Bench) -> None:
    technician, form = signed_in(bench.app, bench.places, "Tess")
    for name, method, address, _ in changing(bench.app):
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
            answer = send(technician, method, address, data=form, headers=headers)
            assert answer.status_code == 403, (name, headers)
    assert asked(bench) == []


def test_nobody_does_more_than_the_own_role(bench: Bench) -> None:
    viewer, viewers = signed_in(bench.app, bench.places, "Vic")
    farmer, farmers = signed_in(bench.app, bench.places, "Ben")
    seen = set()
    for name, method, address, need in changing(bench.app):
        assert need is not None
        if need.role in (Role.FARMER, Role.TECHNICIAN):
            assert send(viewer, method, address, data=viewers).status_code == 403, name
            seen.add(need.role)
        if need.role is Role.TECHNICIAN:
            assert send(farmer, method, address, data=farmers).status_code == 403, name
    assert seen == {Role.FARMER, Role.TECHNICIAN}
    assert asked(bench) == []


def test_what_is_dangerous_takes_a_password_given_lately(bench: Bench) -> None:
    technician, form = signed_in(bench.app, bench.places, "Tess", fresh=False)
    dangerous = [
        (name, method, address) for name, method, address, need in changing(bench.app) if need and need.fresh
    ]
    assert {"add_person", "remove_person", "add_token"} <= {name for name, _, _ in dangerous}
    for name, method, address in dangerous:
        answer = send(technician, method, address, data=form, headers={"Referer": "http://localhost/people"})
        if address.startswith("/api/"):
            assert answer.status_code == 401, name
        else:
            assert (answer.status_code, answer.location) == (303, "/sign-in?to=/people"), name
    assert asked(bench) == []
    assert "give your password again" in technician.get("/sign-in?to=/people").text


def test_a_token_does_what_its_scope_says_and_no_more(bench: Bench) -> None:
    read, operate = token(bench, Scope.READ), token(bench, Scope.READ, Scope.OPERATE)
    for name, method, address, need in changing(bench.app):
        if need is None or need.role is None:
            continue
        assert send(bench.client, method, address, headers=read).status_code == 403, name
        if need.role is Role.TECHNICIAN or need.fresh or need.personal:
            assert send(bench.client, method, address, headers=operate).status_code == 403, name
    assert asked(bench) == []
    assert bench.client.get("/api/v1/status", headers=read).status_code == 200
    assert bench.client.post("/api/v1/resume", headers=operate).get_json()["resumed"] is True, "and no form"
    assert (
        bench.client.post("/api/v1/resume", headers=operate | {"Origin": "http://evil.example"}).status_code
        == 403
    )


def test_a_token_that_was_taken_back_opens_nothing_not_even_to_look(bench: Bench) -> None:
    header = token(bench, Scope.OPERATE)
    record = Record.open(bench.places.record, "test")
    with record.people() as found:
        found.end_token(1)
    record.close()
    site(bench.app).register.forget()
    assert bench.client.post("/api/v1/resume", headers=header).status_code == 401
    assert bench.client.get("/api/v1/status", headers=header).status_code == 401


def test_a_cookie_beside_a_token_counts_for_nothing(bench: Bench) -> None:
    technician, _ = signed_in(bench.app, bench.places, "Tess")
    assert technician.post("/api/v1/resume", headers=token(bench, Scope.READ)).status_code == 403


def test_stop_takes_nothing_and_is_never_limited(bench: Bench) -> None:
    for _ in range(40):
        assert bench.client.post("/api/v1/stop").status_code == 200
        assert bench.client.post("/stop", data={"csrf": "old"}).status_code == 303
    assert sum(m["verb"] == "stop" for m in bench.guard.asked) == 80
    assert sum(m["verb"] == "note_audit" for m in bench.controller.asked) == 1, (
        "the trail hears it once a minute"
    )


def test_the_owner_may_ask_a_login_for_stop(bench: Bench) -> None:
    record = Record.open(bench.places.record, "test")
    record.set_setting("stop_needs_login", None, True, "Tess")
    record.close()
    site(bench.app).register.forget()
    bench.client.get("/")
    assert bench.client.post("/api/v1/stop").status_code == 401
    assert bench.client.post("/stop").location.startswith("/sign-in")
    assert asked(bench) == []
    viewer, _ = signed_in(bench.app, bench.places, "Vic")
    assert viewer.post("/api/v1/stop").status_code == 200, "any login, and no form"


def test_stop_waits_for_no_record(bench: Bench) -> None:
    app_site = site(bench.app)

    def never(*_: Any) -> Any:
        raise AssertionError("STOP asked the record")

    app_site.register.known = never
    assert bench.client.post("/api/v1/stop").status_code == 200


def test_when_only_people_signed_in_may_look(bench: Bench) -> None:
    record = Record.open(bench.places.record, "test")
    record.set_setting("viewer_sees", None, False, "Tess")
    record.close()
    site(bench.app).register.forget()
    reads = [
        rule.endpoint
        for rule in bench.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    for name in reads:
        with bench.app.test_request_context():
            address = bench.app.url_map.bind("localhost").build(name)
        answer = bench.client.get(address, environ_base={"REMOTE_ADDR": "192.168.1.9"})
        if name in ("sign_in", "set_up"):
            html = answer.text
            assert 'action="/stop' in html, "STOP is at hand"
            assert "Getting dry" not in html
        else:
            assert shut(answer), name
    assert bench.client.get("/healthz").status_code == 200, "the supervisor on this machine"
    assert bench.client.post("/api/v1/stop").status_code == 200
    viewer, _ = signed_in(bench.app, bench.places, "Vic")
    assert viewer.get("/").status_code == 200


def test_a_route_that_forgets_to_ask_is_named_and_shut(bench: Bench) -> None:
    folder = bench.places.data / "other"
    other = Bench(folder)

    @other.app.post("/forgotten/<int:number>")
    def forgotten(number: int) -> str:
        raise AssertionError(number)

    assert ("forgotten", "POST", "/forgotten/1", None) in changing(other.app)
    assert shut(other.client.post("/forgotten/1"))
    people(other.places, Vic="viewer")
    viewer, form = signed_in(other.app, other.places, "Vic")
    assert viewer.post("/forgotten/1", data=form).status_code == 403


def test_ways_back_stay_here() -> None:
    assert local("/people?before=3") == "/people?before=3"
    for path in (
        None,
        "",
        "people",
        "//evil.example",
        "/\\evil.example",
        "http://evil.example",
        "/a\nb",
        "/\t/evil.example",
    ):
        assert local(path) == "/"


def test_the_policy_names_everything_and_allows_nothing_inline(bench: Bench) -> None:
    for answer in (
        bench.client.get("/"),
        bench.client.get("/static/none"),
        bench.client.post("/resume"),
        bench.client.get("/sign-in"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_kept_screen_never_hands_out_anothers_mark(bench: Bench) -> None:
    marks = set()
    for client in (
        bench.app.test_client(),
        bench.app.test_client(),
        signed_in(bench.app, bench.places, "Ben")[0],
    ):
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/more").text)
        assert found is not None
        marks.add(found[1])
        assert client.post("/look", data={"csrf": found[1], "theme": "day"}).status_code == 303
    assert len(marks) == 3

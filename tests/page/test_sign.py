"""Signing in, staying in, being signed out; set-up by code; guessing."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldstation.controller.setup_code import made
from fieldstation.page.access import passwords
from fieldstation.page.access.backoff import FORGOTTEN_S, FREE, MOST_S, REMEMBERED, LoginBackoff
from fieldstation.page.access.secret_key import secret
from fieldstation.page.app import create_app
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.office import PASSWORD, people, signed_in, staffed
from tests.kit.page_bench import STATION, Bench, guard_status


@pytest.fixture
def bench() -> Iterator[Bench]:
    with staffed(guard_status()) as made:
        yield made


def mark(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, name: str = "Ben", password: str = PASSWORD, **form: str) -> Any:
    data = {"csrf": mark(client, "/sign-in"), "name": name, "password": password, **form}
    return client.post("/sign-in", data=data)


def audit_log(bench: Bench) -> list[tuple[str, str]]:
    with Reader(bench.places.record) as reader:
        return [(entry.who, entry.what) for entry in reversed(reader.audit())]


def test_signing_in_leads_back_and_lasts(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.app.extensions["site"].register.forget()
    answer = sign_in(bench.client, to="/more")
    assert (answer.status_code, answer.location) == (303, "/more")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("fieldstation="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie
    assert 'action="/sign-out"' in bench.client.get("/more").text
    assert sign_in(bench.app.test_client(), to="//evil.example").location == "/"
    assert ("Ben", "signed_in") in audit_log(bench)
    again = create_app(STATION, bench.places).test_client()
    again.set_cookie("fieldstation", cookie.split(";")[0].partition("=")[2])
    assert "Ben" in again.get("/more").text, "the page's key outlives the page"


def test_the_old_session_is_gone_once_signed_in(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.app.extensions["site"].register.forget()
    before = mark(bench.client, "/sign-in")
    with bench.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(bench.client)
    with bench.client.session_transaction() as session:
        assert "planted" not in session
    assert mark(bench.client, "/more") != before


def test_wrong_names_and_passwords_say_the_same(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.app.extensions["site"].register.forget()
    said = set()
    for name, password in (("Ben", "not the password"), ("Nobody", PASSWORD), ("", ""), ("Ben", "x" * 5000)):
        answer = sign_in(bench.client, name, password)
        assert answer.status_code == 401
        said |= set(re.findall(r'role="alert">.*?</svg> ([^<]*)', answer.text))
    assert said == {"Name or password is not right."}
    assert [what for _, what in audit_log(bench)] == ["sign_in_failed"]


def test_it_works_with_the_controller_dead(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.controller.close()
    bench.app.extensions["site"].register.forget()
    assert sign_in(bench.client).status_code == 303
    assert bench.client.post("/resume", data={"csrf": mark(bench.client, "/more")}).status_code == 303
    assert "resume" in [m["verb"] for m in bench.guard.asked]


def test_a_record_that_cannot_be_read_says_so_and_keeps_who_is_in(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    farmer, form = signed_in(bench.app, bench.places, "Ben")
    assert farmer.get("/more").status_code == 200
    fresh = create_app(STATION, bench.places)
    for path in bench.places.data.glob("record.db*"):
        path.unlink()
    bench.app.extensions["site"].register.forget()
    assert farmer.post("/resume", data=form).status_code == 303
    fresh.extensions["site"].register._known = type(fresh.extensions["site"].register._known)()
    fresh.extensions["site"].register.forget()
    client = fresh.test_client()
    assert sign_in(client).status_code == 503
    assert client.post("/api/v1/stop").status_code == 200


def test_signing_out_here_and_everywhere(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    here, form = signed_in(bench.app, bench.places, "Ben")
    there, _ = signed_in(bench.app, bench.places, "Ben")
    assert here.post("/sign-out", data=form).status_code == 303
    assert 'action="/sign-out"' not in here.get("/more").text
    assert 'action="/sign-out"' in there.get("/more").text
    again, form = signed_in(bench.app, bench.places, "Ben")
    assert again.post("/sign-out/everywhere", data=form).status_code == 303
    assert 'action="/sign-out"' not in there.get("/more").text
    assert audit_log(bench)[-1] == ("Ben", "signed_out_everywhere")


def test_a_session_of_a_removed_account_or_another_key_is_nobodys(bench: Bench) -> None:
    people(bench.places, Ben="farmer", Tess="technician")
    farmer, form = signed_in(bench.app, bench.places, "Ben")
    record = Record.open(bench.places.record, "test")
    with record.people() as found:
        found.end_account("Ben")
    record.close()
    bench.app.extensions["site"].register.forget()
    assert farmer.post("/resume", data=form).location.startswith("/sign-in")
    other, form = signed_in(bench.app, bench.places, "Tess")
    bench.app.secret_key = b"another key of thirty-two bytes!"
    assert other.post("/resume", data=form).status_code == 403


def test_five_guesses_a_minute_from_one_address(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.app.extensions["site"].register.forget()
    codes = [sign_in(bench.client, f"guess{n}", "wrong password").status_code for n in range(7)]
    assert codes == [401] * 5 + [429] * 2
    form = {"csrf": mark(bench.client, "/set-up"), "code": "x", "name": "Eve", "password": PASSWORD}
    assert bench.client.post("/set-up", data=form).status_code == 429, "set-up shares the count"
    html = bench.client.post("/set-up", data=form).text
    assert 'action="/stop' in html
    assert "Too many tries in a minute" in html
    elsewhere = {"csrf": mark(bench.client, "/sign-in"), "name": "Ben", "password": PASSWORD}
    assert (
        bench.client.post("/sign-in", data=elsewhere, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code
        == 303
    )


def test_guesses_at_one_account_wait_longer_and_longer(bench: Bench) -> None:
    people(bench.places, Ben="farmer")
    bench.app.extensions["site"].register.forget()
    codes = []
    for n in range(FREE + 2):
        data = {"csrf": mark(bench.client, "/sign-in"), "name": "ben", "password": "wrong password"}
        codes.append(
            bench.client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}).status_code
        )
    assert codes == [401] * (FREE + 1) + [429]
    right = {"csrf": mark(bench.client, "/sign-in"), "name": "Ben", "password": PASSWORD}
    answer = bench.client.post("/sign-in", data=right, environ_base={"REMOTE_ADDR": "10.0.1.1"})
    assert answer.status_code == 429, "the right password waits too, or guessing would cost nothing"
    assert "Wait 2 seconds" in answer.text or "Wait a second" in answer.get_data(as_text=True)


def test_a_stranger_who_guesses_on_and_on_does_not_keep_out_a_phone_that_was_in_before(bench: Bench) -> None:
    people(bench.places, Ben="farmer", Ana="farmer")
    bench.app.extensions["site"].register.forget()
    assert sign_in(bench.client).status_code == 303
    kept = bench.client.get_cookie("known", path="/sign-in")
    assert kept is not None
    assert kept.http_only

    def guess(name: str, password: str, phone: str | None, address: str) -> int:
        client = bench.app.test_client()
        if phone is not None:
            client.set_cookie("known", phone, path="/sign-in")
        form = {"csrf": mark(client, "/sign-in"), "name": name, "password": password}
        return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address}).status_code

    for n in range(FREE + 3):
        guess("Ben", "a stranger's guess", None, f"10.0.0.{n}")
    assert guess("Ben", PASSWORD, None, "10.0.1.1") == 429
    assert guess("Ben", PASSWORD, "made.up", "10.0.1.2") == 429
    assert guess("ben", PASSWORD, kept.value, "10.0.1.3") == 303
    for n in range(FREE + 1):
        assert guess("Ben", "not it either", kept.value, f"10.0.2.{n}") == 401
    assert guess("Ben", PASSWORD, kept.value, "10.0.2.99") == 429, "its own guesses it waits for"
    for n in range(FREE + 3):
        guess("Ana", "a stranger's guess", None, f"10.0.3.{n}")
    assert guess("Ana", PASSWORD, kept.value, "10.0.4.1") == 429, "known as Ben is not known as Ana"


def test_who_guesses_at_the_set_up_code_keeps_nobody_else_from_it(bench: Bench) -> None:
    code = made(bench.places.setup_code)

    def own(given: str, address: str) -> int:
        client = bench.app.test_client()
        form = {"csrf": mark(client, "/set-up"), "code": given, "name": "Ana", "password": PASSWORD}
        return client.post("/set-up", data=form, environ_base={"REMOTE_ADDR": address}).status_code

    assert [own("AAAA-AAAA", "10.0.0.1") for _ in range(FREE + 2)][-1] == 429
    assert own(code, "10.0.0.2") == 303


def test_patience() -> None:
    now = [0.0]
    login_backoff = LoginBackoff(lambda: now[0])
    for _ in range(FREE):
        login_backoff.wrong("Ben")
    assert login_backoff.wait_s("ben") == 0
    waits = []
    for _ in range(10):
        login_backoff.wrong("BEN")
        waits.append(login_backoff.wait_s("ben"))
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == MOST_S
    now[0] += MOST_S
    assert login_backoff.wait_s("ben") == 0
    login_backoff.right("Ben")
    login_backoff.wrong("Ben")
    assert login_backoff.wait_s("ben") == 0
    for _ in range(FREE):
        login_backoff.wrong("Ben")
    now[0] += FORGOTTEN_S
    login_backoff.wrong("Ben")
    assert login_backoff.wait_s("ben") == 0, "after an hour the count begins anew"
    for n in range(REMEMBERED * 2):
        login_backoff.wrong(str(n))
    assert len(login_backoff._wrong) == REMEMBERED


def test_set_up_makes_the_first_technician_once(bench: Bench, real_cost: None) -> None:
    code = made(bench.places.setup_code)
    assert stat.S_IMODE(bench.places.setup_code.stat().st_mode) == 0o600
    html = bench.client.get("/").text
    assert "no owner yet" in html
    assert bench.client.get("/sign-in").location == "/set-up"
    data = {"csrf": mark(bench.client, "/set-up"), "name": "Ana", "password": PASSWORD, "language": "es"}
    for wrong, status in (
        ({"code": "AAAA-AAAA"}, 409),
        ({"code": code, "name": " "}, 400),
        ({"code": code, "password": "short"}, 400),
        ({"code": code, "password": "ana", "name": "Ana"}, 400),
    ):
        assert bench.client.post("/set-up", data=data | wrong).status_code == status
        with Reader(bench.places.record) as reader:
            assert reader.accounts() == []
    answer = bench.client.post("/set-up", data=data | {"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer.location) == (303, "/")
    assert not bench.places.setup_code.exists()
    with Reader(bench.places.record) as reader:
        (account,) = reader.accounts()
        assert (account.name, account.role) == ("Ana", "technician")
        assert account.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert reader.settings().get("language") == "es"
    assert "PARAR" in bench.client.get("/").text.upper(), "the language picked is spoken"
    assert "Ana" in bench.client.get("/people").text, "and signed in"
    later = bench.app.test_client()
    data = data | {"csrf": mark(later, "/set-up"), "code": code, "name": "Eve"}
    answer = later.post("/set-up", data=data, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 409, "used once"
    with Reader(bench.places.record) as reader:
        assert [one.name for one in reader.accounts()] == ["Ana"]
    assert audit_log(bench)[:2] == [("Ana", "set_up"), ("Ana", "setting")]


def test_before_set_up_anybody_may_look_and_stop_and_nobody_decides(bench: Bench) -> None:
    assert bench.client.get("/").status_code == 200
    assert bench.client.post("/stop").status_code == 303
    form = {"csrf": mark(bench.client, "/more")}
    assert bench.client.post("/resume", data=form).location.startswith("/set-up")
    assert bench.client.get("/people").location.startswith("/set-up")


def test_a_lost_password_comes_back_with_a_new_code(bench: Bench) -> None:
    people(bench.places, Ana="technician")
    old, form = signed_in(bench.app, bench.places, "Ana")
    code = made(bench.places.setup_code)
    client = bench.app.test_client()
    data = {"csrf": mark(client, "/set-up"), "name": "ana", "password": "another sentence", "code": code}
    assert client.post("/set-up", data=data).status_code == 303
    assert old.post("/resume", data=form).location.startswith("/sign-in"), "sessions of before are over"
    assert sign_in(bench.app.test_client(), "Ana", "another sentence").status_code == 303


def test_the_key_is_private_kept_and_made_anew_when_it_cannot_be_one(tmp_path: Path) -> None:
    path = tmp_path / "page-secret"
    first = secret(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret(path) == first
    path.chmod(0o644)
    second = secret(path)
    assert second != first, "a key that others could read is none"
    path.write_bytes(b"cut")
    assert len(secret(path)) == 32
    nowhere = tmp_path / "none" / "page-secret"
    assert len(secret(nowhere)) == 32
    assert secret(nowhere) != secret(nowhere), "kept nowhere: until the page ends"


def test_passwords() -> None:
    kept = passwords.hashed("correct horse")
    assert passwords.proves(kept, "correct horse")
    assert not passwords.proves(kept, "correct horse ")
    assert not passwords.proves(None, "nobody has this password")
    assert not passwords.proves("", "x")
    assert not passwords.proves("rubbish", "x")
    assert kept != passwords.hashed("correct horse")
    for password, name in (("", "a"), ("seven77", "a"), ("x" * 201, "a"), ("Benedict", "benedict")):
        assert passwords.weak(password, name)
    assert not passwords.weak("eight888", "a")


@pytest.mark.slow
def test_hashing_in_many_threads_keeps_no_memory() -> None:
    code = """
import re, threading
from pathlib import Path
from fieldstation.page.access import passwords
def kept_mb():
    return int(re.search(r"Rss:\\s+(\\d+)", Path("/proc/self/smaps_rollup").read_text())[1]) / 1024
kept = passwords.hashed("eight888")
before, stay = kept_mb(), threading.Event()
def one(): passwords.proves(kept, "wrong"); done.release(); stay.wait()
done = threading.Semaphore(0)
threads = [threading.Thread(target=one, daemon=True) for _ in range(6)]
[t.start() for t in threads]; [done.acquire() for t in threads]
print(kept_mb() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 10, "glibc would keep 19 MiB in each thread"

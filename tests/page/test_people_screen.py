"""People and access: each act on the record, each refusal in a sentence, in every language; a token shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from fieldstation.controller.commands.people import NOTED
from fieldstation.domain.people import Role
from fieldstation.language.sentences import LANGUAGES, catalogue
from fieldstation.page.access.identity import token_hash
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.office import NEW, PASSWORD, account, signed_in, staffed
from tests.kit.page_bench import Bench, guard_status


@pytest.fixture
def bench() -> Iterator[Bench]:
    with staffed(guard_status(), Tess="technician", Ben="farmer", Vic="viewer") as made:
        yield made


def said(answer: Any) -> str:
    found = re.findall(r'role="alert">.*?</svg> ([^<]*)', answer.text)
    return " ".join(found)


def test_a_technician_adds_changes_and_removes(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    new = {**form, "name": "Ina", "role": "farmer", "password": PASSWORD}
    answer = tess.post("/people/add", data=new)
    assert (answer.status_code, answer.location) == (303, "/people")
    assert "The account is there." in tess.get(answer.location).text
    first = account(bench, "Ina")
    assert first is not None
    assert first.role is Role.FARMER
    tess.post("/people/role", data={**form, "name": "Ina", "role": "viewer"})
    tess.post("/people/reset", data={**form, "name": "Ina", "password": NEW})
    second = account(bench, "Ina")
    assert second is not None
    assert second.role is Role.VIEWER
    assert second.version != first.version
    assert second.password != first.password
    tess.post("/people/sign-out", data={**form, "name": "Ina"})
    third = account(bench, "Ina")
    assert third is not None
    assert third.version != second.version
    assert tess.post("/people/remove", data={**form, "name": "Ina"}).status_code == 303
    assert account(bench, "Ina") is None
    html = tess.get("/people").text
    for words in (
        "added Ina (Farmer)",
        "gave Ina a role: May look",
        "gave Ina a new password",
        "removed Ina",
        "signed Ina out",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("path", "form", "status", "words"),
    [
        ("/people/add", {"name": "ben", "role": "farmer", "password": PASSWORD}, 409, "called ben already"),
        ("/people/add", {"name": " ", "role": "farmer", "password": PASSWORD}, 409, "1 to 40 letters"),
        ("/people/add", {"name": "x" * 41, "role": "farmer", "password": PASSWORD}, 409, "1 to 40 letters"),
        ("/people/add", {"name": "Ina", "role": "king", "password": PASSWORD}, 409, "no such role"),
        ("/people/add", {"name": "Ina", "role": "farmer", "password": "short"}, 400, "at least 8 letters"),
        ("/people/role", {"name": "Tess", "role": "farmer"}, 409, "last technician"),
        ("/people/role", {"name": "Nobody", "role": "farmer"}, 409, "no account called Nobody"),
        ("/people/remove", {"name": "Tess"}, 409, "last technician"),
        ("/people/reset", {"name": "Ben", "password": "short"}, 400, "at least 8 letters"),
        ("/people/token", {"name": "x"}, 409, "what the token may do"),
        ("/people/token", {"name": "x", "scope": "everything"}, 409, "what the token may do"),
        ("/people/token", {"name": "", "scope": "read"}, 409, "1 to 40 letters"),
        ("/people/token/end", {"id": "99"}, 409, "no such token"),
        ("/people/token/end", {"id": "x"}, 409, "no such token"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    bench: Bench, path: str, form: dict[str, str], status: int, words: str
) -> None:
    tess, mark = signed_in(bench.app, bench.places, "Tess")
    answer = tess.post(path, data={**mark, **form})
    assert answer.status_code == status
    assert words in said(answer)
    assert 'action="/stop' in answer.text


def test_the_own_password_takes_the_old_one_and_signs_other_phones_out(bench: Bench) -> None:
    here, form = signed_in(bench.app, bench.places, "Vic")
    there, _ = signed_in(bench.app, bench.places, "Vic")
    wrong = here.post("/people/password", data={**form, "password": "no", "new": NEW})
    assert (wrong.status_code, said(wrong)) == (403, "That is not your password. Nothing was changed.")
    assert (
        here.post("/people/password", data={**form, "password": PASSWORD, "new": "short"}).status_code == 400
    )
    assert here.post("/people/password", data={**form, "password": PASSWORD, "new": NEW}).status_code == 303
    assert here.get("/people").status_code == 200
    assert there.get("/people").status_code == 303


def test_a_viewer_sees_the_own_access_alone(bench: Bench) -> None:
    record = Record.open(bench.places.record, "test")
    record.add_audit("Ben", "stop")
    record.close()
    vic, _ = signed_in(bench.app, bench.places, "Vic")
    html = vic.get("/people").text
    assert "Vic" in html
    for other in ("Tess", "Ben", "Who did what", "/people/add"):
        assert other not in html
    ben, _ = signed_in(bench.app, bench.places, "Ben")
    html = ben.get("/people").text
    assert "pressed STOP" in html
    assert "Tess" in html
    assert "/people/add" not in html


def test_a_token_is_shown_once_works_and_is_taken_back(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    html = tess.post("/people/token", data={**form, "name": "pump <room>", "scope": ["read", "operate"]}).text
    found = re.search(r"fs_[\w-]{43}", html)
    assert found is not None
    assert "pump &lt;room&gt;" in html
    assert found[0] not in tess.get("/people").text
    with Reader(bench.places.record) as reader:
        (token,) = reader.tokens()
    assert token.hash == token_hash(found[0])
    bearer = {"Authorization": f"Bearer {found[0]}"}
    assert bench.client.post("/api/v1/resume", headers=bearer).status_code == 200
    assert tess.post("/people/token/end", data={**form, "id": str(token.id)}).status_code == 303
    assert bench.client.post("/api/v1/resume", headers=bearer).status_code == 401
    with Reader(bench.places.record) as reader:
        audit_entries = [(entry.who, entry.what) for entry in reader.audit()]
    assert ("token pump <room>", "resume") in audit_entries


def test_the_trail_turns_its_pages(bench: Bench) -> None:
    record = Record.open(bench.places.record, "test")
    with record.people() as found:
        for n in range(120):
            found.add_audit("Ben", "setting", "north", {"name": f"no{n}.", "value": n})
    record.close()
    ben, _ = signed_in(bench.app, bench.places, "Ben")
    path, seen = "/people", []
    for _ in range(3):
        html = ben.get(path).text
        seen += re.findall(r"North &lt;field&gt;: set no(\d+)\. to", html)
        following = re.search(r'href="(/people\?before=\d+)"', html)
        path = following[1] if following else ""
    assert seen == [str(n) for n in range(119, -1, -1)]
    assert path == ""
    for odd in ("x", "-1", "9" * 40):
        assert ben.get(f"/people?before={odd}").status_code == 200


def test_a_silent_controller_and_a_full_disk_are_told(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    full = {"refused": "record_failed", "values": {"detail": "no room"}}
    bench.controller.answers["sign_out"] = full
    answer = tess.post("/people/sign-out", data={**form, "name": "Ben"})
    assert (answer.status_code, "no room" in said(answer)) == (409, True)
    bench.controller.close()
    answer = tess.post("/people/sign-out", data={**form, "name": "Ben"})
    assert answer.status_code == 409
    assert "Nothing was changed" in said(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_of_access_speaks_every_language(bench: Bench, language: str) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    tess.post("/people/add", data={**form, "name": "Ina", "role": "farmer", "password": PASSWORD})
    screens = [
        tess.get(f"/people?lang={language}"),
        bench.client.get(f"/sign-in?lang={language}"),
        bench.client.get(f"/set-up?lang={language}"),
    ]
    for answer in screens:
        html = answer.text
        assert answer.status_code == 200
        assert ">?" not in html
        assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<script>", html)
    if language != "en":
        assert "Who did what" not in screens[0].text


def test_every_deed_that_is_noted_has_a_sentence(request: pytest.FixtureRequest) -> None:
    source = request.config.rootpath / "fieldstation"
    codes = set(NOTED)
    for path in (source / "controller").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r'add_audit\(\s*\w+,\s*"(\w+)"', text))
        codes |= set(re.findall(r'_mark\(context, message, by, "(\w+)"', text))
    assert {"set_up", "water_now", "alert_seen"} <= codes
    for language in LANGUAGES:
        assert codes <= set(catalogue(language)["audit"]), language

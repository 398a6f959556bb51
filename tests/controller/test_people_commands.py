"""Verbs about people, as the controller meets them: codes, hashes only, one code once, the last technician stays."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldstation.controller import setup_code
from fieldstation.controller.commands.people import ACCOUNTS_MOST
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from fieldstation.wire.places import Places
from tests.kit.controller_bench import STATION
from tests.kit.journal import journal
from tests.kit.office import hash_of, office

Say = Callable[..., dict[str, Any]]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places.under(tmp_path)
    prepare(found.record, datetime.now(UTC))
    return found


@pytest.fixture
def say(places: Places) -> Say:
    ask = office(places, STATION)

    def said(command: str, **more: Any) -> dict[str, Any]:
        return ask({"verb": command, "by": "Tess", "password": hash_of(), **more})

    return said


def names(places: Places) -> list[str]:
    with Reader(places.record) as reader:
        return [one.name for one in reader.accounts()]


def test_the_code_is_made_while_there_is_nobody(places: Places, say: Say, tmp_path: Path) -> None:
    record = Record.open(places.record, "test")
    with journal(tmp_path) as lines:
        setup_code.lead(places.setup_code, record)
    code = setup_code.current(places.setup_code)
    assert code is not None
    assert lines() == ['test: setup_code_waits read_it="fieldstation setup-code"'], (
        "how to read it, and not the code"
    )
    assert stat.S_IMODE(places.setup_code.stat().st_mode) == 0o600
    setup_code.lead(places.setup_code, record)
    assert setup_code.current(places.setup_code) == code, "a restart keeps it"
    assert say("set_up", name="Ana", code="wrong")["refused"] == "setup_code_wrong"
    assert say("set_up", name="Ana", code=None)["refused"] == "setup_code_wrong"
    assert say("set_up", name="Ana", code=code, password="clear text")["refused"] == "password_bad"
    assert say("set_up", name="Ana", code=code, language="xx")["refused"] == "setting_bad"
    assert setup_code.current(places.setup_code) == code
    assert say("set_up", name="Ana", code=code, language="fr") == {"set_up": "Ana"}
    assert list(places.data.glob("setup-code*")) == []
    assert say("set_up", name="Eve", code=code)["refused"] == "setup_code_gone"
    setup_code.lead(places.setup_code, record)
    assert not places.setup_code.exists(), "no code lies about once there is an account"
    assert names(places) == ["Ana"]
    record.close()


def test_a_set_up_that_fails_leaves_the_code(
    places: Places, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldstation.store.tables import people

    code = setup_code.made(places.setup_code)

    def full(*_: Any) -> None:
        raise OSError(28, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(people, "add_audit", full)
        assert say("set_up", name="Ana", code=code)["refused"] == "disk_full"
    assert names(places) == []
    assert say("set_up", name="Ana", code=code) == {"set_up": "Ana"}


def test_a_power_cut_in_set_up_leaves_no_code_that_works(places: Places, say: Say) -> None:
    code = setup_code.made(places.setup_code)
    places.setup_code.rename(places.setup_code.with_name("setup-code.used"))
    assert say("set_up", name="Ana", code=code)["refused"] == "setup_code_gone"
    record = Record.open(places.record, "test")
    setup_code.lead(places.setup_code, record)
    record.close()
    assert not places.setup_code.with_name("setup-code.used").exists()
    assert setup_code.current(places.setup_code) not in (None, code)


def test_a_new_code_ends_the_old_one(places: Places, say: Say) -> None:
    old = setup_code.made(places.setup_code)
    assert say("new_setup_code") == {"made": True}
    assert say("set_up", name="Eve", code=old)["refused"] == "setup_code_wrong"


def test_a_folder_that_cannot_be_written_is_told(places: Places, say: Say) -> None:
    places.setup_code.mkdir()
    assert say("set_up", name="Eve", code="x")["refused"] == "record_failed"
    assert say("new_setup_code")["refused"] == "record_failed"


def test_codes_are_unlike_and_read_alike() -> None:
    assert not set("01IO") & set(setup_code.LETTERS)
    assert len(setup_code.LETTERS) ** (2 * setup_code.HALF) >= 2**40


@pytest.mark.parametrize("by", [None, "", " ", "x" * 41, 7])
def test_who_asks_is_always_said(places: Places, say: Say, by: Any) -> None:
    for command in (
        "add_account",
        "set_role",
        "set_password",
        "sign_out",
        "remove_account",
        "add_token",
        "end_token",
        "note_audit",
        "new_setup_code",
    ):
        assert say(command, by=by, name="Ina", role="viewer")["refused"] == "nobody_asks", command
    assert names(places) == []


def test_only_argon2_hashes_are_kept(places: Places, say: Say) -> None:
    for bad in (
        "clear text",
        "",
        None,
        5,
        "$argon2i$v=19$m=19456,t=2,p=1$" + "a" * 22 + "$" + "b" * 43,
        hash_of() + "\n",
        "$argon2id$" + "x" * 300,
    ):
        assert say("add_account", name="Ina", role="viewer", password=bad)["refused"] == "password_bad"
    assert say("add_account", name="Ina", role="viewer") == {"added": "Ina"}


def test_the_last_technician_stays(places: Places, say: Say) -> None:
    say("add_account", name="Tess", role="technician")
    assert say("remove_account", name="tess")["refused"] == "last_technician"
    assert say("set_role", name="Tess", role="viewer")["refused"] == "last_technician"
    say("add_account", name="Tom", role="technician")
    assert say("set_role", name="Tess", role="viewer") == {"role": "viewer"}
    assert say("remove_account", name="Tom")["refused"] == "last_technician"


def test_there_is_an_end_to_accounts(places: Places, say: Say) -> None:
    for n in range(ACCOUNTS_MOST):
        assert "added" in say("add_account", name=f"P{n}", role="viewer")
    assert say("add_account", name="more", role="viewer")["refused"] == "too_many"


def test_the_page_notes_only_its_own_deeds(places: Places, say: Say) -> None:
    assert say("note_audit", what="stop", by="(10.0.0.9)") == {"noted": "stop"}
    assert say("note_audit", what="account_removed")["refused"] == "not_understood"
    with Reader(places.record) as reader:
        assert [(entry.who, entry.what) for entry in reader.audit()] == [("(10.0.0.9)", "stop")]


def test_tokens_are_made_by_accounts_of_hashes(places: Places, say: Say) -> None:
    assert say("add_token", name="x", scopes=["read"], hash="a" * 64)["refused"] == "account_unknown"
    say("add_account", name="Tess", role="technician")
    assert say("add_token", name="x", scopes=["read"], hash="fs_clear")["refused"] == "token_bad"
    assert say("add_token", name="x", scopes="read", hash="a" * 64)["refused"] == "scope_bad"
    assert say("add_token", name="x", scopes=[["read"]], hash="a" * 64)["refused"] == "scope_bad"
    assert say("add_token", name="x", scopes=["read"], hash="a" * 64) == {"added": "x"}
    assert say("end_token", id="1")["refused"] == "token_unknown"
    assert say("end_token", id=1) == {"ended": "x"}

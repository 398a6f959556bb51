"""`fieldstation account` and `fieldstation setup-code`, on the device."""

from __future__ import annotations

import getpass
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldstation.cli.main import entry
from fieldstation.controller.setup_code import current, made
from fieldstation.page.access.passwords import proves
from fieldstation.store.reader import Reader
from fieldstation.store.upkeep.migrate import prepare
from fieldstation.wire.places import Places
from tests.kit.controller_bench import STATION
from tests.kit.office import PASSWORD, commands, office, people
from tests.kit.peers import Peer

Say = Callable[..., int]


@pytest.fixture
def places() -> Iterator[Places]:
    folder = Path(tempfile.mkdtemp(prefix="acc-"))
    found = Places.under(folder)
    prepare(found.record, datetime.now(UTC))
    peer = Peer(found.controller_socket, commands(office(found, STATION)))
    yield found
    peer.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def say(places: Places, monkeypatch: pytest.MonkeyPatch) -> Say:
    def asked(*words: str, typed: tuple[str, ...] = (PASSWORD, PASSWORD)) -> int:
        answers = iter(typed)
        monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
        return entry([*words, "--data", str(places.data)])

    return asked


def roles(places: Places) -> dict[str, str]:
    with Reader(places.record) as reader:
        return {one.name: one.role.value for one in reader.accounts()}


def test_accounts_on_the_device(places: Places, say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    assert say("account", "list") == 0
    assert "Nobody has an account yet" in capsys.readouterr().out
    assert say("account", "add", "Tess", "--role", "technician") == 0
    assert say("account", "add", "Ben", "--role", "viewer") == 0
    assert say("account", "role", "Ben", "--role", "farmer") == 0
    assert roles(places) == {"Tess": "technician", "Ben": "farmer"}
    assert say("account", "password", "Ben", typed=("another sentence", "another sentence")) == 0
    with Reader(places.record) as reader:
        assert proves(
            next(one.password for one in reader.accounts() if one.name == "Ben"), "another sentence"
        )
    assert say("account", "sign-out", "Ben") == 0
    capsys.readouterr()
    assert say("account", "list") == 0
    assert "Ben: farmer, since 20" in capsys.readouterr().out
    assert say("account", "remove", "Ben") == 0
    assert roles(places) == {"Tess": "technician"}
    with Reader(places.record) as reader:
        assert {entry.who for entry in reader.audit()} == {"(on the device)"}


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("add", "Ben"), (), "--role"),
        (("role", "Ben"), (), "--role"),
        (("remove",), (), "needs a name"),
        (("add", "Ben", "--role", "farmer"), (PASSWORD, "other words"), "not the same"),
        (("add", "Ben", "--role", "farmer"), ("short", "short"), "8 to 200 letters"),
        (("add", "tess", "--role", "farmer"), (PASSWORD, PASSWORD), "of that name already"),
        (("remove", "Nobody"), (), "no account of that name"),
        (("remove", "Tess"), (), "last technician"),
        (("add", "x" * 41, "--role", "farmer"), (PASSWORD, PASSWORD), "1 to 40 letters"),
    ],
)
def test_what_cannot_be_is_told(
    places: Places,
    say: Say,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    typed: tuple[str, ...],
    told: str,
) -> None:
    people(places, Tess="technician")
    assert say("account", *words, typed=typed) == 2
    assert told in capsys.readouterr().err
    assert roles(places) == {"Tess": "technician"}


def test_the_code_on_the_device(places: Places, say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    assert say("setup-code") == 1
    assert "setup-code --new" in capsys.readouterr().out
    code = made(places.setup_code)
    assert say("setup-code") == 0
    assert capsys.readouterr().out.strip() == code
    assert say("setup-code", "--new") == 0
    assert capsys.readouterr().out.strip() == current(places.setup_code) != code


def test_a_silent_controller_is_told(tmp_path: Path, say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(tmp_path / "record.db", datetime.now(UTC))
    for words in (["account", "remove", "Ben"], ["setup-code", "--new"]):
        assert entry([*words, "--data", str(tmp_path)]) == 2
        assert "nothing was changed" in capsys.readouterr().err


def test_no_terminal_no_password(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_: str) -> Any:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", nobody)
    assert entry(["account", "add", "Ben", "--role", "viewer", "--data", str(places.data)]) == 2
    assert "no password was given" in capsys.readouterr().err

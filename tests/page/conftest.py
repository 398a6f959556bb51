from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from fieldstation.page.access import passwords
from tests.kit.manners import shared_folder
from tests.kit.page_bench import Bench, opened
from tests.kit.past_station import hold_the_hour
from tests.kit.strict_templates import StrictAttributes

DEAR = passwords.HASHER


@pytest.fixture(scope="session", autouse=True)
def cheap() -> Iterator[None]:
    """Passwords that cost nothing to prove, and strict templates, compiled once for hundreds of applications."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        cache = FileSystemBytecodeCache(str(shared_folder()))
        patch.setattr(
            Flask,
            "jinja_options",
            {**Flask.jinja_options, "bytecode_cache": cache, "undefined": StrictAttributes},
        )
        yield


@pytest.fixture
def real_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as on a station."""
    monkeypatch.setattr(passwords, "HASHER", DEAR)


@pytest.fixture
def one_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hour does not turn: for tests that name each step of the past."""
    hold_the_hour(monkeypatch)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened() as made:
        yield made

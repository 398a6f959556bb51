"""What each command says: its help, and the answer to a wrong option."""

from __future__ import annotations

import re

import pytest

from tests.kit.commands import COMMANDS, fieldstation, refused

pytestmark = pytest.mark.slow


def test_every_command_is_listed_with_a_line() -> None:
    told = fieldstation("--help").stdout
    listed = re.findall(r"^    (\w+)\s+\w", told, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_says_what_it_does_and_gives_an_example(command: str) -> None:
    done = fieldstation(command, "--help")
    assert done.returncode == 0
    assert f"usage: fieldstation {command}" in done.stdout
    assert "Example" in done.stdout
    assert f"fieldstation {command}" in done.stdout.rpartition("Example")[2]


def test_the_version_is_told() -> None:
    assert fieldstation("--version").stdout.startswith("fieldstation ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "COMMAND"),
        (["irrigate"], "irrigate"),
        (["demo", "--port", "eighty"], "eighty"),
        (["demo", "--history-days", "400"], "1 to 90"),
        (["simulate", "--days", "0"], "1 to 400"),
        (["simulate", "--zones", "9"], "1 to 8"),
        (["simulate", "--crop", "triffid"], "triffid"),
        (["simulate", "--from", "yesterday"], "2026-04-15"),
        (["simulate", "--days", "2", "--fault", "earthquake"], "earthquake"),
        (["simulate", "--days", "2", "--fault", "unplug:moon"], "moon"),
        (["field", "wet"], "needs a name"),
        (
            ["harvest", "--zone", "north", "--on", "2026-01-01", "--t-ha", "5", "--dry-frac", "2"],
            "0.06 for tomatoes",
        ),
    ],
)
def test_a_wrong_word_is_named(words: list[str], told: str) -> None:
    refused(fieldstation(*words), told)


def test_simulate_lives_a_short_season() -> None:
    done = fieldstation("simulate", "--days", "3", "--zones", "1")
    assert done.returncode == 0
    assert "zone1" in done.stdout
    assert "safety" in done.stdout.lower()

"""Commands and examples that the documents show, tried."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from pathlib import Path

import pytest

from fieldstation.cli.main import entry, parser
from tests.docs.pages import ROOT, blocks, documents

COMMAND = re.compile(r"^\s*(?:sudo (?:-u [\w-]+ )?)?(?:[\w./-]*/)?fieldstation ((?!\w+@)[a-z-].*)$")


def shown(text: str) -> list[str]:
    """The arguments of each `fieldstation ...` line in a page's code blocks and inline code."""
    lines = [line for _, body in blocks(text) for line in body.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`(fieldstation [^`<]+)`", " ".join(text.split()))
    return [re.split(r"  #| [<>] ", match[1])[0].strip() for line in lines if (match := COMMAND.match(line))]


SHOWN = sorted(
    {(path, line) for path, text in documents().items() if path != "CHANGELOG.md" for line in shown(text)}
)


def subcommands() -> dict[str, argparse.ArgumentParser]:
    action = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


EXAMPLES = sorted(
    (f"fieldstation {name} --help", line.partition(" < ")[0].strip())
    for name, command in subcommands().items()
    for line in re.findall(r"fieldstation ([^;]+)", command.epilog or "")
)


@pytest.mark.parametrize(("path", "line"), SHOWN + EXAMPLES)
def test_a_command_that_is_shown_is_understood(
    path: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(line)
    if words in [[name] for name in subcommands()]:
        return  # named, not called
    try:
        parser().parse_args(words)
    except SystemExit as end:
        assert end.code == 0, capsys.readouterr().err  # noqa: PT017 - argparse ends so for --help


def test_every_command_is_on_its_page() -> None:
    listed = {shlex.split(line)[0] for line in shown(documents()["fieldstation/commands.md"])}
    assert listed == set(subcommands())


def test_what_is_no_command_is_found() -> None:
    assert shown("x\n\n    fieldstation dig --deep   # no such\n\n") == ["dig --deep"]
    with pytest.raises(SystemExit):
        parser().parse_args(["dig", "--deep"])


def test_the_example_of_advise_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = dict(blocks(documents()["fieldstation/advise.md"]))
    zone, lines = tmp_path / "field.toml", tmp_path / "lines"
    zone.write_text(found["toml"], encoding="utf-8")
    lines.write_text(json.dumps(json.loads(found["json"])) + "\n", encoding="utf-8")
    with lines.open(encoding="utf-8") as told:
        monkeypatch.setattr("sys.stdin", told)
        assert entry(["advise", "--zone", str(zone), "--state", str(tmp_path / "state")]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["on"] == "2026-06-01"
    assert {"depth_mm", "rung", "reason", "changes", "yield_by"} <= answer.keys()


def test_the_example_station_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry(["check", str(ROOT / "fieldstation" / "config" / "example.toml")]) == 0
    assert "north" in capsys.readouterr().out


def test_a_simulated_season_that_is_shown_runs(capsys: pytest.CaptureFixture[str]) -> None:
    line = next(line for path, line in SHOWN if line.startswith("simulate") and path.endswith("commands.md"))
    assert entry([*shlex.split(line), "--days", "5"]) == 0
    assert "safety rules broken: none" in capsys.readouterr().out

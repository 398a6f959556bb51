"""The manners of tests, tried on tests that have none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.controller_bench import gone

pytestmark = pytest.mark.slow

HANGS = """
import pathlib, subprocess, sys
import pytest

@pytest.mark.slow
@pytest.mark.timeout(2)
def test_hangs():
    child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
    pathlib.Path(__file__).with_name("pid").write_text(str(child.pid))
    child.wait()  # for ever

def test_goes_on():
    pass
"""
STARTS = """
import subprocess, sys
import pytest

def start():
    subprocess.run([sys.executable, "-S", "-c", ""], check=True)

def test_unmarked():
    start()

@pytest.mark.slow
def test_marked():
    start()
"""


def tried(folder: Path, code: str, *more: str) -> tuple[str, dict[str, int]]:
    """What pytest says of this test file, and how many of its outcomes there were."""
    (folder / "test_it.py").write_text(code)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.kit.manners",
        "-p",
        "no:cacheprovider",
        *more,
        "-q",
        "--rootdir",
        str(folder),
    ]
    found = subprocess.run(
        [*command, "-o", "markers=slow", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        cwd=folder,
    )
    text = found.stdout + found.stderr
    words = text.strip().splitlines()
    counts = next(line for line in reversed(words) if " in " in line and line[:1].isdigit())
    parts = [part.split() for part in counts.partition(" in ")[0].split(", ")]
    return text, {name.rstrip("s"): int(number) for number, name in parts}


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_test_that_hangs_fails_where_it_hangs_and_its_child_ends(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    text, counts = tried(tmp_path, HANGS, *workers)
    assert counts == {"failed": 1, "passed": 1}
    assert "child.wait()  # for ever" in text
    assert gone(int((tmp_path / "pid").read_text()))


def test_whoever_starts_a_process_is_marked(tmp_path: Path) -> None:
    text, counts = tried(tmp_path, STARTS)
    assert counts == {"passed": 2, "error": 1}
    assert "test_unmarked - Failed: it starts a process" in text

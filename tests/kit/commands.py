"""The commands as a person types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMANDS = [
    "demo",
    "run",
    "guard",
    "controller",
    "page",
    "plan",
    "simulate",
    "field",
    "check",
    "stop",
    "resume",
    "advise",
    "season",
    "learn",
    "account",
    "notify",
    "export",
    "harvest",
]


def fieldstation(
    *words: object, cwd: Path | None = None, within_s: float = 60, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """One command, to its end. No answer of ours is ever a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "fieldstation", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
        input=given,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def refused(done: subprocess.CompletedProcess[str], *words: str) -> str:
    """The words of a command that could not be tried: exit code 2, one clear message, nothing printed."""
    assert done.returncode == 2, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    return done.stderr

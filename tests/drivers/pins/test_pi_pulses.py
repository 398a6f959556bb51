from __future__ import annotations

import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins import pi_pulses
from tests.drivers.waiting import until


@pytest.fixture
def helper(tmp_path: Path) -> Iterator[str]:
    """A program of the helper's name that only waits."""
    program = tmp_path / "libgpiod_pulsein64"
    shutil.copy("/bin/sleep", program)
    yield str(program)


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_helper_whose_owner_died_is_killed(helper: str) -> None:
    owner = subprocess.Popen(
        ["sh", "-c", f"{helper} 600 >/dev/null 2>&1 & echo $!"], stdout=subprocess.PIPE, start_new_session=True
    )
    pid = int(owner.communicate()[0])
    assert running(pid)
    assert pi_pulses.kill_leftovers() == [pid]
    until(lambda: not running(pid), "the helper is gone")


def test_a_helper_in_use_and_other_programs_live(helper: str) -> None:
    used = subprocess.Popen([helper, "600"], start_new_session=True)
    other = subprocess.Popen(["sleep", "600"])
    try:
        assert pi_pulses.kill_leftovers() == []
        assert used.poll() is None
        assert other.poll() is None
    finally:
        for process in (used, other):
            process.kill()
            process.wait()


def blinka(monkeypatch: pytest.MonkeyPatch, **dht: Any) -> None:
    modules: dict[str, dict[str, Any]] = {
        "adafruit_dht": dht,
        "board": {"D4": "pin four"},
        "pulseio": {"PulseIn": PulseIn},
    }
    for name, members in modules.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)


class PulseIn:
    """Blinka's."""


def test_the_library_and_the_boards_pin_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLINKA_SKIP_DEPENDENCY_CHECK", "")
    blinka(monkeypatch, PulseIn=PulseIn)
    module, pin = pi_pulses.load(4)
    assert (module.__name__, pin) == ("adafruit_dht", "pin four")
    assert os.environ["BLINKA_SKIP_DEPENDENCY_CHECK"] == "1"
    with pytest.raises(StationError, match="D27"):
        pi_pulses.load(27)


def test_bit_banging_in_silence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blinka(monkeypatch)
    with pytest.raises(StationError, match="PulseIn"):
        pi_pulses.load(4)


def test_a_missing_blinka_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    blinka(monkeypatch, PulseIn=PulseIn)
    monkeypatch.setitem(sys.modules, "pulseio", None)
    with pytest.raises(StationError, match=r"fieldstation\[pi\]"):
        pi_pulses.load(4)

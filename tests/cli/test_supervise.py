"""`demo` and `run`: every process of a station as one command, whatever happens to one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldstation.store.reader import Reader
from fieldstation.wire.client import call
from fieldstation.wire.places import Places
from tests.kit.commands import fieldstation, refused
from tests.kit.phone import Phone
from tests.kit.station import free_port, wait_for

pytestmark = pytest.mark.slow


class Supervised:
    """A command that goes on until it is told to end; its words go to a file."""

    def __init__(self, folder: Path, *words: object) -> None:
        self.words = folder / "words"
        with self.words.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fieldstation", *map(str, words)],
                stdout=file,
                stderr=file,
                stdin=subprocess.DEVNULL,
            )
        wait_for(lambda: "The station is up" in self.told(), 60, "the station is up")

    def told(self) -> str:
        return self.words.read_text()

    def members(self) -> dict[str, int]:
        """The station's processes by name."""
        found = {}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"fieldstation" in command:
                found[command[command.index(b"fieldstation") + 1].decode()] = int(child)
        return found

    def end(self, number: int) -> int:
        members = self.members()
        self.process.send_signal(number)
        code = self.process.wait(30)
        assert not [pid for pid in members.values() if Path(f"/proc/{pid}").exists()], (
            "nothing is left behind"
        )
        return code


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("supervised")


@pytest.fixture
def demo(folder: Path, port: int) -> Iterator[Supervised]:
    (folder / "words").unlink(missing_ok=True)
    station = Supervised(folder, "demo", "--data", folder / "data", "--history-days", "3", "--port", port)
    yield station
    if station.process.poll() is None:
        station.end(signal.SIGTERM)


def healthy(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return bool(answer.status == 200)


def test_what_dies_is_started_again_and_the_end_leaves_nothing_on(
    demo: Supervised, folder: Path, port: int
) -> None:
    places = Places.under(folder / "data")

    def relays() -> list[str]:
        return [name for name, on in call(places.field_socket, {"do": "state"}, 5)["lines"].items() if on]

    assert set(demo.members()) == {"field", "guard", "controller", "page"}
    # a second one is refused and harms nothing
    refused(
        fieldstation("demo", "--data", folder / "data", "--port", free_port()), "already running", "stop it"
    )
    refused(fieldstation("run", "--data", folder / "data", "--port", port), str(port))
    wait_for(lambda: "pump:main" in relays(), 90, "it waters by itself")
    refused(fieldstation("run", "--data", folder / "data", "--port", free_port()), "already running")
    assert "pump:main" in relays(), "a second station touches no line of the first"
    assert call(places.guard_socket, {"verb": "status"}, 3)["latches"] == []
    assert healthy(port)
    # the lines are driven off by the supervisor when the guard is killed, whatever the kernel does
    assert fieldstation("field", "kernel", "persist", "--data", folder / "data").returncode == 0
    os.kill(demo.members()["guard"], signal.SIGKILL)
    wait_for(lambda: not relays(), 3, "off soon after the guard was killed")
    for name in ("page", "controller"):
        os.kill(demo.members()[name], signal.SIGKILL)
    wait_for(lambda: len(demo.members()) == 4 and healthy(port), 30, "all four again")
    for name in ("guard", "page", "controller"):
        assert f"{name} ended (code -9); starting it again" in demo.told()
        kept = (folder / "data" / "log").read_text()
        assert f" run: process_ended process={name} signal=SIGKILL\n" in kept
    # stop and resume, as typed
    stopped = fieldstation("stop", "--data", folder / "data")
    assert stopped.returncode == 0
    assert "pump:main: off" in stopped.stdout
    assert "Stopped. Nothing waters until: fieldstation resume" in stopped.stdout
    assert fieldstation("resume", "--data", folder / "data").returncode == 0
    phone = Phone(f"http://127.0.0.1:{port}")
    assert phone.set_up(places.setup_code)[0] == 200
    assert demo.end(signal.SIGTERM) == 0
    told = demo.told()
    steps = [
        "Simulating 3 days",
        "Starting the field",
        "Starting the guard",
        "The station is up",
        "Set-up code",
    ]
    assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps)
    assert demo.told().endswith("Stopped; every line is off.\n")
    assert "Traceback" not in demo.told() + (folder / "data" / "log").read_text()


def test_a_second_demo_goes_on_with_its_accounts(folder: Path, port: int) -> None:
    if not (folder / "data" / "station.toml").exists():
        pytest.skip("the test before made no station")
    (folder / "words").unlink(missing_ok=True)
    demo = Supervised(folder, "demo", "--data", folder / "data", "--port", port)
    told = demo.told()
    assert "Going on with the demo" in told
    assert "Simulating" not in told
    assert "Set-up code" not in told, "it is somebody's already"
    with Reader(folder / "data" / "record.db") as reader:
        assert len(reader.accounts()) == 1
    assert demo.end(signal.SIGINT) == 0


def test_a_demo_that_is_interrupted_while_its_past_is_made_leaves_nothing_half_made(
    tmp_path: Path, port: int
) -> None:
    words = tmp_path / "words"
    with words.open("wb") as file:
        command = ["demo", "--data", tmp_path / "data", "--port", port, "--history-days", 90]
        making = subprocess.Popen(
            [sys.executable, "-m", "fieldstation", *map(str, command)], stdout=file, stdin=subprocess.DEVNULL
        )
    wait_for(lambda: "10 days are over" in words.read_text(), 60, "it is in the middle of it")
    making.send_signal(signal.SIGINT)
    assert making.wait(30) == 130
    assert "Interrupted." in words.read_text()
    assert not (tmp_path / "data" / "record.db").exists()
    words.unlink()
    again = Supervised(tmp_path, *command[:5], "--history-days", 2)
    assert "was interrupted while it was made" in again.told()
    assert again.end(signal.SIGTERM) == 0
    assert not (tmp_path / "data" / "making").exists()


def test_run_starts_the_configured_station_and_ctrl_c_ends_it(folder: Path, port: int) -> None:
    (folder / "words").unlink(missing_ok=True)
    if not (folder / "data" / "station.toml").exists():
        pytest.skip("the test before made no station")
    station = Supervised(folder, "run", "--data", folder / "data", "--port", port)
    assert healthy(port)
    began = time.monotonic()
    assert station.end(signal.SIGINT) == 0
    assert time.monotonic() - began < 15
    assert station.told().endswith("Stopped; every line is off.\n")


def test_a_guard_that_cannot_be_reached_at_the_end_is_not_called_off(folder: Path, port: int) -> None:
    (folder / "words").unlink(missing_ok=True)
    station = Supervised(folder, "run", "--data", folder / "data", "--port", port)
    members = station.members()
    os.kill(members["field"], signal.SIGKILL)
    os.kill(members["guard"], signal.SIGKILL)
    station.process.send_signal(signal.SIGTERM)
    assert station.process.wait(30) == 1
    assert "NOT every line is known to be off" in station.told()

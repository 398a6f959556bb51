"""A whole station in real processes on a short-lived folder, for tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldstation.config.load import load
from fieldstation.domain.errors import PeerSilent
from fieldstation.store.record import Record
from fieldstation.wire.client import call
from fieldstation.wire.places import Places
from tests.kit.manners import shared_folder
from tests.kit.phone import Phone

Json = dict[str, Any]


def wait_for(what: Callable[[], Any], within_s: float, why: str) -> Any:
    """The first true answer of `what`; fails with `why` when none comes in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            found = what()
        except (PeerSilent, urllib.error.URLError, OSError):
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within_s:g} s: {why}")


def past(history_days: int) -> Path:
    """A demo's data folder with so many days on record: simulated once for all workers of a run, and copied."""
    from fieldstation.virtual_station.demo_past import prepare

    folder = shared_folder() / f"past-{history_days}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = Places.under(folder.with_suffix(".new"))
            prepare(made, seed=1, history_days=history_days, weather=None, climate="semi_arid_warm")
            made.data.rename(folder)
    return folder


class Demo:
    """The demo station, prepared as `fieldstation demo` does and started process by process."""

    def __init__(self, data: Path, port: int, *, kernel: str = "release", history_days: int = 20) -> None:
        self.places = Places.under(data)
        self.port = port
        shutil.copytree(past(history_days), data)
        self.config = data / "station.toml"
        self.station = load(self.config)
        text = self.config.read_text().replace('kernel = "release"', f'kernel = "{kernel}"')
        self.config.write_text(text)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.log = data / "log"

    def start(self, *names: str) -> None:
        for name in names:
            command = [sys.executable, "-m", "fieldstation", name, *self.options(name)]
            with self.log.open("ab") as log:
                self.children[name] = subprocess.Popen(
                    command, stdout=log, stderr=log, stdin=subprocess.DEVNULL
                )
            if name == "field":
                wait_for(lambda: self.field("state"), 20, "field up")
            elif name == "guard":
                wait_for(lambda: self.guard("status"), 20, "guard up")
            elif name == "controller":
                wait_for(lambda: self.controller("snapshot"), 20, "controller up")
            else:
                wait_for(lambda: self.get("/api/v1/status"), 20, "page up")

    def options(self, name: str) -> list[str]:
        shared = ["--config", str(self.config), "--data", str(self.places.data)]
        return [*shared, "--port", str(self.port)] if name == "page" else shared

    def guard(self, command: str, **values: Any) -> Json:
        return call(self.places.guard_socket, {"verb": command, **values}, 3)

    def controller(self, command: str) -> Json:
        return call(self.places.controller_socket, {"verb": command}, 3)

    def by_hand_alone(self, *zones: str) -> None:
        """Before the controller starts: no automatic watering in these zones. Wet ground alone leaves it to a probe's
        noise whether a station with a dry past behind it waters."""
        record = Record.open(self.places.record, "before")
        try:
            for zone in zones:
                record.set_setting("automatic", zone, False, "a test")
        finally:
            record.close()

    def settled(self) -> None:
        """Wait until every zone was decided and the air was read: without it the frost limit lets no water flow."""

        def ready() -> bool:
            now = self.controller("snapshot")
            return now["air"]["t_c"] is not None and all(zone["decision"] for zone in now["zones"])

        wait_for(ready, 60, "decisions, and the air")

    def field(self, do: str, **values: Any) -> Json:
        return call(self.places.field_socket, {"do": do, **values}, 5)

    def relays_on(self) -> list[str]:
        """What the relays themselves do, asked of the world and not of the guard."""
        return [name for name, on in self.field("state")["lines"].items() if on]

    def get(self, path: str) -> Json:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            found: Json = json.load(answer)
        return found

    def post(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Json]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=b"", headers=headers or {}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def technician(self) -> Phone:
        """A phone in the hands of whoever set the station up."""
        phone = Phone(f"http://127.0.0.1:{self.port}")
        wait_for(self.places.setup_code.exists, 20, "a set-up code")
        code, text = phone.set_up(self.places.setup_code)
        assert code == 200, text
        return phone

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        child = self.children.pop(name)
        os.kill(child.pid, number)
        child.wait(15)

    def close(self) -> None:
        for name in ("page", "controller", "guard", "field"):
            child = self.children.get(name)
            if child is not None and child.poll() is None:
                child.terminate()
                try:
                    child.wait(12)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port

"""What is missing on a machine is read in the journal and on the page, and a stderr that nobody reads stops no guard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fieldstation.wire.client import call
from fieldstation.wire.places import Places
from tests.kit.station import free_port, wait_for

WITHIN_S = 10.0
EXAMPLE = Path("fieldstation/config/example.toml")
MISSING = "lgpio is missing"
DO = "install with: pip install 'fieldstation[pi]'"

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Starts a process of the station on a machine without lgpio, its stderr in a file or where the test says."""
    (tmp_path / "lgpio.py").write_text("raise ImportError(\"No module named 'lgpio'\")\n")
    config = tmp_path / "station.toml"
    config.write_text((request.config.rootpath / EXAMPLE).read_text())
    begun: list[subprocess.Popen[bytes]] = []

    def begin(name: str, *more: str, stderr: int | None = None) -> subprocess.Popen[bytes]:
        shared = ["--config", str(config), "--data", str(tmp_path)]
        with (tmp_path / f"{name}.err").open("wb") as file:
            begun.append(
                subprocess.Popen(
                    [sys.executable, "-m", "fieldstation", name, *shared, *more],
                    stdin=subprocess.DEVNULL,
                    stderr=file if stderr is None else stderr,
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": f"{tmp_path}:{request.config.rootpath}"},
                )
            )
        return begun[-1]

    yield begin
    for child in reversed(begun):
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@pytest.mark.slow
def test_the_technician_reads_that_lgpio_is_missing(start: Start, tmp_path: Path) -> None:
    port = free_port()
    start("page", "--port", str(port))
    wait_for(lambda: read(port, "/api/v1/status"), 30, "the page is up")
    guard, begun_s = start("guard"), time.monotonic()
    start("controller")

    def told() -> list[dict[str, Any]]:
        return [
            one for one in json.loads(read(port, "/api/v1/alerts"))["open"] if one["code"] == "sensor_bad"
        ]

    wait_for(lambda: len(told()) == 5, WITHIN_S, "every sensor's alert")
    took_s = time.monotonic() - begun_s
    assert took_s < WITHIN_S
    assert all(MISSING in one["values"]["detail"] and DO in one["values"]["detail"] for one in told())
    html = read(port, "/alerts")
    assert html.count(MISSING) == 5, "below the farmer's sentence of each"
    assert "Sensor north_soil: the probe does not answer." in html
    journal = (tmp_path / "controller.err").read_text().splitlines()
    lost = [line for line in journal if "sensor_bad" in line]
    assert len(lost) == 5, "once each"
    assert all(MISSING in line and DO in line for line in lost)
    assert guard.wait(15) == 2
    assert MISSING in (tmp_path / "guard.err").read_text()


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return bytes(answer.read()).decode()


@pytest.mark.slow
def test_a_guard_whose_stderr_is_full_ticks_and_stops(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "station.toml"
    text = config.read_text().replace('pins = "pi"', 'pins = "simulated"')
    config.write_text(text + "\n[field]\nseed = 1\n")
    places = Places.under(tmp_path)
    start("field")
    wait_for(lambda: call(places.field_socket, {"do": "state"}, 3), 30, "the field is up")
    out, into = os.pipe()
    os.set_blocking(into, False)
    with suppress(BlockingIOError):
        while True:
            os.write(into, b"x" * 4096)
    os.set_blocking(into, True)
    guard = start("guard", "--ledger", str(tmp_path / "ledger"), stderr=into)

    def tell(command: str, **values: Any) -> dict[str, Any]:
        return call(places.guard_socket, {"verb": command, **values}, 3)

    wait_for(lambda: tell("status"), 30, "the guard is up")
    for _ in range(200):
        assert tell("stop", by="a test")["stopped"] is True
    assert tell("status")["tick_late_p99_s"] < 0.5, "no tick waited for a reader"
    assert tell("resume") is not None
    os.set_blocking(out, False)
    with suppress(BlockingIOError):
        while True:
            os.read(out, 65536)
    os.set_blocking(out, True)
    guard.terminate()
    guard.wait(15)
    os.close(into)
    with os.fdopen(out, "rb") as left:
        lines = left.read().decode().splitlines()
    assert any("log_lines_lost lines=" in line for line in lines), "it says that it could not speak"
    assert " guard: stopped " in lines[-1]

"""The process itself: it starts, keeps its state, and says what is wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.domain.errors import PeerSilent
from fieldstation.simulator.commands import order
from fieldstation.wire.places import Places

PROGRAM = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from fieldstation.config.load import load
from fieldstation.domain.errors import StationError
from fieldstation.simulator.main import main
from fieldstation.simulation.generator import generate
from fieldstation.wire.places import Places
folder = Path(sys.argv[1])
first = (datetime.now(UTC) - timedelta(days=3)).date()
try:
    sys.exit(main(
        load(folder / "station.toml"), Places.under(folder), generate("semi_arid_warm", 1, first, 30, 14.5),
        seed=1, kernel="release", state=folder / "field.json", manual="manual" in sys.argv,
    ))
except StationError as error:
    sys.exit(str(error))
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    (tmp_path / "station.toml").write_text(demo_toml(planted_on=date(2026, 2, 1), seed=1))
    started = []

    def one(*words: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(tmp_path), *words], stderr=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    assert process.stderr.readline().endswith(" field: ready\n")


def ended(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    text = process.stderr.read()
    assert process.wait(10) == 1
    return text


@pytest.mark.slow
def test_a_stopped_field_goes_on_where_it_was(start: Start, tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    process = start("manual")
    ready(process)
    order(places, "wet", "north")
    before = order(places, "advance", "7200")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    with pytest.raises(PeerSilent):
        order(places, "state")
    process = start("manual")
    ready(process)
    after = order(places, "state")
    for zone, was in before[
        "zones"
    ].items():  # the day of the season is the clock's, the rest is the ground's
        for key in ("layers_mm", "pond_mm", "yield_t_ha", "stress_days", "irrigation_mm", "rain_mm"):
            assert after["zones"][zone][key] == was[key]
    assert after["pumps"] == before["pumps"]


@pytest.mark.slow
def test_a_second_field_is_told_to_stay_away(start: Start) -> None:
    ready(start())
    assert "another field is already running on this folder; stop it first" in ended(start())


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "{", "[]", '{"plots": {}}', "\x00\x01"])
def test_a_damaged_state_is_named_and_not_guessed(start: Start, tmp_path: Path, text: str) -> None:
    (tmp_path / "field.json").write_text(text)
    said = ended(start())
    assert "field.json: is no state of this field" in said
    assert "remove it to begin anew" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_an_idle_field_is_small_and_nearly_asleep(start: Start, tmp_path: Path) -> None:
    process = start()
    ready(process)
    began = _cpu_s(process.pid)
    time.sleep(3)
    assert (_cpu_s(process.pid) - began) / 3 < 0.03
    status = Path(f"/proc/{process.pid}/smaps_rollup")
    if not status.exists():
        pytest.skip("this kernel tells no PSS")
    pss_kb = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("Pss:"))
    assert pss_kb < 40_000
    assert json.loads(json.dumps(order(Places.under(tmp_path), "state")))["ok"] is True


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100

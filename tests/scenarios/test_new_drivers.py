"""`fieldstation run` with sensors that no other code names, and with one whose driver is broken."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.wire.client import call
from fieldstation.wire.places import Places
from tests.kit.station import free_port, wait_for

pytestmark = pytest.mark.slow

PROBE = """
[sensor.{zone}_soil]
driver = "capacitive_soil_ads1115"
channel = {channel}
zone = "{zone}"
depth_m = 0.15
calibration = [[1.00, 0.50], [1.45, 0.35], [1.95, 0.22], [2.40, 0.12], [2.90, 0.02]]
"""
SENSORS = f"""
[sensor.mast]
driver = "sht31"
{PROBE.format(zone="north", channel=0)}
{PROBE.format(zone="south", channel=3)}
[sensor.rain]
driver = "half_written"
pin = 25

"""


class Running:
    """The whole station as one command."""

    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder / "data")
        self.places.data.mkdir()
        (folder / "half_written.py").write_text("MEASURES = (\n")
        (folder / "sitecustomize.py").write_text(
            f"import fieldstation.drivers as d; d.__path__.append({str(folder)!r})"
        )
        demo = demo_toml(planted_on=date(2026, 8, 1), seed=1)
        begin, end = demo.index("[sensor."), demo.index("[sampling]")
        config = folder / "station.toml"
        config.write_text(demo[:begin] + SENSORS + demo[end:])
        shared = ["--config", str(config), "--data", str(self.places.data)]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        command = [sys.executable, "-m", "fieldstation"]
        subprocess.run([*command, "guard", "--first-ledger", *shared], check=True, env=environment)
        self.port = free_port()
        run = [*command, "run", *shared, "--port", str(self.port)]
        self.child = subprocess.Popen(run, env=environment, stdout=subprocess.DEVNULL)

    def snapshot(self) -> dict[str, Any]:
        return call(self.places.controller_socket, {"verb": "snapshot"}, 3)

    def sensors_told(self) -> dict[str, str]:
        """The cause that each alert of a sensor tells."""
        return {
            alert["values"]["sensor"]: alert["values"].get("detail", "")
            for alert in self.snapshot()["alerts"]
            if alert["code"] == "sensor_bad"
        }

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            text: str = answer.read().decode()
        return text

    def field(self, do: str, **values: Any) -> dict[str, Any]:
        return call(self.places.field_socket, {"do": do, **values}, 5)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    station = Running(tmp_path)
    yield station
    station.child.terminate()
    station.child.wait(30)


def test_new_sensors_live_and_a_broken_one_is_told_with_its_cause(running: Running) -> None:
    def whole() -> dict[str, Any] | None:
        now = running.snapshot()
        probes = [probe for zone in now["zones"] for probe in zone["probes"]]
        heard = now["air"]["t_c"] is not None and all(probe["value"] is not None for probe in probes)
        return now if probes and heard else None

    now = wait_for(whole, 60, "every sensor is read")
    air = running.field("state")["air"]
    assert now["air"]["t_c"] == pytest.approx(air["t_c"], abs=1.0)
    assert now["air"]["rh_frac"] == pytest.approx(air["rh_frac"], abs=0.05)
    truth = running.field("state")["zones"]
    for zone in now["zones"]:
        (probe,) = zone["probes"]
        assert probe["value"] == pytest.approx(truth[zone["id"]]["soil_water_frac"][0], abs=0.06)
    told = running.sensors_told()
    assert list(told) == ["rain"]
    assert "drivers/half_written.py is broken: SyntaxError" in told["rain"]
    log = (running.places.data / "log").read_text()
    assert log.count("driver_broken sensor=rain driver=half_written") == 1
    assert 'half_written.py", line 1' in log, "its traceback stands below"
    assert call(running.places.guard_socket, {"verb": "status"}, 3)["lines"], "the guard lives"
    wait_for(lambda: "sensor_bad" in running.page("/api/v1/status"), 60, "the page lives and tells it")

    running.field("fault", name="unplug", target="mast")
    told = wait_for(lambda: (t := running.sensors_told()) and "mast" in t and t, 40, "the mast is missed")
    assert told["mast"] == "no device answers at 0x44 on I2C bus 1"

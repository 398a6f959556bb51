"""What a machine lacks is told cause by cause, without touching a pin."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fieldstation.config.load import resolve
from fieldstation.drivers.pins.this_machine import lacking
from tests.kit.controller_bench import HandClock

STATION = resolve((files("fieldstation") / "config" / "example.toml").read_text(), "example")


def test_a_machine_with_nothing(tmp_path: Path) -> None:
    found = lacking(STATION.sensors, HandClock(), tmp_path, lambda name: False)
    assert found[0] == "lgpio is missing; install with: pip install 'fieldstation[pi]'"
    assert found[1].startswith("gpiod is missing; install with:")
    assert found[2] == f"there is no GPIO chip in {tmp_path}: this is no Raspberry Pi"
    assert [one for one in found if one.startswith("SPI is not enabled:")] == found[3:], (
        "once for all its probes"
    )
    assert len(found) == 4


def test_a_machine_with_all_of_it(tmp_path: Path) -> None:
    for name in ("gpiochip0", "spidev0.0"):
        (tmp_path / name).touch()
    assert lacking(STATION.sensors, HandClock(), tmp_path, lambda name: True) == []


def test_a_bus_that_this_user_may_not_open(tmp_path: Path) -> None:
    (tmp_path / "gpiochip0").touch()
    (tmp_path / "spidev0.0").mkdir()  # opening it fails for every user, root too
    (told,) = lacking(STATION.sensors, HandClock(), tmp_path, lambda name: True)
    assert told.startswith(f"{tmp_path}/spidev0.0 cannot be opened:")

"""`fieldstation check`: the station, or every error at once."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from fieldstation.config.demo import demo_toml
from tests.kit.commands import fieldstation, refused

pytestmark = pytest.mark.slow
EXAMPLE = (files("fieldstation") / "config" / "example.toml").read_text()


def test_the_shipped_example_is_right(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text(EXAMPLE)
    done = fieldstation("check", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "zone" in done.stdout


def test_what_this_machine_lacks_is_a_note_and_no_error(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text(EXAMPLE)
    done = fieldstation("check", file)
    assert done.returncode == 0
    real = list(Path("/dev").glob("gpiochip*"))
    assert ("note: on this machine there is no GPIO chip in /dev" in done.stdout) is not bool(real)
    file.write_text(demo_toml(planted_on=date(2026, 9, 1), seed=1))
    assert "note:" not in fieldstation("check", file).stdout, "simulated pins need nothing of it"


def test_every_error_is_told_at_once_with_place_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    text = EXAMPLE.replace("latitude_deg = ", "latitude_deg = 9").replace("longest_run_s", "longest_runs", 1)
    pins = [line for line in text.splitlines() if line.startswith("stop_button")]
    assert pins
    text = text.replace(pins[0], 'stop_button = { driver = "stop_buton", pin = 17 }')
    file.write_text(text)
    done = fieldstation("check", file)
    assert done.returncode == 1
    assert "latitude_deg" in done.stdout
    assert "longest_runs" in done.stdout
    assert "longest_run_s" in done.stdout
    assert "stop_button" in done.stdout
    assert int(done.stdout.splitlines()[-1].split()[0]) == len(done.stdout.splitlines()) - 1 >= 3


def test_files_that_are_none(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.toml"
    rubbish.write_bytes(b"\xff\xfe\x00[station")
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    for file in (rubbish, empty, tmp_path / "absent.toml", tmp_path):
        done = fieldstation("check", file)
        assert done.returncode == 1, done.stderr
        assert file.name in done.stdout
    refused(fieldstation("guard", "--config", rubbish, "--data", tmp_path / "data"), "rubbish.toml")
    assert not (tmp_path / "data").exists()


def test_a_broken_driver_is_told_with_its_cause_and_the_rest_of_the_station(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def (")
    (tmp_path / "sitecustomize.py").write_text(
        f"import fieldstation.drivers as d; d.__path__.append({str(tmp_path)!r})"
    )
    file = tmp_path / "station.toml"
    file.write_text(EXAMPLE.replace('driver = "dht22"', 'driver = "bad"'))
    done = fieldstation("check", file, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "zone.north" in done.stdout
    assert "[sensor.air]: drivers/bad.py is broken: SyntaxError: invalid syntax in line 1;" in done.stdout
    assert done.stdout.endswith("1 to mend.\n")

"""Folders, ports, files and second instances that a station finds in its way."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from fieldstation.store.schema import APPLICATION_ID
from tests.kit.commands import fieldstation, refused
from tests.kit.station import free_port

pytestmark = pytest.mark.slow


def test_a_busy_port_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(fieldstation("demo", "--port", port, "--data", tmp_path / "data"), str(port), "--port")
        assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0x50", "99999", "-1"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    refused(fieldstation("demo", f"--port={port}", "--data", tmp_path / "data"), port)


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_that_is_not_ours_is_named(data: Path, host: str) -> None:
    refused(fieldstation("page", "--data", data, "--host", host, "--port", free_port()), host)
    refused(fieldstation("demo", "--data", data / "new", "--host", host, "--port", free_port()), host)
    assert not (data / "new").exists()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    refused(fieldstation("demo", "--port", free_port(), "--data", tmp_path), str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_written(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for command in ("demo", "guard", "controller", "run"):
        config = ["--port", free_port()] if command == "demo" else ["--config", data / "station.toml"]
        refused(fieldstation(command, *config, "--data", file / "inside"), str(file))
    if os.geteuid() != 0:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        refused(fieldstation("demo", "--port", free_port(), "--data", locked / "inside"), str(locked))


def test_a_missing_configuration_is_named(tmp_path: Path) -> None:
    for command in ("guard", "controller", "page", "plan", "run"):
        refused(fieldstation(command, "--data", tmp_path, "--config", tmp_path / "no.toml"), "no.toml")


def test_a_new_ledger_counts_today_as_given_and_a_first_one_does_not(data: Path) -> None:
    (data / "ledger").unlink()
    told = fieldstation("guard", "--data", data, "--first-ledger")
    assert "today's water counted as given" in told.stdout, "there is a record: it may have watered today"
    assert fieldstation("guard", "--data", data, "--new-ledger").returncode == 0
    assert (data / "ledger.set-aside-1").exists()
    for path in [data / "ledger", *data.glob("record.db*")]:
        path.unlink()
    told = fieldstation("guard", "--data", data, "--first-ledger")
    assert "counted as given" not in told.stdout, told.stdout


def test_a_record_of_another_program_is_left_alone(data: Path) -> None:
    for path in data.glob("record.db*"):
        path.unlink()
    with sqlite3.connect(data / "record.db") as other:
        other.execute("CREATE TABLE thesis (page TEXT)")
        other.execute("INSERT INTO thesis VALUES ('years of work')")
    other.close()
    before = (data / "record.db").read_bytes()
    refused(fieldstation("controller", "--data", data), "another program")
    refused(fieldstation("plan", "--data", data), "another program")
    assert (data / "record.db").read_bytes() == before


def test_a_record_of_a_newer_release_is_left_alone(data: Path) -> None:
    with sqlite3.connect(data / "record.db") as newer:
        newer.execute("PRAGMA user_version = 999")
        assert newer.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    newer.close()
    refused(fieldstation("controller", "--data", data), "newer release", "999")
    refused(fieldstation("plan", "--data", data), "newer release")


def test_stop_and_resume_without_a_guard_are_not_claimed(tmp_path: Path) -> None:
    done = fieldstation("stop", "--data", tmp_path)
    assert done.returncode == 1
    assert "NOT confirmed" in done.stdout
    assert "power" in done.stdout
    done = fieldstation("resume", "--data", tmp_path)
    assert done.returncode == 1
    assert "Not resumed" in done.stdout


def test_an_order_to_a_field_that_is_not_there(tmp_path: Path) -> None:
    refused(fieldstation("field", "state", "--data", tmp_path), "field")


def test_a_missing_or_damaged_model_is_named_and_nothing_is_forecast(data: Path, tmp_path: Path) -> None:
    done = fieldstation("plan", "--data", data)
    assert done.returncode == 0
    assert "of the available water is gone" in done.stdout
    done = fieldstation("plan", "--data", data, "--models", tmp_path)
    assert "No forecast (model_" in done.stdout
    assert str(tmp_path) in done.stdout

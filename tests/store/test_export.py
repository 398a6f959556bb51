from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.people import Role, Scope
from fieldstation.domain.reading import Quality
from fieldstation.store.codec import decode
from fieldstation.store.reader import RecordError, Trouble
from fieldstation.store.record import Record
from fieldstation.store.upkeep.export import export
from tests.kit.rows import at, decision, reading, run


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline="")))


def test_everything_is_in_the_zip(path: Path, record: Record) -> None:
    bad = reading(at(), None, "other", quality=Quality.STUCK, mono_s=60.0)
    record.add_round(at(), 60.0, True, [reading(at(), 0.25, raw=1.5, mono_s=60.0), bad])
    record.flush()
    record.roll_up(ZoneInfo("UTC"))
    record.add_run(run(at()), 6.0)
    record.add_decision(decision(at()))
    record.add_event(Event("x", at(), True, None, {"by": 'someone, "quoted"\nand more'}))
    target = path.parent / "export.zip"
    assert export(path, target) == target.stat().st_size
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        good, stuck = table(archive, "readings.csv")
        assert good == {
            "at": "2026-05-02T04:00:00.000Z",
            "trusted": "1",
            "boot": "boot-a",
            "mono_s": "60.0",
            "sensor": "probe",
            "quantity": "soil_water",
            "value": "0.25",
            "unit": "m3/m3",
            "quality": "good",
            "raw": "1.5",
        }
        assert (stuck["value"], stuck["quality"]) == ("", "stuck")
        assert table(archive, "hourly.csv")[0]["n"] == "1"
        assert table(archive, "daily.csv")[0]["on"] == "2026-05-02"
        assert table(archive, "runs.csv")[0]["litres"] == "600.0"
        assert table(archive, "runs.csv")[0]["ended_at"] == "2026-05-02T04:00:00.000Z"
        assert decode(Decision, table(archive, "decisions.csv")[0]["body"]) == decision(at())
        assert table(archive, "events.csv")[0]["code"] == "x"
        assert b"UTC" in archive.read("README.txt")


def test_who_did_what_is_in_the_zip_and_no_secret_is(path: Path, record: Record) -> None:
    with record.people() as people:
        people.add_account("Ana", Role.TECHNICIAN, "$argon2id$kept")
        people.add_token("pump", (Scope.READ,), "f" * 64, "Ana")
        people.add_audit("Ana", "token_added", None, {"name": "pump", "scopes": "read"})
    record.set_setting("webhook_url", None, "https://user:pass@hooks.example", "Ana")
    export(path, path.parent / "export.zip")
    with zipfile.ZipFile(path.parent / "export.zip") as archive:
        audit_log = table(archive, "audit.csv")
        assert {"calibrations.csv", "commissioning.csv"} <= set(archive.namelist())
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert [(row["who"], row["what"]) for row in audit_log] == [("Ana", "token_added"), ("Ana", "setting")]
    assert audit_log[0]["at"].endswith("Z")
    for secret in (b"argon2id", b"f" * 64, b"user:pass"):
        assert secret not in everything


def test_no_text_is_a_formula(path: Path, record: Record) -> None:
    for zone in ("=cmd()", "+1", "-1", "@x", "north"):
        record.add_event(Event("x", at(), True, zone))
    export(path, path.parent / "export.zip")
    with zipfile.ZipFile(path.parent / "export.zip") as archive:
        zones = [row["zone"] for row in table(archive, "events.csv")]
    assert zones == ["'=cmd()", "'+1", "'-1", "'@x", "north"]


def test_an_export_that_fails_leaves_no_half_file(path: Path, record: Record) -> None:
    target = path.parent / "export.zip"
    record._connection.execute("INSERT INTO boot VALUES (1, 'b')")
    record._connection.execute("INSERT INTO round VALUES (1, 0, 0.0, 1, 1, '[[99,0.2]]')")
    with pytest.raises(RecordError) as caught:
        export(path, target)
    assert caught.value.code is Trouble.CORRUPT
    with pytest.raises(RecordError):
        export(path, path.parent / "no such folder" / "export.zip")
    assert list(path.parent.glob("*.zip*")) == []

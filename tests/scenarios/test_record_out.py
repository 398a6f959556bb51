"""The whole record through real processes: taken along while STOP stays quick, then erased, and the station goes on."""

from __future__ import annotations

import io
import re
import secrets
import socket
import sqlite3
import time
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from fieldstation.page.main import THREADS
from fieldstation.store.reader import Reader
from tests.kit.phone import Phone
from tests.kit.records import newest_round
from tests.kit.station import Demo, wait_for

pytestmark = pytest.mark.slow
Make = Callable[..., Demo]
STOP_WITHIN_S = 2.0
"""What the page's own deadline for the guard's answer allows."""


def grown(station: Demo, rows: int) -> None:
    """So much on record that writing it out takes seconds, of what no zip makes small."""
    with sqlite3.connect(station.places.record) as connection:
        connection.execute("INSERT OR IGNORE INTO boot (boot_id) VALUES ('long ago')")
        (boot,) = connection.execute("SELECT id FROM boot WHERE boot_id = 'long ago'").fetchone()
        connection.executemany(
            "INSERT INTO event (at, mono_s, boot, trusted, code, zone, body) VALUES (?, 0, ?, 1, 'x', NULL, ?)",
            ((1_600_000_000_000 + n, boot, f'{{"by":"{secrets.token_hex(40)}"}}') for n in range(rows)),
        )


def stop_s(station: Demo) -> float:
    """How long a STOP takes from the phone and back, answered by the guard."""
    began = time.monotonic()
    code, answer = station.post("/api/v1/stop")
    assert (code, answer["stopped"]) == (200, True)
    return time.monotonic() - began


def make_file(phone: Phone) -> None:
    code, text = phone.post("/record/file", "/record")
    assert code == 200
    assert re.search(r"being made|is ready", text)


def cookie(phone: Phone) -> str:
    (jar,) = [one.cookiejar for one in phone._open.__self__.handlers if hasattr(one, "cookiejar")]  # type: ignore[attr-defined]
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def test_stop_is_quick_while_the_record_is_written_and_sent_to_phones_that_do_not_read(demo: Make) -> None:
    station = demo(history_days=2)
    grown(station, 300_000)
    station.start("field", "guard", "controller", "page")
    phone = station.technician()
    make_file(phone)
    during = []
    while "being made" in phone.get("/record")[1]:
        during.append(stop_s(station))
    assert len(during) > 3, "it was over before anybody could press STOP"
    assert max(during) < STOP_WITHIN_S, during
    assert "is ready" in phone.get("/record")[1]

    slow = []
    for _ in range(THREADS + 4):
        line = socket.create_connection(("127.0.0.1", station.port), 5)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ask = (
            f"GET /record/file HTTP/1.1\r\nHost: 127.0.0.1:{station.port}\r\nCookie: {cookie(phone)}\r\n\r\n"
        )
        line.sendall(ask.encode())
        assert line.recv(12) == b"HTTP/1.1 200"
        slow.append(line)
    sending = [stop_s(station) for _ in range(8)]
    assert max(sending) < STOP_WITHIN_S, sending
    with closing(sqlite3.connect(station.places.record, isolation_level=None)) as writer:
        wait_for(
            lambda: writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0,
            10,
            "somebody holds the record open for a slow phone",
        )
    for line in slow:
        line.close()
    request = urllib.request.Request(
        f"http://127.0.0.1:{station.port}/record/file",
        headers={"Cookie": cookie(phone), "Accept-Encoding": "gzip"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] is None, "a zip is squeezed already"
        assert answer.headers["Content-Length"] == str(len(body))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert archive.read("events.csv").count(b"\n") > 300_000


def test_a_page_that_is_killed_leaves_nothing_on_the_disk(demo: Make) -> None:
    station = demo(history_days=2)
    grown(station, 300_000)
    station.start("field", "guard", "controller", "page")
    phone = station.technician()
    before = {path.name for path in station.places.data.iterdir()}
    make_file(phone)
    wait_for(lambda: "made: 0.0 MB" not in phone.get("/record")[1], 20, "some of it is written")
    station.kill("page")
    assert {path.name for path in station.places.data.iterdir()} <= before
    station.start("page")
    assert "being made" not in phone.get("/record")[1]
    make_file(phone)
    wait_for(lambda: "is ready" in phone.get("/record")[1], 60, "it can be made again")


def test_a_wipe_forgets_the_field_and_nothing_of_the_waters_safety(demo: Make) -> None:
    station = demo(history_days=20)
    station.by_hand_alone(*(zone.id for zone in station.station.zones))
    station.start("field", "guard", "controller", "page")
    phone = station.technician()
    station.settled()
    (station.places.models / "own-1").mkdir(parents=True)
    (station.places.models / "own-1" / "left.txt").write_text("learned from this field")
    code, _ = phone.post("/zones/north/water", "/zones/north/water", minutes="1", key=key(phone))
    wait_for(lambda: "pump:main" in station.relays_on(), 15, "water by hand")
    code, text = phone.post("/record/erase", "/record/erase", sure="yes")
    assert code == 409
    assert "Water is running" in text
    station.post("/api/v1/stop")
    wait_for(lambda: not station.relays_on(), 8, "the water is off")
    closed = wait_for(lambda: station.guard("status")["closed"], 8, "the guard has closed the run")
    wait_for(lambda: known(station, closed[-1]["id"]), 20, "the run is on record")
    status, ledger = station.guard("status"), station.places.ledger.read_bytes()
    used = {name: status[name] for name in ("stop_latched", "closed")}
    assert used["stop_latched"] is True

    controller = station.children["controller"]
    began = time.monotonic()
    code, text = phone.post("/record/erase", "/record/erase", sure="yes")
    took_s = time.monotonic() - began
    assert code == 200, text
    assert "The record is erased" in text
    assert controller.wait(10) == 0, "the controller ends in order, to be started anew"
    assert took_s < 5
    assert station.places.ledger.read_bytes() == ledger, "the guard's memory is not the record"
    with Reader(station.places.record) as reader:
        assert [(entry.who, entry.what) for entry in reader.audit()] == [("Ana", "record_wiped")]
        assert (reader.decisions(None, LONG_AGO), reader.plantings(), newest_round(reader)) == ([], [], None)
        assert [run.id for run in reader.runs(None, LONG_AGO)] == [closed[-1]["id"]]
    assert list(station.places.data.glob("*.backup-*")) == []
    assert not station.places.models.exists(), "what was learned from the record goes with it"

    station.start("controller")
    now = station.guard("status")
    assert {name: now[name] for name in used} == used
    wait_for(lambda: all(z["decision"] for z in station.controller("snapshot")["zones"]), 60, "new decisions")
    with Reader(station.places.record) as reader:
        assert [run.id for run in reader.runs(None, LONG_AGO)] == [closed[-1]["id"]], "no run comes back"
    code, text = phone.get("/")
    assert code == 200
    code, text = phone.get("/people")
    assert "erased the record" in text
    assert "set up this station" not in text
    assert phone.post("/resume")[0] == 200
    assert station.guard("status")["stop_latched"] is False


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def key(phone: Phone) -> str:
    found = re.search(r'name="key" value="([^"]+)"', phone.get("/zones/north/water")[1])
    assert found is not None
    return found[1]


def known(station: Demo, run: str) -> bool:
    with Reader(station.places.record) as reader:
        return any(one.id == run for one in reader.runs(None, LONG_AGO))

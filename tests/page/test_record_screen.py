"""The record as a whole on the page: taken along as one file, erased on a plain screen, never half, never by anybody."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fieldstation.domain.decision import Event
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.record import export_job
from fieldstation.page.record.export_job import LEAVE_MB, Made, RecordFile
from fieldstation.page.zone_now import ZoneRecord
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.wire.places import Places
from tests.kit.office import people, signed_in, staffed
from tests.kit.page_bench import NOW, Bench, guard_status
from tests.kit.small_disk import small_disk

pytestmark = pytest.mark.slow

SLOW = (
    sys.executable,
    "-S",
    "-c",
    "import sys, time; sys.stdout.write('half'); sys.stdout.flush(); time.sleep(60)",
)
FAILING = (sys.executable, "-S", "-c", "import sys; sys.exit('record.db: a torn page')")
QUICK = (sys.executable, "-S", "-c", "import sys; sys.stdout.write('z' * 200000)")


@pytest.fixture
def bench() -> Iterator[Bench]:
    with staffed(guard_status(), Tess="technician", Ben="farmer", Vic="viewer") as made:
        yield made
        file(made).forget()


def file(bench: Bench) -> RecordFile:
    found: RecordFile = bench.app.extensions["record_file"]
    return found


def until(what: Callable[[], Any], within_s: float = 30.0) -> Any:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come")


def settled(made: RecordFile) -> Made:
    found: Made = until(lambda: None if made.made().state == "working" else made.made())
    return found


def text(answer: Any) -> str:
    return str(answer.text)


def test_the_record_is_made_shown_and_taken_along(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    assert "The whole record as files" in text(tess.get("/record"))
    assert tess.get("/record/file").status_code == 404
    answer = tess.post("/record/file", data=form)
    assert (answer.status_code, answer.location) == (303, "/record")
    assert settled(file(bench)).state == "ready"
    assert "is ready" in text(tess.get("/record"))
    for _ in range(2):  # browsers ask twice, and connections break
        answer = tess.get("/record/file", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert "Content-Encoding" not in answer.headers
        name = re.fullmatch(
            r'attachment; filename="([a-z0-9-]+)\.zip"', answer.headers["Content-Disposition"]
        )
        assert name is not None
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            assert "readings.csv" in archive.namelist()
    assert list(bench.places.data.glob("tmp*")) == []


def test_it_is_the_technicians(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    tess.post("/record/file", data=form)
    settled(file(bench))
    for name in ("Ben", "Vic"):
        client, marks = signed_in(bench.app, bench.places, name)
        assert client.get("/record").status_code == 403
        assert client.get("/record/file").status_code == 403
        assert client.post("/record/file", data=marks).status_code == 403
        assert client.post("/record/erase", data={**marks, "sure": "yes"}).status_code == 403
    assert bench.client.get("/record/file").status_code == 303


def test_one_is_made_at_a_time_and_says_how_far_it_is(bench: Bench) -> None:
    made = RecordFile(bench.places, SLOW)
    assert made.make().state == "working"
    child = made._child
    until(lambda: made.made().mb > 0)
    assert made.make().state == "working"
    assert made._child is child
    assert made.open() is None
    made.forget()
    assert child is not None
    assert child.wait(5) < 0
    assert made.made() == Made("none")


def test_no_room_is_said_before_anything_is_written(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "free_mb", lambda _: LEAVE_MB - 20)
    tess, form = signed_in(bench.app, bench.places, "Tess")
    tess.post("/record/file", data=form)
    assert file(bench)._child is None
    html = text(tess.get("/record"))
    assert re.search(r"2\d(\.\d)? MB more are needed", html)
    assert 'role="status"' in html
    answer = tess.post("/api/v1/record/file", json={}, headers={"X-CSRF-Token": form["csrf"]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "export_no_room")


def test_a_disk_that_fills_meanwhile_keeps_its_reserve() -> None:
    """The child itself gives up; what it wrote is gone from the disk at once."""
    with small_disk() as folder:
        places = Places.under(folder)
        people(places, Tess="technician")
        made = RecordFile(places)
        made._need_mb = lambda: 0.0  # type: ignore[method-assign] # as if there had been room when it was asked
        made.make()
        assert settled(made).state == "no_room"


@pytest.mark.parametrize(
    ("command", "state", "detail"), [(FAILING, "failed", "record.db: a torn page"), (SLOW, "late", "")]
)
def test_what_goes_wrong_is_said_and_leaves_nothing(
    bench: Bench, command: tuple[str, ...], state: str, detail: str
) -> None:
    made = RecordFile(bench.places, command, deadline_s=1.0)
    made.make()
    found = settled(made)
    assert (found.state, found.detail) == (state, detail)
    assert made.open() is None
    assert made._file is None
    made.make()
    assert made.made().state == "working", "it may be tried again"
    made.forget()


def test_it_is_kept_for_a_while_and_what_is_being_sent_goes_on_to_its_end(bench: Bench) -> None:
    made = RecordFile(bench.places, QUICK, kept_s=0.3)
    made.make()
    assert settled(made).state == "ready"
    sending = made.open()
    assert sending is not None
    assert sending.read(10) == b"z" * 10
    until(lambda: made.made().state == "none")
    assert made.open() is None
    assert len(sending.read()) == 200_000 - 10
    sending.close()


def test_the_room_is_free_again_once_nobody_reads() -> None:
    with small_disk() as folder:
        before = shutil.disk_usage(folder).free
        made = RecordFile(Places.under(folder), QUICK)
        made._need_mb = lambda: 0.0  # type: ignore[method-assign] # the disk is small
        made.make()
        assert settled(made).state == "ready"
        sending = made.open()
        assert sending is not None
        made.forget()
        assert shutil.disk_usage(folder).free < before
        sending.close()
        assert shutil.disk_usage(folder).free == before


def test_the_child_gives_way_to_everything_else(bench: Bench) -> None:
    made = RecordFile(bench.places, SLOW)
    made.make()
    assert made._child is not None
    assert os.getpriority(os.PRIO_PROCESS, made._child.pid) == 15
    made.forget()


def live(bench: Bench) -> None:
    record = Record.open(bench.places.record, "test")
    record.add_event(Event("x", NOW, True, None, {"by": "somebody of before"}))
    record.backup()
    record.close()


def test_the_record_is_erased_and_the_page_forgets_it(bench: Bench) -> None:
    live(bench)
    tess, form = signed_in(bench.app, bench.places, "Tess")
    page = bench.app.extensions["site"]
    tess.get("/plan")
    tess.get("/season")
    shelf, diary = bench.app.extensions["season"], bench.app.extensions["diary"]
    page.source._record = ({"north": ZoneRecord()}, [(NOW, 1.0)], None)
    assert shelf._read is not None
    tess.post("/record/file", data=form)
    settled(file(bench))
    html = text(tess.get("/record/erase"))
    for words in (
        "This is erased",
        "This stays",
        "nightly copies",
        "cannot be undone",
        "ready to be saved first",
    ):
        assert words in html
    answer = tess.post("/record/erase", data={**form, "sure": "yes"})
    assert (answer.status_code, answer.location) == (303, "/record")
    with Reader(bench.places.record) as reader:
        assert [(entry.who, entry.what) for entry in reader.audit()] == [("Tess", "record_wiped")]
    assert list(bench.places.data.glob("*.backup-*")) == []
    assert file(bench).made() == Made("none"), "the file was of the record before"
    assert "The record is erased" in text(tess.get("/record"))
    assert shelf._read is None
    assert diary._at_s == float("-inf")
    assert all(zone.line.rained == [] for zone in page.source.snapshot().zones.values())
    assert "erased the record" in text(tess.get("/people"))
    assert "erased the record" in text(tess.get("/history"))


def test_a_wipe_by_anybody_else_is_noticed_too(bench: Bench) -> None:
    tess, _ = signed_in(bench.app, bench.places, "Tess")
    tess.get("/season")
    shelf = bench.app.extensions["season"]
    assert shelf._read is not None
    record = Record.open(bench.places.record, "test")
    record.wipe("Ana")
    record.close()
    bench.app.extensions["site"].register.forget()
    tess.get("/more")
    assert shelf._read is None


def test_an_old_password_is_asked_for_again(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess", fresh=False)
    for answer in (tess.get("/record/erase"), tess.post("/record/erase", data={**form, "sure": "yes"})):
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")
    with Reader(bench.places.record) as reader:
        assert reader.audit() == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_refused_is_said_and_nothing_is_dropped(bench: Bench, code: str) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    tess.post("/record/file", data=form)
    settled(file(bench))
    words = bench.app.extensions["site"].words
    answer = tess.post(f"/record/erase?lang={code}", data=form)
    with bench.app.test_request_context(f"/?lang={code}"):
        assert answer.status_code == 409
        assert words().say("refused", "not_sure") in text(answer).replace("&#39;", "'")
        for refusal in ("water_runs", "record_read", "controller_silent"):
            bench.controller.answers["wipe_record"] = {"refused": refusal, "values": {}}
            answer = tess.post(f"/record/erase?lang={code}", data={**form, "sure": "yes"})
            assert answer.status_code == 409
            assert words().say("refused", refusal) in text(answer).replace("&#39;", "'")
    assert file(bench).made().state == "ready"


def test_the_api_does_the_same(bench: Bench) -> None:
    tess, form = signed_in(bench.app, bench.places, "Tess")
    marks = {"X-CSRF-Token": form["csrf"]}
    assert tess.get("/api/v1/record").get_json() == {"state": "none", "mb": 0.0, "at": None}
    assert tess.get("/api/v1/record/file").get_json()["code"] == "export_gone"
    assert tess.post("/api/v1/record/file", json={}, headers=marks).get_json()["state"] == "working"
    until(lambda: tess.get("/api/v1/record").get_json()["state"] == "ready")
    with zipfile.ZipFile(io.BytesIO(tess.get("/api/v1/record/file").data)) as archive:
        assert archive.testzip() is None
    no = tess.post("/api/v1/record/erase", json={"sure": False}, headers=marks)
    assert (no.status_code, no.get_json()["code"]) == (409, "not_sure")
    assert tess.post("/api/v1/record/erase", json={"sure": "yes"}, headers=marks).status_code == 422
    assert tess.post("/api/v1/record/erase", json={"sure": True}, headers=marks).get_json() == {"wiped": True}
    assert tess.get("/api/v1/record").get_json()["state"] == "none"

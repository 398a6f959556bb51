"""A page that keeps itself current: contact lost is said, what changed arrives, what a reader does is left alone."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import request

from fieldstation.page.app import create_app
from fieldstation.page.assets import BUILT
from fieldstation.wire.places import Places
from tests.kit.farm import CHROMIUM, Quiet
from tests.kit.page_bench import STATION, guard_status, snapshot, zone
from tests.kit.peers import Peer
from tests.kit.status import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
    pytest.mark.skipif(not (BUILT / "built.json").exists(), reason="nothing is built: make page"),
]


class Served:
    """A station on a port of its own. `hang` lets requests wait as a page process in trouble would."""

    def __init__(self) -> None:
        from werkzeug.serving import make_server

        self.folder = Path(tempfile.mkdtemp(prefix="live-"))
        places = Places.under(self.folder)
        stopped = {"stopped": True, "lines": guard_status()["lines"]}
        self.guard = Peer(places.guard_socket, {"status": guard_status(), "stop": stopped})
        self.controller = Peer(places.controller_socket, {"snapshot": snapshot()})
        self.hang = threading.Event()
        self.through = threading.Event()
        app = create_app(STATION, places)

        @app.before_request
        def wait() -> None:
            if self.hang.is_set() and request.path != "/static":
                self.through.wait(30)

        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.through.set()
        self.server.shutdown()
        self.server.server_close()
        self.guard.close()
        self.controller.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def station() -> Iterator[Served]:
    served = Served()
    yield served
    served.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="en")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("how", ["hangs", "is gone"])
def test_lost_contact_is_said_within_ten_seconds(station: Served, page: Any, how: str) -> None:
    """Ten seconds of the page's own clock: a busy machine lengthens none of them."""
    begin = datetime.now(UTC)
    page.clock.install(time=begin)
    page.goto(station.address)
    page.clock.pause_at(begin + timedelta(minutes=1))
    assert page.locator("#lost").is_hidden()
    if how == "hangs":
        station.hang.set()
    else:
        station.server.shutdown()
        station.server.server_close()
    page.clock.run_for(10_000)
    page.wait_for_selector("#lost:not([hidden])", timeout=60_000)
    assert "No contact with the station since" in page.locator("#lost").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('.page')).opacity") < "1"
    assert page.locator("button.stop").is_visible()
    if how == "hangs":
        station.hang.clear()
        station.through.set()
        page.clock.run_for(10_000)
        page.wait_for_selector("#lost", state="hidden", timeout=60_000)


def test_water_that_begins_is_shown_and_what_a_reader_opened_stays_open(station: Served, page: Any) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(station.address)
    page.locator("summary", has_text="Why?").first.click()
    page.locator("button.stop").focus()
    station.controller.answers["snapshot"] = snapshot(zones=[zone("north", verdict="too_wet"), zone("south")])
    station.guard.answers["status"] = guard_status(runs=[run()])
    page.wait_for_selector(".dock.running", timeout=10_000)
    assert "Too wet" in page.locator("main").inner_text()
    assert page.locator("details[open]").count() == 1
    assert page.evaluate("document.activeElement.className") == "stop"
    assert errors == []


def test_nothing_new_costs_next_to_nothing(station: Served, page: Any) -> None:
    page.goto(station.address)
    answers: list[tuple[int, str]] = []
    page.on(
        "response", lambda answer: answers.append((answer.status, answer.url.removeprefix(station.address)))
    )
    page.wait_for_event(
        "response", lambda answer: answer.url == station.address and answer.status == 304, timeout=40_000
    )  # the second time where a minute has just begun
    pulses = [status for status, path in answers if path == "pulse"]
    assert len(pulses) >= 3
    assert set(pulses) == {204}


def seen(page: Any, *, hidden: bool) -> None:
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_a_hidden_page_asks_nothing(station: Served, page: Any) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/pulse")):
        page.goto(station.address)
    seen(page, hidden=True)
    asked: list[str] = []  # by the page: what the browser wants for itself, such as an icon, is "other"
    page.on("request", lambda sent: asked.append(sent.url) if sent.resource_type != "other" else None)
    before = time.monotonic()
    page.wait_for_timeout(6_000)  # longer than a pulse: that nothing is asked has no event to wait for
    assert time.monotonic() - before >= 5
    assert asked == []
    with page.expect_request(lambda sent: sent.url.endswith("/pulse")):
        seen(page, hidden=False)
    assert asked[:1] == [f"{station.address}pulse"]


def test_stop_works_without_script(station: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(station.address)
    assert page.locator("main").is_visible()
    station.guard.answers["status"] = guard_status(stop_latched=True)
    page.locator("button.stop").click()
    assert "Stopped" in page.locator(".dock").inner_text()
    assert "stop" in [message["verb"] for message in station.guard.asked]
    dock = page.locator(".dock").bounding_box()
    assert dock is not None
    assert dock["height"] < 320, "half a small screen is left to read"
    stop = page.locator("button.stop").bounding_box()
    assert stop is not None
    assert stop["height"] >= 64
    context.close()


def test_a_phone_with_another_clock_is_told(station: Served, page: Any) -> None:
    page.add_init_script(
        "const now = Date.now.bind(Date); const D = Date; window.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(now() - 600000) } static now() { return now() - 600000 } };"
    )
    page.goto(station.address)
    page.wait_for_selector("#apart:not([hidden])", timeout=10_000)
    assert "10 minutes apart" in page.locator("#apart").inner_text()

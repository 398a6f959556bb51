"""Every screen at 320 px in a language that needs two fifths more room, and from right to left: nothing is cut off."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from fieldstation.page.app import create_app
from tests.kit.farm import CHROMIUM, FLAGS, Quiet
from tests.kit.office import people, signed_in
from tests.kit.page_bench import NOW, STATION, guard_status, snapshot, z, zone
from tests.kit.past_station import Field
from tests.kit.peers import Peer
from tests.kit.status import run

PATHS = (
    "/",
    "/history",
    "/plan",
    "/more",
    "/alerts",
    "/zones",
    "/zones/north",
    "/zones/north/requests",
    "/zones/north/water",
    "/settings",
    "/people",
    "/record",
    "/record/erase",
    "/about",
    "/calibration",
    "/calibration/north_soil",
    "/calibration/flow",
    "/commissioning",
)
BEYOND = """
[...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && box.width > 1 && !one.closest("svg, .skip, .wide, .u-wrap, .uplot")
    && (box.right > innerWidth + 1 || box.left < -1);
}).map((one) => one.tagName + "." + one.className + " " + one.textContent.trim().slice(0, 40)).slice(0, 4)
"""
"""What stands outside of the screen and not in a part that scrolls by itself."""


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def station() -> Iterator[tuple[str, dict[str, str]]]:
    """An address and the session of a technician: two zones, days of readings, a problem, water that runs."""
    folder = Path(tempfile.mkdtemp(prefix="wide-"))
    field = Field(folder)
    field.hours(range(60))
    field.run(5.0)
    people(field.places, Anna="technician")
    trouble = {
        "code": "sensor_bad",
        "zone": None,
        "since": z(NOW),
        "values": {"sensor": "south_soil", "quality": "no_answer"},
    }
    soon = {"at": z(NOW + timedelta(minutes=40)), "minutes": 25, "certain": True}
    zones = [zone("north", room_mm=10.0), zone("south", room_mm=10.0, verdict="needs_water", next_run=soon)]
    peers = [
        Peer(field.places.guard_socket, {"status": guard_status(runs=[run()])}),
        Peer(field.places.controller_socket, {"snapshot": snapshot(zones=zones, alerts=[trouble])}),
    ]
    app = create_app(STATION, field.places)
    client, _ = signed_in(app, field.places, "Anna")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", {cookie.key: cookie.value}
    server.shutdown()
    thread.join(5)
    for peer in peers:
        peer.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("language", ["xx", "ar"])
def test_nothing_is_cut_off_at_320_px(
    station: tuple[str, dict[str, str]], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    monkeypatch.setenv("FIELDSTATION_PSEUDO", "1")
    address, session = station
    wrong = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        context = browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies(
            [
                {"name": name, "value": value, "url": address}
                for name, value in {**session, "language": language}.items()
            ]
        )
        page = context.new_page()
        for path in PATHS:
            answer = page.goto(address + path)
            assert answer is not None
            said = page.inner_text("body")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            beyond = page.evaluate(BEYOND)
            spoken = (
                "·····" in said
                if language == "xx"
                else page.evaluate("document.documentElement.dir") == "rtl"
            )
            if answer.status != 200 or sideways > 0 or beyond or not spoken:
                wrong.append((path, answer.status, sideways, beyond, spoken))
        browser.close()
    assert wrong == []

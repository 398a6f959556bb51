"""A demo station in real processes and a phone to look at it: by a `.local` name, as phones see it.

127.0.0.1 would count as a secure context and hide what a phone on the farm's Wi-Fi may not use.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler

from fieldstation.page.assets import BUILT
from tests.kit.station import Demo, free_port, wait_for

CHROMIUM = Path("/usr/bin/chromium")
NAME = "station.local"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
)
PHONE = {"width": 360, "height": 740}
OWNER, PASSWORD = "Ana", "water in the morning"
DEEPER = (
    "/zones/north",
    "/zones/north/requests",
    "/zones/north/water",
    "/calibration/north_soil",
    "/calibration/flow",
    "/season/planting",
    "/history/season",
    "/record/erase",
)
"""Screens that neither the navigation nor More leads to at once."""
marks = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium: apt install chromium"),
    pytest.mark.skipif(not (BUILT / "built.json").exists(), reason="nothing is built: make page"),
]


class Farm:
    """A station that runs, and browsers upon it."""

    def __init__(self, demo: Demo, browser: Any) -> None:
        self.demo, self.browser = demo, browser
        self.address = f"http://{NAME}:{demo.port}"
        self.code = wait_for(
            lambda: demo.places.setup_code.exists() and demo.places.setup_code.read_text().strip(),
            20,
            "a set-up code",
        )
        self.session: list[Any] = []
        self.strangers: list[str] = []  # what was asked of anybody but the station
        self.said: list[str] = []  # errors in the console

    @contextmanager
    def phone(
        self, *, script: bool = True, language: str = "en", theme: str = "day", **more: Any
    ) -> Iterator[Any]:
        """A page of a phone that nobody has used yet."""
        context = self.browser.new_context(
            viewport=more.pop("viewport", PHONE), java_script_enabled=script, locale=language, **more
        )
        context.add_cookies([{"name": "theme", "value": theme, "url": self.address}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("request", lambda sent: self._heard(sent.url))
        page.on("console", lambda told: self.said.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        try:
            yield page
        finally:
            context.close()

    def _heard(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "about:")):
            self.strangers.append(url)

    def set_up(self, page: Any, name: str = OWNER) -> None:
        """The newcomer's way in, or the known one's when the code is gone."""
        if self.session and name == OWNER:
            page.context.add_cookies(
                self.session
            )  # signing in anew for each test would meet the limit on guesses
            return
        way = "set-up" if self.demo.places.setup_code.exists() else "sign-in"
        page.goto(f"{self.address}/{way}")
        if way == "set-up":
            page.fill("[name=code]", self.code)
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main button.main")
        page.wait_for_url(lambda url: not url.partition("?")[0].endswith(("/set-up", "/sign-in")))
        self.remember(page, name)

    def remember(self, page: Any, name: str = OWNER) -> None:
        """Keep the owner's session for later phones."""
        if name == OWNER:
            mine = [one for one in page.context.cookies() if one["name"] not in ("language", "theme")]
            self.session = mine


@contextmanager
def farm(*, wet: bool = False, on: Path | None = None) -> Iterator[Farm]:
    """Guard, controller and page over a simulated field; ended with everything it started. `on`: a disk of their own."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install -e '.[dev]'")
    folder = Path(tempfile.mkdtemp(prefix="farm-", dir=on))
    demo = Demo(folder / "data", free_port())
    text = demo.config.read_text()
    demo.config.write_text(text.replace("[station]\n", f'[station]\npage_names = ["{NAME}"]\n', 1))
    try:
        demo.start("field")
        if wet:
            demo.by_hand_alone("south")
            for zone in demo.station.zones:
                demo.field("wet", zone=zone.id)
        demo.start("guard", "controller", "page")
        demo.settled()
        with sync_api.sync_playwright() as play:
            browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
            yield Farm(demo, browser)
            browser.close()
    finally:
        demo.close()
        shutil.rmtree(folder, ignore_errors=True)


def paths(page: Any, here: Farm) -> list[str]:
    """Every screen that the navigation and More lead to."""
    found = ["/"]
    for start in ("/", "/more"):
        page.goto(here.address + start)
        links = page.eval_on_selector_all(".nav a, .ways a", "all => all.map(a => a.getAttribute('href'))")
        found += [link.partition("?")[0] for link in links if link.startswith("/")]
    return list(dict.fromkeys(found))


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        return

"""Every figure of the page by one command: each screen over ten years; weight, paint, twenty phones and memory of a demo.

    nice -n 5 .venv/bin/python -m tests.benchmarks.figures

Some seven minutes. Needs the extra `browser`, Debian's chromium, and the page built (`make page`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks import paint, phones, screens, weight
from tests.benchmarks.live import memory
from tests.kit.farm import CHROMIUM, FLAGS
from tests.kit.station import Demo, free_port, wait_for

YEARS = 10
ALL_SCREENS = (
    "/",
    "/history?span=all",
    "/plan",
    "/season",
    "/season/planting",
    "/zones",
    "/alerts",
    "/more",
    "/about",
)


def seen(demo: Demo) -> None:
    """By a browser, and by twenty phones."""
    address = f"http://127.0.0.1:{demo.port}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        for path in paint.PATHS:
            paint.paint(browser, address, path)
        for path in ("/", "/history"):
            weight.weigh(browser, address + path)
        browser.close()


def main() -> None:
    """All of them."""
    screens.table(YEARS)
    with tempfile.TemporaryDirectory(prefix="figures-") as folder:
        demo = Demo(Path(folder) / "data", free_port())
        try:
            demo.start("field", "guard", "controller", "page")
            wait_for(lambda: demo.guard("status")["runs"], 90, "the station waters")
            memory(demo, "watering")
            seen(demo)
            phones.load(demo, "water runs", phones.RUNNING)
            demo.guard("stop", by="benchmark")
            phones.load(demo, "calm", phones.CALM)
            browse(demo)
            demo.controller("plan")
            memory(demo, "after every screen in five languages, twenty phones, a plan")
        finally:
            demo.close()


def browse(demo: Demo) -> None:
    """Whatever the page keeps once it was asked for, it keeps now."""
    phone = demo.technician()
    for language in ("en", "es", "fr", "hi", "ar"):
        for path in (*ALL_SCREENS, "/people", "/settings", "/calibration", "/commissioning"):
            code, _ = phone.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
            assert code == 200, (path, code)


if __name__ == "__main__":
    main()

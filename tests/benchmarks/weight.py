"""What each screen weighs, as a phone sees it: everything that was transferred, headers too.

    .venv/bin/fieldstation demo &
    .venv/bin/python -m tests.benchmarks.weight [http://127.0.0.1:8080]

Cold: nothing kept. Again: a second visit. A minute: what an open page takes to stay current; in its first lies htmx.
Needs Debian's chromium.
"""

from __future__ import annotations

import sys
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.kit.farm import CHROMIUM, FLAGS

PATHS = ("/", "/history", "/plan", "/season", "/more")
MINUTE_MS = 60_000


def weigh(browser: Browser, address: str) -> None:
    """One line a screen."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    got: list[float] = []
    wire: Any = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    found = []
    for _ in range(2):
        page.goto(address, wait_until="networkidle")
        found.append((sum(got), len(got)))
        got.clear()
    water = page.locator("#live").get_attribute("data-water")
    page.wait_for_timeout(MINUTE_MS)  # a length of measuring, no condition
    (cold, requests), (again, _) = found
    print(
        f"{address}: cold {cold:.0f} bytes in {requests} requests, again {again:.0f}, a minute {sum(got):.0f} (water: {water})"
    )
    context.close()


def main(address: str) -> None:
    """All screens that the budget names."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        for path in PATHS:
            weigh(browser, address.rstrip("/") + path)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")

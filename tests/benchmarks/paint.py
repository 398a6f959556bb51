"""When a slow phone on weak Wi-Fi shows something: first paint of each screen, and History's first chart.

    .venv/bin/fieldstation demo &
    .venv/bin/python -m tests.benchmarks.paint [http://127.0.0.1:8080]

Chromium's own brakes: 6 times slower, 400 kbit/s, 400 ms to an answer, nothing kept; counted from the tap. Each screen so many
times; best and median are told, as whatever else runs on the machine is slowed down six times too.
Needs the extra `browser` and Debian's chromium.
"""

from __future__ import annotations

import sys
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.kit.farm import CHROMIUM, FLAGS

TIMES = 5
SLOWER = 6
WIRE_BYTES_S = 400_000 / 8
WIRE_MS = 400
PATHS = ("/", "/history", "/plan", "/season", "/zones", "/alerts", "/more")
CHARTED = "/history"
WAIT_MS = 30_000
WATCH = """
new MutationObserver((_, watch) => {
  if (document.querySelector("[data-part] canvas")) { self.charted = performance.now(); watch.disconnect(); }
}).observe(document, { childList: true, subtree: true });
"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def once(browser: Browser, address: str, *, charted: bool) -> tuple[float, float | None]:
    """Milliseconds to the first paint and to the first chart, of a browser that has nothing yet."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(WATCH)
    page = context.new_page()
    wire: Any = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": WIRE_MS,
            "downloadThroughput": WIRE_BYTES_S,
            "uploadThroughput": WIRE_BYTES_S,
        },
    )
    page.goto(address, wait_until="commit")
    painted_ms = float(page.wait_for_function(PAINTED, timeout=WAIT_MS).json_value())
    charted_ms = None
    if charted:
        charted_ms = float(page.wait_for_function("() => self.charted", timeout=WAIT_MS).json_value())
    context.close()
    return painted_ms, charted_ms


def paint(browser: Browser, address: str, path: str) -> None:
    """One line a screen."""
    found = [once(browser, address.rstrip("/") + path, charted=path == CHARTED) for _ in range(TIMES)]
    said = f"{path}: first paint {_told([painted for painted, _ in found])}"
    if charts := [charted for _, charted in found if charted is not None]:
        said += f"; first chart {_told(charts)}"
    print(said, flush=True)


def _told(times_ms: list[float]) -> str:
    return f"best {min(times_ms) / 1000:.2f} s, median {median(times_ms) / 1000:.2f} s"


def main(address: str) -> None:
    """All screens of a farmer."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        for path in PATHS:
            paint(browser, address, path)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")

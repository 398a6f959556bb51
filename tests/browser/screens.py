"""Pictures of every screen: two widths, both themes, both directions, with the system's Chromium.

    .venv/bin/fieldstation demo &
    .venv/bin/python -m tests.browser.screens --out build/screens
    .venv/bin/python -m tests.browser.screens --code ABCD-EFGH       # makes the demo its own, to see what needs an account
    .venv/bin/python -m tests.browser.screens --only today --language en --theme day    # one of them
    .venv/bin/python -m tests.browser.screens --language xx --size narrow    # FIELDSTATION_PSEUDO=1 fieldstation demo

Screens are found from the station's own links. Exits 1 when one scrolls sideways, says something to the console,
asks for anything beyond the station, or answers with an error. Needs /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.kit.farm import CHROMIUM, FLAGS

NAME, PASSWORD = "Ana", "water in the morning"
SIZES = {"phone": (360, 740), "desktop": (1280, 900), "narrow": (320, 640)}


def main(arguments: list[str] | None = None) -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", default="http://127.0.0.1:8080")
    parser.add_argument("--out", type=Path, default=Path("build/screens"))
    parser.add_argument("--only", help="one screen by its path's last part, e.g. today")
    parser.add_argument("--language", nargs="*", default=["en", "ar"])
    parser.add_argument("--theme", nargs="*", default=["day", "night"])
    parser.add_argument("--size", nargs="*", default=["phone", "desktop"], choices=list(SIZES))
    parser.add_argument(
        "--whole", action="store_true", help="the whole page and not what a phone shows first"
    )
    parser.add_argument(
        "--code", help="the set-up code that the demo printed; later runs sign in with what it made"
    )
    parser.add_argument("--sign-in", action="store_true", help="as the account that --code made")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        asked.cookies = _enter(browser, asked)
        for language in asked.language:
            for theme in asked.theme:
                for size in asked.size:
                    wrong += _take(browser, asked, language, theme, size)
        browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _take(browser: Browser, asked: argparse.Namespace, language: str, theme: str, size: str) -> list[str]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2 if size == "phone" else 1
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "url": asked.address}
            for name, value in (("language", language), ("theme", theme))
        ]
    )
    if asked.cookies:
        context.add_cookies(asked.cookies)
    page, wrong = context.new_page(), []
    where = f"{language} {theme} {size}"
    page.on(
        "console",
        lambda said: (
            wrong.append(f"{where} {page.url}: {said.text}") if said.type in ("error", "warning") else None
        ),
    )
    page.on(
        "request",
        lambda sent: (
            wrong.append(f"{where}: asked for {sent.url}")
            if urlsplit(sent.url).netloc != urlsplit(asked.address).netloc
            else None
        ),
    )
    for path in screens(page, asked.address):
        name = path.strip("/").replace("/", "-") or "today"
        if asked.only and asked.only != name:
            continue
        answer = page.goto(asked.address + path, wait_until="networkidle")
        if answer is None or answer.status != 200:
            wrong.append(f"{where} {path}: {answer and answer.status}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{where} {path}: scrolls sideways")
        page.screenshot(path=asked.out / f"{name}-{language}-{theme}-{size}.png", full_page=asked.whole)
    context.close()
    return wrong


def _enter(browser: Browser, asked: argparse.Namespace) -> list[Any]:
    """The cookies of a technician's session, or none."""
    if not asked.code and not asked.sign_in:
        return []
    context = browser.new_context()
    page = context.new_page()
    for path in ("/set-up", "/sign-in") if asked.code else ("/sign-in",):
        page.goto(asked.address + path)
        if path == "/set-up":
            page.fill("[name=code]", asked.code)
        page.fill("[name=name]", NAME)
        page.fill("[name=password]", PASSWORD)
        page.click("main button.main")
        page.wait_for_load_state()
    cookies = [cookie for cookie in context.cookies() if cookie["name"] not in ("language", "theme")]
    context.close()
    return cookies


def screens(page: Page, address: str) -> list[str]:
    """The paths of all screens: home, the navigation, and what More leads to."""
    found = ["/"]
    for start in ("/", "/more"):
        page.goto(address + start)
        links = page.eval_on_selector_all(
            ".nav a, .ways a", "all => all.map(one => one.getAttribute('href'))"
        )
        found += [link.partition("?")[0] for link in links if link.startswith("/")]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    sys.exit(main())

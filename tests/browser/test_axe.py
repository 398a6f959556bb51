"""axe over every screen, by day and by night, from left to right and from right to left: no violation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.kit.farm import DEEPER, Farm, farm, marks, paths

pytestmark = marks


@pytest.fixture(scope="module")
def here() -> Iterator[tuple[Farm, str]]:
    """A farm, and the address of a technician's visit that has begun."""
    with farm() as found:
        with found.phone() as page:
            page.goto(f"{found.address}/set-up")
            assert against(page) == []
            found.set_up(page)
            page.goto(f"{found.address}/commissioning")
            page.click("main button.main")
            page.wait_for_url("**/commissioning/*")
            visit = urlsplit(page.url).path
        yield found, visit


def against(page: Any) -> list[str]:
    """What axe has against a page, with everything on it opened."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.run(page).response["violations"]
    return [f"{urlsplit(page.url).path}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("theme", ["day", "night"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_screen_shuts_anybody_out(here: tuple[Farm, str], theme: str, language: str) -> None:
    station, visit = here
    with station.phone(language=language, theme=theme) as page:
        page.goto(f"{station.address}/sign-in")
        wrong = against(page)
        page.goto(f"{station.address}/nowhere")
        wrong += against(page)
        station.set_up(page)
        found = paths(page, station)
        assert len(found) >= 10
        for path in dict.fromkeys([*found, *DEEPER, visit, f"{visit}/report"]):
            answer = page.goto(station.address + path)
            assert answer.status == 200, path
            assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
            wrong += against(page)
    assert wrong == []

"""The first look of a phone that has nothing yet: which bytes are asked for before it, told without a clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.farm import Farm, farm, marks

pytestmark = marks
BEFORE_BYTES = {"/": 6_800, "/history": 10_200, "/plan": 9_700, "/season": 7_700}
"""Page, sheet and first script, squeezed, without headers: a fifth above what they weighed when first paint was within 1.2 s."""
LATENCY_MS = 150
ASKED = """() => performance.getEntriesByType("resource").map((one) => ({
  name: one.name.split("/").pop().replace(/-[0-9A-Z]{8}\\./, "."), from: one.startTime, to: one.responseEnd, bytes: one.encodedBodySize,
}))"""
PAGE_BYTES = "() => performance.getEntriesByType('navigation')[0].encodedBodySize"


@pytest.fixture(scope="module")
def here() -> Iterator[Farm]:
    with farm() as found:
        yield found


@pytest.mark.parametrize("path", list(BEFORE_BYTES))
def test_nothing_competes_with_the_sheet(here: Farm, path: str) -> None:
    with here.phone() as page:
        wire: Any = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": LATENCY_MS, "downloadThroughput": -1, "uploadThroughput": -1},
        )
        page.goto(here.address + path)
        page.wait_for_function(
            "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/frame-'))"
        )
        asked = {one["name"]: one for one in page.evaluate(ASKED)}
        sheet = f"{path.strip('/') or 'today'}.css"
        first = {name for name, one in asked.items() if one["from"] < asked[sheet]["to"]}
        assert first == {sheet, "first.js"}
        assert "frame.js" in set(asked) - first
        weight = page.evaluate(PAGE_BYTES) + sum(asked[name]["bytes"] for name in first)
        assert weight <= BEFORE_BYTES[path]


def test_history_draws_its_charts_all_the_same(here: Farm) -> None:
    with here.phone() as page:
        page.goto(f"{here.address}/history")
        page.wait_for_selector("[data-part] canvas")


def test_what_stands_far_below_is_there_for_who_goes_there(here: Farm) -> None:
    with here.phone() as page:
        page.goto(f"{here.address}/plan#why-south")
        top = "() => document.getElementById('why-south').getBoundingClientRect().top"
        assert 0 <= page.evaluate(top) < page.viewport_size["height"] / 2
        assert "How it was decided" in page.inner_text("#why-south")
        assert page.inner_text("#behind").strip() != page.inner_text("#behind h2").strip()

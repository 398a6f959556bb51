"""History's chart in a real browser: drawn, gaps open, read by touch and by keys, in both themes, small on the wire."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from fieldstation.page.app import create_app
from tests.kit.farm import CHROMIUM, Quiet
from tests.kit.page_bench import STATION
from tests.kit.past_station import Field
from tests.kit.station import wait_for

GAP = (60, 110)  # hours ago without a reading
WIRE_BYTES = 38_000
INKED = """([part, from, to]) => {
  const canvas = document.querySelector(`[data-part=${part}] canvas`), area = document.querySelector(`[data-part=${part}] .u-over`);
  const [box, inner] = [canvas.getBoundingClientRect(), area.getBoundingClientRect()], px = canvas.width / box.width;
  const left = inner.left - box.left, x = Math.round((left + inner.width * from) * px), wide = Math.max(1, Math.round(inner.width * (to - from) * px));
  const found = canvas.getContext("2d").getImageData(x, 0, wide, Math.round((inner.bottom - box.top - 20) * px)).data;
  const want = getComputedStyle(document.documentElement).getPropertyValue(part === "air" ? "--ink" : "--water").trim();
  const [r, g, b] = [1, 3, 5].map((n) => parseInt(want.slice(n, n + 2), 16));
  let inked = 0;
  for (let n = 0; n < found.length; n += 4) inked += found[n + 3] > 200 && Math.abs(found[n] - r) + Math.abs(found[n + 1] - g) + Math.abs(found[n + 2] - b) < 12;
  return inked;
}"""
"""How many pixels of a stretch of a chart, in parts of its width, have its line's colour of the present theme."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="chart-"))
    field = Field(folder)
    field.hours([*range(GAP[0]), *range(GAP[1], 170)], sensors=("north_soil", "north_deep"))
    field.run(5.0)
    server = make_server(
        "127.0.0.1", 0, create_app(STATION, field.places), threaded=True, request_handler=Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/history?zone=north&span=7d&lang=en"
    server.shutdown()
    thread.join(5)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, device_scale_factor=2
    )
    opened = context.new_page()
    said: list[str] = []
    own = "getImageData"  # the browser's hint about how this test looks at pixels
    opened.on("console", lambda message: said.append(message.text) if own not in message.text else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(address)
    if "first" not in opened.evaluate("[...document.scripts].map((one) => one.src).join()"):
        pytest.skip("nothing is built: make page")
    opened.wait_for_selector("[data-part=water].on canvas")
    yield opened
    context.close()
    assert said == []


def test_a_gap_in_the_readings_is_a_gap_in_the_chart(page: Any) -> None:
    span = 168.0
    begin, end = 1 - GAP[1] / span, 1 - GAP[0] / span
    for part in ("soil", "air"):
        assert page.evaluate(INKED, [part, 0.05, begin - 0.03]) > 50
        assert page.evaluate(INKED, [part, end + 0.03, 0.95]) > 50
        assert page.evaluate(INKED, [part, begin + 0.03, end - 0.03]) == 0, f"{part}: nothing bridges it"


def test_arrow_keys_read_values_and_gaps_in_words(page: Any) -> None:
    read = page.locator(".read").first
    assert read.inner_text() == "Touch the picture to read a value."
    page.locator("[data-part=soil]").focus()

    def pressed() -> Any:
        page.keyboard.press("ArrowLeft")
        return page.evaluate("document.querySelector('.read').textContent.includes('soil at 15 cm 20%')")

    wait_for(
        pressed, 5, "seen"
    )  # more than one press where an hour without readings has begun since they were made
    assert "At 45 cm 20%, between 20% and 20%." in read.inner_text()
    for _ in range(GAP[0] + 5):
        page.keyboard.press("ArrowLeft")
    wait_for(
        lambda: page.evaluate("document.querySelector('.read').textContent.endsWith('no reading.')"),
        5,
        "seen",
    )


def test_a_touch_reads_a_value(page: Any) -> None:
    place = page.locator("[data-part=air] .u-over")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + 40)
    wait_for(
        lambda: page.evaluate(
            "[...document.querySelectorAll('.read')].some((one) => one.textContent.includes(': air 2'))"
        ),
        5,
        "seen",
    )


def test_charts_take_the_colours_of_the_theme_that_comes(page: Any) -> None:
    assert page.evaluate(INKED, ["air", 0.8, 0.95]) > 50
    page.emulate_media(color_scheme="dark")
    wait_for(lambda: page.evaluate(INKED, ["air", 0.8, 0.95]) > 50, 5, "drawn again")


def test_charts_fit_a_phone_and_follow_its_turning(page: Any) -> None:
    wide = "document.querySelector('[data-part=soil] .u-wrap').getBoundingClientRect().width"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert 280 <= page.evaluate(wide) <= 340
    page.set_viewport_size({"width": 740, "height": 360})
    wait_for(lambda: page.evaluate(f"{wide} > 600"), 5, "seen")


def test_history_is_small_on_the_wire(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    drawn = page.locator("canvas").count()
    context.close()
    if not drawn:
        pytest.skip("nothing is built: make page")
    assert sum(sizes) <= WIRE_BYTES

"""A card that fills up, at the page: told before, plain while it lasts, and over by itself once there is room."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.run import Code
from fieldstation.language.sentences import LANGUAGES
from fieldstation.store.reader import Reader
from tests.kit.farm import OWNER, PASSWORD, Farm, farm, marks, paths
from tests.kit.small_disk import fill, small_disk
from tests.kit.station import wait_for

pytestmark = marks


@pytest.fixture(scope="module")
def card() -> Iterator[Path]:
    with small_disk() as folder:
        yield folder


@pytest.fixture(scope="module")
def here(card: Path) -> Iterator[Farm]:
    with farm(on=card) as found:
        yield found


@pytest.fixture(scope="module")
def full(here: Farm, card: Path) -> Path:
    """The card is full and its reserve is gone; the file that fills it."""
    with here.phone() as page:
        here.set_up(page)
    fill(card)
    with here.phone() as page:
        here.set_up(page)
        for units in ("us", "metric"):
            page.goto(f"{here.address}/settings")
            page.select_option("[name=units]", units)
            press(page, "main form button.main")
            kept = here.demo.controller("snapshot")["settings"]["station"]["units"]
            assert kept == units, "the reserve made room for it"
    return fill(card)


def test_a_card_that_fills_up_is_told_before_it_is_full(here: Farm) -> None:
    with here.phone() as page:
        page.goto(f"{here.address}/alerts")
        told = page.locator("article.alert", has_text="nearly full")
        assert re.search(r"\d+ MB are left", told.inner_text())
        assert told.locator("ol li").count() >= 2


def test_what_cannot_be_written_down_is_refused_in_plain_words_and_not_half_done(
    here: Farm, full: Path
) -> None:
    assert full.exists()
    tried = {
        "/zones/north/requests": "form[action$='/skip'] button",
        "/zones/south/requests": "form[action$='/pause'] button",
        "/settings": "main form button.main",
        "/zones/south/water": "main form button",
    }
    before = here.demo.controller("snapshot")["settings"]
    with here.phone() as page:
        here.set_up(page)
        for path, button in tried.items():
            page.goto(here.address + path)
            if path == "/settings":
                page.select_option("[name=units]", "us")
            press(page, button)
            told = page.locator("p.strip.danger:visible").inner_text()
            assert "card is full" in told, path
            assert "STOP works" in told, path
            whole(page, here)
    assert here.demo.controller("snapshot")["settings"] == before
    assert "valve:south" not in here.demo.relays_on()


def test_every_screen_says_so_and_stays_whole(here: Farm, full: Path) -> None:
    assert full.exists()
    with here.phone() as page:
        here.set_up(page)
        for path in paths(page, here):
            answer = page.goto(here.address + path)
            assert answer.status == 200, path
            whole(page, here)
            if path != "/alerts":
                strip = page.locator("#alerts").inner_text()
                assert "the memory card is full" in strip, path
                assert "nearly" not in strip, path
        page.goto(f"{here.address}/alerts")
        card = page.locator("article.alert.urgent", has_text="card is full")
        assert "Make room" in card.locator("ol li").first.inner_text()
        assert page.locator("article.alert", has_text="nearly full").count() == 0
        page.goto(f"{here.address}/history")
        assert page.locator("main svg").count() >= 1
        for language in LANGUAGES:
            page.goto(f"{here.address}/alerts?lang={language}")
            assert page.locator("article.alert.urgent").count() >= 1
            whole(page, here)


def test_someone_signs_in_stops_and_resumes_on_a_full_card(here: Farm, full: Path) -> None:
    assert full.exists()
    wait_for(lambda: "pump:main" in here.demo.relays_on(), 30, "water that was decided before runs on")
    with here.phone(script=False) as page:
        page.goto(here.address)
        page.click("button.stop")
        assert here.demo.guard("status")["stop_latched"] is True
        assert here.demo.relays_on() == []
        assert "Stopped" in page.locator("#dock").inner_text()
        page.click("a.resume")
        sign_in(page)
        page.goto(here.address)
        page.click("button.resume")
        assert here.demo.guard("status")["stop_latched"] is False


def test_water_that_is_due_waits_for_the_card_and_comes_by_itself_once_there_is_room(
    here: Farm, full: Path
) -> None:
    here.demo.controller("plan")
    wait_for(lambda: zone(here, "south")["unkept"], 40, "a decision that the record did not take")
    assert zone(here, "south")["next_run"] is None
    with here.phone() as page:
        wait_for(lambda: "as soon as it can be written down" in south(page, here), 10, "the page says so")
        full.unlink()
        wait_for(lambda: not zone(here, "south")["unkept"], 40, "decided anew")
        wait_for(lambda: "pump:main" in here.demo.relays_on(), 60, "water by itself")
        wait_for(lambda: "record_failed" not in codes(here), 10, "the alert is over")
        page.goto(here.address)
        assert "card is full" not in page.locator("#live").inner_text()
        here.set_up(page)
        page.goto(f"{here.address}/zones/north/requests")
        press(page, "form[action$='/skip'] button")
        assert requests(here, "north") in (["skip"], ["skipped"]), "wishes are kept again"
    wait_for(lambda: Code.STOPPED in ends(here, "north"), 30, "what was kept in memory is on record")


def test_a_controller_that_cannot_start_on_a_full_card_is_told_with_its_cause(here: Farm, card: Path) -> None:
    here.demo.kill("page", signal.SIGTERM)
    here.demo.kill("controller", signal.SIGTERM)
    filler = fill(card)
    here.demo.start("page")
    with pytest.raises(AssertionError, match="controller up"):
        here.demo.start("controller")
    with here.phone(script=False) as page:
        page.goto(here.address)
        assert "the memory card is full" in page.locator("#alerts").inner_text()
        whole(page, here)
        page.goto(f"{here.address}/history")
        assert page.locator("main svg").count() >= 1, "the record is read all the same"
        page.goto(f"{here.address}/sign-in")
        sign_in(page)
        page.goto(here.address)
        page.click("button.stop")
        page.click("button.resume")
        assert here.demo.guard("status")["stop_latched"] is False
        filler.unlink()
        here.demo.start("controller")
        wait_for(
            lambda: all(one["decision"] for one in here.demo.controller("snapshot")["zones"]), 60, "decided"
        )


def press(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).first.click()


def sign_in(page: Any) -> None:
    page.fill("[name=name]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")
    assert "/sign-in" not in page.url


def whole(page: Any, here: Farm) -> None:
    """A screen with STOP in reach, and nothing on it that only an engineer reads."""
    assert page.locator("button.stop").is_visible()
    text = page.locator("#live").inner_text()
    for technical in ("Traceback", "Errno", "database", str(here.demo.places.data)):
        assert technical not in text, (page.url, technical)


def zone(here: Farm, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in here.demo.controller("snapshot")["zones"] if one["id"] == name
    )
    return found


def south(page: Any, here: Farm) -> str:
    """What Today says of the zone: a picture of this second or the last."""
    page.goto(here.address)
    return str(page.locator("section.zone", has_text="South").inner_text())


def ends(here: Farm, name: str) -> list[Code]:
    """How the runs of the last hour ended, as the record has them."""
    with Reader(here.demo.places.record) as reader:
        return [run.stop_reason for run in reader.runs(name, datetime.now(UTC) - timedelta(hours=1))]


def requests(here: Farm, name: str) -> list[str]:
    return [one["name"] for one in zone(here, name)["nudges"]]


def codes(here: Farm) -> list[str]:
    return [one["code"] for one in here.demo.controller("snapshot")["alerts"]]

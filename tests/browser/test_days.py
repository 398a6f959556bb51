"""Days at the page, through a real browser and real processes: a newcomer's, a farmer's, a technician's, a bad one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.farm import PASSWORD, Farm, farm, marks, paths
from tests.kit.station import wait_for

pytestmark = marks


@pytest.fixture(scope="module")
def here() -> Iterator[Farm]:
    with farm(wet=True) as found:
        yield found


def test_a_newcomer_makes_the_station_theirs_in_their_language(here: Farm) -> None:
    with here.phone(language="es") as page:
        page.goto(here.address)
        assert page.get_attribute("html", "lang") == "es"
        page.goto(f"{here.address}/set-up")
        page.fill("[name=code]", "AAAA-AAAA")
        page.fill("[name=name]", "Ana")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.main")
        assert page.locator("[role=alert]").count() >= 1, "a wrong code is refused in a sentence"
        page.fill("[name=code]", here.code)
        page.check("input[name=language][value=fr]")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.main")
        page.wait_for_url(re.compile(rf"{re.escape(here.address)}/(\?.*)?$"))
        assert not here.demo.places.setup_code.exists(), "the code is gone"
        here.remember(page)
        page.goto(f"{here.address}/zones")
        page.click("main .ways a >> nth=0")
        assert page.locator("input[name=automatic]").is_checked()
    with here.phone() as stranger:
        stranger.goto(f"{here.address}/settings")
        assert "/sign-in" in stranger.url


def test_a_farmers_day_verdict_why_skip_stop_resume(here: Farm) -> None:
    with here.phone() as page:
        here.set_up(page)
        page.goto(here.address)
        first = page.locator("main section").first
        assert first.locator(".verdict").inner_text().strip()
        assert page.locator("main svg").count() >= 2, "a water line for each zone"
        page.goto(f"{here.address}/plan")
        assert page.locator("main table").count() >= 1, "the soil's account"
        page.goto(f"{here.address}/zones/north/requests")
        page.locator("form[action$='/skip'] button").first.click()
        wait_for(lambda: _requests(here, "north") == ["skip"], 8, "the skip is in force")
        assert "Ana" in page.locator("main").inner_text()
        page.goto(here.address)
        page.click("button.stop")
        assert here.demo.guard("status")["stop_latched"] is True
        page.wait_for_selector("button.resume")
        assert page.locator("button.stop").is_visible(), "STOP stays within reach"
        page.click("button.resume")
        wait_for(lambda: not here.demo.guard("status")["stop_latched"], 5, "resumed")


def test_water_now_takes_two_steps_and_the_relay_obeys(here: Farm) -> None:
    with here.phone() as page:
        here.set_up(page)
        page.goto(f"{here.address}/zones/south/water")
        page.locator("main form button").first.click()
        wait_for(lambda: "valve:south" in here.demo.relays_on(), 15, "water")
        page.goto(here.address)
        assert "running" in (page.get_attribute("#dock", "class") or "")
        page.click("button.stop")
        assert here.demo.relays_on() == []
        page.click("button.resume")
        wait_for(lambda: not here.demo.guard("status")["stop_latched"], 5, "resumed")


def test_anybody_may_stop_without_script_or_login_and_nobody_else_may_resume(here: Farm) -> None:
    with here.phone(script=False) as page:
        page.goto(here.address)
        page.click("button.stop")
        assert here.demo.guard("status")["stop_latched"] is True
        assert "Stopped" in page.locator("#dock").inner_text()
        assert page.locator("button.resume").count() == 0, "resume needs somebody"
        page.click("a.resume")
        assert "/sign-in" in page.url
        page.fill("[name=name]", "Ana")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.main")
        page.goto(here.address)
        page.click("button.resume")
        assert here.demo.guard("status")["stop_latched"] is False


def test_every_screen_is_whole_without_script(here: Farm) -> None:
    with here.phone(script=False) as page:
        here.set_up(page)
        for path in paths(page, here):
            answer = page.goto(here.address + path)
            assert answer.status == 200, path
            assert page.locator("main h2, main section").count() >= 1, path
            assert len(page.locator("main").inner_text()) > 60, path
            assert page.locator("button.stop").is_visible(), path
        page.goto(f"{here.address}/history")
        assert page.locator("main svg").count() >= 1
        page.goto(f"{here.address}/history?view=table")
        assert page.locator("main table").count() >= 1


def test_a_technician_watches_a_probe_holds_a_valve_and_signs(here: Farm) -> None:
    with here.phone() as page:
        here.set_up(page)
        page.goto(f"{here.address}/calibration/north_soil")
        page.wait_for_selector(".reading .steady", timeout=40_000)
        page.locator("form.rows button[formaction$='/take/air_v']").click()
        assert float(page.input_value("[name=air_v]")) > 0.5
        page.goto(f"{here.address}/commissioning")
        page.click("main button.main")
        page.wait_for_url("**/commissioning/*")
        valve = page.locator("li[id^=relay-north]")
        valve.locator("summary").click()
        button = valve.locator("form.hold button")
        button.scroll_into_view_if_needed()
        button.hover()
        page.mouse.down()
        wait_for(lambda: "pump:main" in here.demo.relays_on(), 12, "the valve opens and the pump runs")
        page.mouse.up()
        wait_for(lambda: here.demo.relays_on() == [], 8, "letting go ends it")
        valve.locator("button[value=passed]").click()
        page.wait_for_selector("li.step.passed")
        page.goto(f"{page.url.split('?')[0].split('#')[0]}/report")
        assert "North" in page.locator("article").inner_text()


def test_contact_lost_is_said_within_ten_seconds_and_stop_stays(here: Farm) -> None:
    with here.phone() as page:
        page.goto(here.address)
        page.wait_for_load_state("networkidle")
        here.demo.kill("page")
        began = time.monotonic()
        page.wait_for_selector("#lost:not([hidden])", timeout=10_500)
        assert time.monotonic() - began <= 10.5
        here.demo.start("page")
        page.wait_for_selector("#lost", state="hidden", timeout=30_000)


def test_an_unplugged_probe_and_a_dead_controller_are_told_plainly(here: Farm) -> None:
    here.demo.field("fault", name="unplug", target="north_soil")
    with here.phone() as page:
        wait_for(
            lambda: any(
                p["quality"] != "good" for p in here.demo.controller("snapshot")["zones"][0]["probes"]
            ),
            40,
            "the probe is missed",
        )
        wait_for(lambda: here.demo.controller("snapshot")["alerts"], 40, "an alert")
        page.goto(here.address)
        assert page.locator("#alerts li").count() >= 1
        here.demo.field("clear", name="unplug", target="north_soil")
        here.demo.kill("controller")
        wait_for(lambda: _banner(page, here), 20, "the silence is told")
        page.click("button.stop")
        assert here.demo.guard("status")["stop_latched"] is True, "STOP works with the controller dead"
        here.demo.start("controller")
        here.set_up(page)
        page.goto(here.address)
        page.click("button.resume")


def test_a_phone_whose_clock_is_wrong_is_told_and_times_stay_the_stations(here: Farm) -> None:
    with here.phone() as page:
        page.add_init_script(
            "const D = Date; Date = class extends D { constructor(...a) { a.length ? super(...a) : super(D.now() + 6e5) }"
            " static now() { return D.now() + 6e5 } }"
        )
        page.goto(here.address)
        page.wait_for_selector("#apart:not([hidden])", timeout=20_000)
        assert "10" in page.locator("#apart").inner_text()


def test_nothing_left_the_station_and_nothing_was_said_in_the_console(here: Farm) -> None:
    assert here.strangers == []
    expected = ("ERR_CONNECTION", "status of 409")  # a page that was killed, a wrong code
    told = [line for line in here.said if not any(one in line for one in expected)]
    assert told == []


def _requests(here: Farm, zone: str) -> list[str]:
    told = next(one for one in here.demo.controller("snapshot")["zones"] if one["id"] == zone)
    return [one["name"] for one in told["nudges"]]


def _banner(page: Any, here: Farm) -> bool:
    page.goto(here.address)
    return bool(page.locator("p.strip.danger").count())

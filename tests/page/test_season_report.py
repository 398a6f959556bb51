"""The season on paper: its sums, each watering with its reason, what is not known said, whole dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from fieldstation.domain.decision import Reason
from fieldstation.domain.learned import Harvest, planting_of
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.language.sentences import LANGUAGES
from tests.kit.page_bench import STATION
from tests.kit.past_station import Field, decided, field, run_of

NORTH = STATION.zone("north")
PLANTED = NORTH.planted_on


@pytest.fixture
def past() -> Iterator[Field]:
    yield from field()


def figures(html: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html))


def grown(past: Field, days: int) -> None:
    """Each day four times air, rain and soil."""
    with past.written() as record:
        record.add_planting(planting_of(NORTH))
        for number in range(days):
            for hour in range(24):
                at = datetime.combine(PLANTED + timedelta(days=number), time(hour), UTC)
                warm = 18.0 + 8.0 * (hour == 14) - 4.0 * (hour == 5)
                rain = 2.0 if number == 3 and hour == 4 else 0.0
                read = (
                    ("north_soil", Quantity.SOIL_WATER, 0.2),
                    ("air", Quantity.AIR_T, warm),
                    ("rain", Quantity.RAIN, rain),
                )
                record.add_round(at, 1.0, True, [Reading(*one, Quality.GOOD, at, 1.0) for one in read])


def watered(past: Field, number: int, origin: str = "auto") -> None:
    ended = datetime.combine(PLANTED + timedelta(days=number), time(5), UTC)
    with past.written() as record:
        if origin == "auto":
            values = {"depletion_mm": 41.0, "line_mm": 40.0}
            record.add_decision(
                decided(ended - timedelta(hours=2), 6.0, Reason.REFILL_LINE_REACHED, **values)
            )
        record.add_run(run_of(f"r{number}", origin, ended), 12.4)


def test_a_season_adds_up_on_paper(past: Field) -> None:
    grown(past, 20)
    watered(past, 4)
    watered(past, 9, "manual")
    with past.written() as record:
        record.add_harvest(Harvest("north", PLANTED + timedelta(days=20), 8.25))
    html = past.text(f"/history/season?zone=north&planted_on={PLANTED}")
    assert (
        f"North &lt;field&gt;: maize, planted 1 Sept {PLANTED.year}" in html
        or f"planted 1 Sep {PLANTED.year}" in html
    )
    assert "Season from " in html
    found = figures(html)
    assert found["Days"] == "21"
    assert found["Waterings"] == "2"
    assert found["Rain"] == "2.0 mm"
    assert found["Water given"] == "25 mm (2,480 L)"
    assert found["Harvest, dry"] == "8.3 t/ha" or found["Harvest, dry"] == "8.2 t/ha"
    used = re.fullmatch(r"(\d+) mm", found["Water used by the crop (as reckoned)"])
    assert used, found
    assert 15 <= int(used[1]) <= 60, "young maize: about 0.3 of 4 to 5 mm a day"
    whys = re.findall(r'<td class="why">([^<]*)</td>', html)
    assert whys[0].startswith("The soil has reached the dry line")
    assert whys[1] == "By hand."
    assert "yesterday" not in html, "on paper there is no today"
    assert '<svg class="line past"' in html


def test_what_is_not_known_is_said_and_not_reckoned(past: Field) -> None:
    grown(past, 3)
    html = past.text("/history/season?zone=north")
    found = figures(html)
    assert found["Water used by the crop (as reckoned)"] == "not known", (
        "three days of a season are not its weather"
    )
    assert found["Harvest, dry"] == "not entered"
    assert "It was not watered in this season." in html


def test_an_empty_season_and_a_wrong_one(past: Field) -> None:
    html = past.text("/history/season?zone=north")
    assert figures(html)["Rain"] == "not known"
    assert '<svg class="line past"' not in html
    assert "No season was planted on" in past.text("/history/season?zone=north&planted_on=2020-01-01", 400)
    assert "There is no zone called x." in past.text("/history/season?zone=x", 400)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_speaks_every_language(past: Field, language: str) -> None:
    grown(past, 5)
    watered(past, 4)
    html = past.text(f"/history/season?zone=north&lang={language}")
    assert not re.search(r">\?<|\{\w+\}[^|\"]*</|None", html)


def test_the_season_of_another_crop_is_not_reckoned_with_this_one(past: Field) -> None:
    earlier = date(PLANTED.year - 1, 9, 1)
    other = planting_of(NORTH)
    with past.written() as record:
        record.add_planting(
            type(other)(
                **{
                    **{name: getattr(other, name) for name in type(other).__slots__},
                    "planted_on": earlier,
                    "crop": "bean",
                }
            )
        )
    html = past.text(f"/history/season?zone=north&planted_on={earlier}")
    assert figures(html)["Water used by the crop (as reckoned)"] == "not known"
    assert "bean" in html

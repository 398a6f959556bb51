"""When to plant: asked once, one at a time, with a deadline; whatever the child does, the screen says how it stands."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldstation.cli.main import parser
from fieldstation.config.tables import soils
from fieldstation.domain.people import Person, Role
from fieldstation.domain.soil import Soil
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.access import csrf
from fieldstation.page.context import PageContext
from fieldstation.page.planting.advisor import KEPT, MOST_DATES, Advisor, Answer, Question
from fieldstation.page.planting.request import CLIMATES, texture, usual_climate
from fieldstation.simulation.generator import CLIMATES as GENERATED
from tests.kit.page_bench import STATION, Bench, guard_status, opened, snapshot
from tests.kit.planting import ADVICE, FOUND, Told

pytestmark = pytest.mark.slow

ASKED = Question("maize", "loam", 14.5, 310.0, date(2027, 3, 1), date(2027, 6, 1), "semi_arid_warm")
PATIENCE_S = 20.0

Make = Callable[..., Advisor]


def ended(advisor: Advisor, question: Question = ASKED) -> Answer:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        answer = advisor.answer(question)
        if answer.state not in ("working", "busy"):
            return answer
        time.sleep(0.02)  # a child works; it tells when it is asked
    raise AssertionError("the child never ended")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Advisor] = []

    def build(code: str, deadline_s: float = PATIENCE_S) -> Advisor:
        advisor = Advisor(tmp_path / "planting", (sys.executable, "-c", code), deadline_s)
        made.append(advisor)
        return advisor

    yield build
    for advisor in made:
        advisor.close()


def test_an_answer_is_reckoned_once_and_kept_over_a_restart(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    advisor = make(f"open({str(mark)!r}, 'a').write('x'); print({json.dumps(FOUND)!r})")
    assert advisor.answer(ASKED).state == "none"
    assert advisor.start(ASKED).state == "working"
    assert ended(advisor) == Answer("done", ADVICE)
    assert advisor.start(ASKED).state == "done"
    assert make("raise SystemExit(1)").answer(ASKED).found == ADVICE
    assert mark.read_text() == "x"


def test_one_at_a_time(make: Make) -> None:
    advisor = make("import time; time.sleep(60)")
    other = Question("wheat", "loam", 14.5, 310.0, date(2027, 3, 1), date(2027, 6, 1), "temperate")
    assert advisor.start(ASKED).state == "working"
    assert advisor.start(ASKED).state == "working", "pressed twice is asked once"
    assert advisor.start(other).state == "busy"
    assert advisor.answer(other).state == "busy"
    advisor.close()
    assert ended(advisor).state == "failed"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('no such crop', file=sys.stderr); sys.exit(2)", "no such crop"),
        ("print('{}')", "made no sense"),
        ("print('[1,')", "made no sense"),
        ('print(\'{"dates": [{"plant_on": "soon"}], "best": "2027-01-01"}\')', "made no sense"),
    ],
)
def test_a_child_that_fails_is_told_and_may_be_asked_again(make: Make, code: str, said: str) -> None:
    advisor = make(code)
    advisor.start(ASKED)
    answer = ended(advisor)
    assert answer.state == "failed"
    assert said in answer.detail
    assert advisor.start(ASKED).state == "working"


def test_a_child_that_takes_too_long_is_ended(make: Make) -> None:
    advisor = make("import time; time.sleep(60)", 0.2)
    advisor.start(ASKED)
    assert ended(advisor).state == "late"


def test_a_folder_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (tmp_path / "planting").write_text("a file stands here")
    answer = Advisor(tmp_path / "planting").start(ASKED)
    assert answer.state == "failed"
    assert answer.detail


def test_a_damaged_answer_is_reckoned_again_and_old_ones_go(make: Make, tmp_path: Path) -> None:
    advisor = make(f"print({json.dumps(FOUND)!r})")
    folder = tmp_path / "planting"
    folder.mkdir()
    for number in range(KEPT + 6):
        (folder / f"{number}.json").write_text("{}")
    (folder / ASKED.name()).write_text('{"dates": [')
    assert advisor.answer(ASKED).state == "none"
    advisor.start(ASKED)
    assert ended(advisor).found == ADVICE
    assert len(list(folder.iterdir())) == KEPT


def test_the_command_line_understands_the_question() -> None:
    asked = parser().parse_args(ASKED.arguments())
    assert (asked.crop, asked.soil, asked.climate, asked.json) == ("maize", "loam", "semi_arid_warm", True)
    south = Question("maize", "loam", -33.0, 5.0, date(2027, 3, 1), date(2028, 3, 1), "temperate")
    assert parser().parse_args(south.arguments()).latitude == -33.0
    assert (366 // south.every_days) + 1 <= MOST_DATES
    assert set(CLIMATES) == set(GENERATED)


def test_a_soil_of_its_own_figures_is_taken_as_the_nearest_texture() -> None:
    assert texture(Soil("own", 0.31, 0.15, 0.46)) == "loam"
    assert all(texture(soil) == name for name, soil in soils().items())
    assert {usual_climate(deg) for deg in (-14.5, 14.5)} == {"semi_arid_warm"}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Bench, Told]]:
    monkeypatch.setattr(PageContext, "person", lambda _: Person("Rosa", Role.FARMER))
    monkeypatch.setattr(csrf, "genuine", lambda: True)
    told = Told(Answer("none"))
    monkeypatch.setattr("fieldstation.page.planting.screen.Advisor", lambda *_: told)
    with opened() as bench:  # after the advisor was changed: the screens are made with the bench
        bench.up(guard_status(), snapshot())
        yield bench, told


ASK = "/season/planting?zone=south&crop=maize&from=2027-03-01&to=2027-06-01&climate=temperate"


@pytest.mark.parametrize(
    ("answer", "said", "refreshes"),
    [
        (Answer("none"), "Compare the dates", False),
        (Answer("working"), "Working it out.", True),
        (Answer("busy"), "Another comparison is at work.", True),
        (Answer("late"), "It took too long", False),
        (Answer("failed", detail="<no room>"), "could not be worked out: &lt;no room&gt;", False),
        (
            Answer("done", ADVICE),
            "Plant about 15 Mar 2027, harvest about 20 Jul 2027: usually 8.0 t/ha dry",
            False,
        ),
    ],
)
def test_every_state_is_said(page: Any, answer: Answer, said: str, refreshes: bool) -> None:
    bench, told = page
    told.said = answer
    html = bench.client.get(ASK).text
    assert said in html.replace("July", "Jul")
    assert ('http-equiv="refresh"' in html) is refreshes
    assert ("<table" in html) is (answer.found is not None)


@pytest.mark.parametrize("who", [None, Person("Vera", Role.VIEWER)])
def test_only_a_farmer_may_set_it_to_work(
    page: Any, who: Person | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, told = page
    monkeypatch.setattr(PageContext, "person", lambda _: who)
    assert bench.client.post(ASK, data={}).status_code in (303, 403)
    assert told.asked == []
    assert 'class="main"' not in bench.client.get("/season/planting").text


def test_asking_starts_one_reckoning_for_the_zones_own_soil(page: Any) -> None:
    bench, told = page
    fields = {
        "zone": "south",
        "crop": "onion",
        "from": "2027-03-01",
        "to": "2027-05-01",
        "climate": "temperate",
    }
    answer = bench.client.post("/season/planting", data=fields)
    assert answer.status_code == 303
    assert "crop=onion" in answer.headers["Location"]
    asked = told.asked[0]
    assert (asked.crop, asked.soil, asked.latitude_deg) == ("onion", "loam", STATION.latitude_deg)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("crop=moss", "not known here"),
        ("climate=mars", "not known here"),
        ("from=spring", "That is no date."),
        ("to=2026-03-01", "within a year"),
        ("to=2031-03-01", "within a year"),
    ],
)
def test_what_cannot_be_asked_is_said_and_starts_nothing(page: Any, change: str, said: str) -> None:
    bench, told = page
    name, value = change.split("=")
    fields = {"crop": "maize", "from": "2027-03-01", "to": "2027-05-01", "climate": "temperate", name: value}
    shown = bench.client.get("/season/planting", query_string=fields)
    assert shown.status_code == 400
    assert said in shown.text
    bench.client.post("/season/planting", data=fields)
    assert told.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_planting_speaks_every_language(page: Any, language: str) -> None:
    bench, told = page
    told.said = Answer("done", ADVICE)
    answer = bench.client.get(f"{ASK}&lang={language}")
    assert answer.status_code == 200
    assert "{" not in answer.text

"""When to plant: each candidate date lived through in made-up years, by a child process; compared in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request, url_for

from fieldstation.config.tables import crop_names
from fieldstation.language.sentences import Words
from fieldstation.page.charts.season_charts import range_chart
from fieldstation.page.context import PageContext
from fieldstation.page.planting.advisor import Advice, Advisor, Answer
from fieldstation.page.planting.request import CLIMATES, read_form

POLL_AGAIN_S = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One date, drawn and written: low, likely and high of each."""

    best: bool
    plant: str
    ready: str
    yields: list[str]
    water: list[str]
    frost: str
    yield_svg: str
    water_svg: str


@dataclass(frozen=True, slots=True)
class Planting:
    """What `planting.html` shows: the form, how it stands with its question, and what came of it."""

    form: dict[str, str]
    zone_names: dict[str, str]
    crops: list[tuple[str, str]]
    climates: dict[str, str]
    state: str
    detail: str
    look_again_s: int | None
    best: str | None
    rows: list[Row]
    frosty: bool
    years: int | None


def attach(app: Flask, page: PageContext) -> None:
    """The form, and the way it is asked: a POST starts the reckoning, the screen shows how it stands."""
    advisor = Advisor(page.places.data / "planting")
    app.extensions["planting"] = advisor

    @app.get("/season/planting")
    def planting() -> Any:
        form, question, wrong = read_form(page, dict(request.args))
        answer = (
            advisor.answer(question) if question is not None and "crop" in request.args else Answer("none")
        )
        said = page.words().say("planting", f"bad_{wrong}") if wrong else None
        return page.screen(
            "planting.html",
            lambda _, words: _planting_view(page, form, answer, words),
            said=said,
            code=400 if wrong else 200,
            kept=False,
        )

    @app.post("/season/planting")
    @page.needs("farmer")
    def planting_ask() -> Any:
        form, question, wrong = read_form(page, dict(request.form))
        if question is not None and wrong is None:
            advisor.start(question)
        return redirect(f"{url_for('planting')}?{urlencode(form)}", 303)


def _planting_view(
    page: PageContext,
    form: dict[str, str],
    answer: Answer,
    words: Words,
) -> Planting:
    found = answer.found
    return Planting(
        form=form,
        zone_names=page.names,
        crops=sorted((words.say("crop", name), name) for name in crop_names()),
        climates={name: words.say("planting", f"climate_{name}") for name in CLIMATES},
        state=answer.state,
        detail=answer.detail,
        look_again_s=POLL_AGAIN_S if answer.state in ("working", "busy") else None,
        best=_best(found, words) if found else None,
        rows=_rows(found, words) if found else [],
        frosty=found is not None and any(one.frost_days >= 0.5 for one in found.dates),
        years=found.dates[0].years if found else None,
    )


def _best(found: Advice, words: Words) -> str:
    best = next(one for one in found.dates if one.plant_on == found.best)
    low, likely, high = best.yield_t_ha
    return words.say(
        "planting",
        "best",
        date=words.date(best.plant_on),
        ready=words.date(best.harvest_on),
        low_t_ha=low,
        likely_t_ha=likely,
        high_t_ha=high,
        water_mm=best.water_mm[1],
    )


def _rows(found: Advice, words: Words) -> list[Row]:
    most_t_ha = max(0.1, *(one.yield_t_ha[2] for one in found.dates))
    most_mm = max(1.0, *(one.water_mm[2] for one in found.dates))
    return [
        Row(
            best=one.plant_on == found.best,
            plant=words.date(one.plant_on),
            ready=words.date(one.harvest_on),
            yields=[words.yield_(value, bare=True) for value in one.yield_t_ha],
            water=[words.depth(value) for value in one.water_mm],
            frost=words.number(round(one.frost_days)),
            yield_svg=range_chart(one.yield_t_ha, 0.0, most_t_ha, ""),
            water_svg=range_chart(one.water_mm, 0.0, most_mm, ""),
        )
        for one in found.dates
    ]

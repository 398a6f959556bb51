"""When to plant, in the API: asked once, reckoned by a child process, and looked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from marshmallow import Schema, fields

from fieldstation.binding import setting
from fieldstation.config.tables import crop_names
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import Body, Query, day, one_of
from fieldstation.page.api.responses import shown
from fieldstation.page.context import PageContext
from fieldstation.page.planting.advisor import Advisor, Answer, Candidate, Question
from fieldstation.page.planting.request import CLIMATES, read_form


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantingAsked:
    """The question as it was understood."""

    zone: str
    crop: str
    first_on: date = setting("first date of planting", key="from")
    last_on: date = setting("last date of planting", key="to")
    climate: str
    soil: str
    every_days: int


@dataclass(frozen=True, slots=True)
class PlantingAdvice:
    """How it stands with a question; done, every date and the best."""

    asked: PlantingAsked
    state: str
    detail: str
    best: date | None
    dates: list[Candidate]


def _fields() -> dict[str, fields.Field[Any]]:
    """All may be left out: the first zone, its crop, the next four months, a climate by latitude."""
    return {
        "zone": fields.String(metadata={"description": "whose soil is used"}),
        "crop": one_of(sorted(crop_names())),
        "from": day(metadata={"description": "first date of planting"}),
        "to": day(metadata={"description": "last date of planting, within a year"}),
        "climate": one_of(CLIMATES),
    }


def attach(app: Flask, page: PageContext) -> Room:
    """Ask, and look."""
    api = Room("planting", "When to plant: each date lived through in made-up years.")
    query: type[Schema] = Query.from_dict(_fields(), name="PlantingQuery")
    question_body: type[Schema] = Body.from_dict(_fields(), name="PlantingQuestion")

    def advisor() -> Advisor:
        found: Advisor = app.extensions["planting"]  # the screen's own: one child for both
        return found

    @api.route("/planting")
    @api.takes(query, "query")
    @api.answers(PlantingAdvice, 404, 422)
    def api_planting(sent: dict[str, str]) -> Any:
        """How it stands with a question: none (not asked yet), working, busy (with another), done, late or failed.

        Done: `best` and of each date low, usual and high yield (t/ha dry matter) and water (mm). Starts nothing.
        """
        form, question, no = _question(page, sent, "query")
        return no if question is None else _answer_plain(form, question, advisor().answer(question))

    @api.route("/planting", "POST")
    @page.needs("farmer")
    @api.takes(question_body)
    @api.answers(PlantingAdvice, 404, 409, 415, 422, 503)
    def api_planting_ask(sent: dict[str, str]) -> Any:
        """Set a child process to work, two minutes at most for usual questions; one at a time, 409 while it has another."""
        form, question, no = _question(page, sent, "json")
        if question is None:
            return no
        answer = advisor().start(question)
        if answer.state == "busy":
            return problem(409, "planting_busy", page.words().say("planting", "busy"))
        if answer.state == "failed":
            return problem(
                503, "planting_failed", page.words().say("planting", "failed", detail=answer.detail)
            )
        return _answer_plain(form, question, answer)

    return api


def _question(
    page: PageContext, sent: dict[str, str], where: str
) -> tuple[dict[str, str], Question | None, Any]:
    """The question, or the problem with it."""
    words = page.words()
    if "zone" in sent and sent["zone"] not in [zone.id for zone in page.station.zones]:
        return {}, None, problem(404, "zone_unknown", words.say("refused", "zone_unknown"))
    form, question, wrong = read_form(page, sent)
    if question is None:
        sentence = words.say("planting", f"bad_{wrong}")
        return (
            form,
            None,
            problem(
                422, f"planting_{wrong}", sentence, wrong={where: {"from": [sentence], "to": [sentence]}}
            ),
        )
    return form, question, None


def _answer_plain(form: dict[str, str], question: Question, answer: Answer) -> Any:
    found = answer.found
    asked_for = PlantingAsked(
        zone=form["zone"],
        crop=form["crop"],
        first_on=question.first,
        last_on=question.last,
        climate=form["climate"],
        soil=question.soil,
        every_days=question.every_days,
    )
    best, dates = (found.best, found.dates) if found else (None, [])
    return shown(PlantingAdvice(asked_for, answer.state, answer.detail, best, dates))

"""Commissioning in the API: visits, their steps, what came of them. Tests that open a valve are requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.domain.errors import StationError
from fieldstation.page.api.openapi import DONE, Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import Body, body, one_of
from fieldstation.page.api.responses import answered, record_silent, second, shown
from fieldstation.page.commissioning.actions import VISIT as VISIT_NAME
from fieldstation.page.commissioning.actions import facts, keep_step
from fieldstation.page.commissioning.view import begin_visit, newest, wanted
from fieldstation.page.context import PageContext
from fieldstation.store.reader import Reader

STEPS = f"<any({', '.join(Step)}):step>"


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit; `tried`: whether any step was."""

    visit: str
    first_at: datetime
    last_at: datetime
    tried: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class VisitList:
    """The newest first."""

    visits: list[VisitLine]


@dataclass(frozen=True, slots=True)
class VisitMade:
    """A visit that may be filled in."""

    visit: str


@dataclass(frozen=True, slots=True)
class Try:
    """A step as it was tried; `values` are what the station knew of it."""

    at: datetime
    step: Step
    of: str
    outcome: Outcome
    by: str
    note: str
    values: dict[str, float | str]


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step: what the station knows of it now, and what came of it last."""

    step: Step
    of: str
    facts: dict[str, float | str]
    done: Try | None


@dataclass(frozen=True, slots=True)
class VisitNow:
    """A visit step by step, and every try."""

    visit: str
    steps: list[StepNow]
    tries: list[Try]
    passed: bool
    signed: bool


def attach(page: PageContext) -> Room:
    """Visits, one visit, one step."""
    api = Room("commissioning", "Everything that is tried before a station is left alone with a pump.")

    @api.route("/commissioning")
    @page.needs("technician")
    @api.answers(VisitList, 503)
    def api_visits() -> Any:
        """The newest fifty visits, newest first; `tried`: whether any step was."""
        try:
            with Reader(page.record) as reader:
                found = reader.visits()
        except StationError as error:
            return record_silent(error)
        visits = [
            VisitLine(one.id, second(one.first_at), second(one.last_at), one.tried, one.signed)
            for one in found
        ]
        return shown(VisitList(visits))

    @api.route("/commissioning", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(Body)
    @api.answers(VisitMade, 409, 415, 422, 503)
    def api_visit_begin(_: dict[str, Any]) -> Any:
        """The name of a new visit; or of today's, while nothing of it was tried."""
        return answered(page, begin_visit(page))

    @api.route("/commissioning/<string:visit>")
    @page.needs("technician")
    @api.answers(VisitNow, 404, 503)
    def api_visit(visit: str) -> Any:
        """Each step with what the station knows of it now and what came of it last; every try in `tries`.

        `passed` is true when nothing is open and nothing failed.
        """
        if not VISIT_NAME.match(visit):
            return _unknown(page)
        try:
            with Reader(page.record) as reader:
                tries = reader.commissioning(visit)
        except StationError as error:
            return record_silent(error)
        done, steps, snapshot = newest(tries), wanted(page.station), page.source.snapshot()
        now = [
            StepNow(
                step,
                of,
                facts(page, step.value, snapshot, ""),
                _try(done[step, of]) if (step, of) in done else None,
            )
            for step, of in steps
        ]
        passed = all(key in done for key in steps) and all(
            one.outcome is not Outcome.FAILED for one in done.values()
        )
        return shown(VisitNow(visit, now, [_try(one) for one in tries], passed, (Step.SIGNED, "") in done))

    @api.route(f"/commissioning/<string:visit>/{STEPS}", "POST")
    @page.needs("technician")
    @api.takes(
        body(
            outcome=one_of(Outcome, required=True),
            of=fields.String(validate=validate.Length(0, 64), load_default=""),
            note=fields.String(validate=validate.Length(0, 500), load_default=""),
            run=fields.String(validate=validate.Length(0, 64), load_default=""),
        )
    )
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_step(sent: dict[str, Any], visit: str, step: str) -> Any:
        """What came of a step; `of` a zone where it is one's, `run` the fail-safe test's.

        The station adds what it knows, and takes no "passed" for what it has not seen: 409 says what.
        """
        if not VISIT_NAME.match(visit):
            return _unknown(page)
        return answered(
            page, keep_step(page, visit, step, sent["outcome"], sent["of"], sent["note"], sent["run"])
        )

    return api


def _unknown(page: PageContext) -> Any:
    return problem(404, "not_found", page.words().say("api", "not_found"))


def _try(one: StepDone) -> Try:
    return Try(second(one.at), one.step, one.of, one.outcome, one.by, one.note, one.values)

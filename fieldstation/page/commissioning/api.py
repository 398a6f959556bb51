"""Commissioning in the API: visits, their steps, what came of them. Tests that open a valve are wishes."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from marshmallow import fields, validate

from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.domain.errors import StationError
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import Body, body, one_of
from fieldstation.page.api.responses import answered, record_silent
from fieldstation.page.api.schemas import DONE, VISIT, VISIT_MADE, VISITS
from fieldstation.page.commissioning.actions import VISIT as VISIT_NAME
from fieldstation.page.commissioning.actions import facts, keep_step
from fieldstation.page.commissioning.view import begin_visit, newest, wanted
from fieldstation.page.site import Site
from fieldstation.page.today.status import stamp
from fieldstation.store.reader import Reader

STEPS = f"<any({', '.join(Step)}):step>"


def attach(site: Site) -> Room:
    """Visits, one visit, one step."""
    api = Room("commissioning", "Everything that is tried before a station is left alone with a pump.")

    @api.route("/commissioning")
    @site.needs("technician")
    @api.answers(VISITS, 503)
    def api_visits() -> Any:
        """The newest fifty visits, newest first; `tried`: whether any step was."""
        try:
            with Reader(site.record) as reader:
                found = reader.visits()
        except StationError as error:
            return record_silent(error)
        return jsonify(
            {
                "visits": [
                    {
                        "visit": one.id,
                        "first_at": stamp(one.first_at),
                        "last_at": stamp(one.last_at),
                        "tried": one.tried,
                        "signed": one.signed,
                    }
                    for one in found
                ]
            }
        )

    @api.route("/commissioning", "POST")
    @site.needs("technician", fresh=True)
    @api.takes(Body)
    @api.answers(VISIT_MADE, 409, 415, 422, 503)
    def api_visit_begin(_: dict[str, Any]) -> Any:
        """The name of a new visit; or of today's, while nothing of it was tried."""
        return answered(site, begin_visit(site))

    @api.route("/commissioning/<string:visit>")
    @site.needs("technician")
    @api.answers(VISIT, 404, 503)
    def api_visit(visit: str) -> Any:
        """Each step with what the station knows of it now and what came of it last; every try in `tries`.

        `passed` is true when nothing is open and nothing failed.
        """
        if not VISIT_NAME.match(visit):
            return _unknown(site)
        try:
            with Reader(site.record) as reader:
                tries = reader.commissioning(visit)
        except StationError as error:
            return record_silent(error)
        done, steps, picture = newest(tries), wanted(site.station), site.gather.picture()
        return jsonify(
            {
                "visit": visit,
                "steps": [
                    {
                        "step": step.value,
                        "of": of,
                        "facts": facts(site, step.value, picture, ""),
                        "done": None if (one := done.get((step, of))) is None else _try(one),
                    }
                    for step, of in steps
                ],
                "tries": [_try(one) for one in tries],
                "passed": all(key in done for key in steps)
                and all(one.outcome is not Outcome.FAILED for one in done.values()),
                "signed": (Step.SIGNED, "") in done,
            }
        )

    @api.route(f"/commissioning/<string:visit>/{STEPS}", "POST")
    @site.needs("technician")
    @api.takes(
        body(
            outcome=one_of(Outcome, required=True),
            of=fields.String(validate=validate.Length(0, 64), load_default=""),
            note=fields.String(validate=validate.Length(0, 500), load_default=""),
            run=fields.String(validate=validate.Length(0, 64), load_default=""),
        )
    )
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_step(told: dict[str, Any], visit: str, step: str) -> Any:
        """What came of a step; `of` a zone where it is one's, `run` the fail-safe test's.

        The station adds what it knows, and takes no "passed" for what it has not seen: 409 says what.
        """
        if not VISIT_NAME.match(visit):
            return _unknown(site)
        return answered(
            site, keep_step(site, visit, step, told["outcome"], told["of"], told["note"], told["run"])
        )

    return api


def _unknown(site: Site) -> Any:
    return problem(404, "not_found", site.words().say("api", "not_found"))


def _try(one: StepDone) -> dict[str, Any]:
    return {
        "at": stamp(one.at),
        "step": one.step.value,
        "of": one.of,
        "outcome": one.outcome.value,
        "by": one.by,
        "note": one.note,
        "values": one.values,
    }

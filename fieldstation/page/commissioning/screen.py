"""Commissioning: everything that must be tried before a station is left alone with a pump, and a report of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, request, url_for

from fieldstation.domain.answers import RelayTestBegun
from fieldstation.domain.commissioning import StepDone
from fieldstation.page.commissioning.actions import VISIT, keep_step
from fieldstation.page.commissioning.view import begin_visit, report, tried, visit_shown, visits
from fieldstation.page.context import PageContext
from fieldstation.page.history.csv_stream import line


def attach(app: Flask, page: PageContext) -> None:
    """Visits, a visit's checklist, its report; the valve held by hand."""
    _tests(app, page)
    _reports(app, page)

    @app.get("/commissioning")
    @page.needs("technician")
    def commissioning() -> Any:
        return page.screen("commissioning.html", kept=False, visits=visits(page))

    @app.post("/commissioning")
    @page.needs("technician", fresh=True)
    def commissioning_begin() -> Any:
        """A new visit; or today's, while nothing of it was tried."""
        answer = begin_visit(page)
        if answer.refused:
            said = page.refusal(answer)
            return page.screen("commissioning.html", said=said, code=409, kept=False, visits=visits(page))
        return redirect(url_for("commissioning_visit", visit=answer.body["visit"]), 303)

    @app.get("/commissioning/<visit>")
    @page.needs("technician")
    def commissioning_visit(visit: str) -> Any:
        _known(visit)
        return page.screen("commissioning_visit.html", partial(visit_shown, page, visit), kept=False)

    @app.post("/commissioning/<visit>/<step>")
    @page.needs("technician")
    def commissioning_step(visit: str, step: str) -> Any:
        _known(visit)
        outcome, of, note, run = (request.form.get(name, "") for name in ("outcome", "of", "note", "run"))
        answer = keep_step(page, visit, step, outcome, of, note, run)
        if answer.refused:
            return _refused(page, visit, page.refusal(answer))
        return page.done("commissioning_visit", "saved", visit=visit, _anchor=step)


def _tests(app: Flask, page: PageContext) -> None:
    @app.post("/commissioning/<visit>/open/<zone>")
    @page.needs("technician", fresh=True)
    def relay_test(visit: str, zone: str) -> Any:
        """Without script: ten seconds. A page with script says `held` and goes on saying so."""
        _known(visit)
        held = request.form.get("held") == "yes"
        answer = page.send_command("relay_test", RelayTestBegun, zone=zone, by=page.who(), held=held)
        if held:
            begun = answer.found
            if isinstance(begun, RelayTestBegun):
                return jsonify({"id": begun.id, "said": None})
            return jsonify({"id": None, "said": page.refusal(answer)}), 409
        if answer.refused:
            return _refused(page, visit, page.refusal(answer))
        return redirect(url_for("commissioning_visit", visit=visit, _anchor="relay"), 303)

    @app.post("/commissioning/hold/<run>")
    @page.needs("technician")
    def relay_hold(run: str) -> Any:
        return jsonify({"holding": page.send_command("hold_relay", id=run).body.get("holding", False)})

    @app.post("/commissioning/let-go/<run>")
    @page.needs("technician")
    def relay_let_go(run: str) -> Any:
        return jsonify({"ended": page.send_command("let_go", id=run).body.get("ended", False)})

    @app.post("/commissioning/<visit>/fail-safe/<zone>")
    @page.needs("technician", fresh=True)
    def fail_safe(visit: str, zone: str) -> Any:
        _known(visit)
        answer = page.send_command("fail_safe_test", RelayTestBegun, zone=zone, by=page.who())
        if answer.refused:
            return _refused(page, visit, page.refusal(answer))
        assert isinstance(answer.found, RelayTestBegun)
        return redirect(
            url_for("commissioning_visit", visit=visit, run=answer.found.id, _anchor="fail_safe"), 303
        )


def _reports(app: Flask, page: PageContext) -> None:
    @app.get("/commissioning/<visit>/report")
    @page.needs("technician")
    def commissioning_report(visit: str) -> Any:
        _known(visit)
        return page.screen("commissioning_report.html", partial(report, page, visit), kept=False)

    @app.get("/commissioning/<visit>/report.csv")
    @page.needs("technician")
    def commissioning_csv(visit: str) -> Any:
        _known(visit)
        return Response(
            _csv(tried(page, visit)),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="commissioning-{visit}.csv"'},
        )


def _known(visit: str) -> None:
    if not VISIT.match(visit):
        abort(404)


def _refused(page: PageContext, visit: str, said: str) -> Any:
    return page.screen("commissioning_visit.html", partial(visit_shown, page, visit), said=said, code=409)


def _csv(steps: list[StepDone]) -> str:
    """One row a try, so that a step that failed at first is not hidden."""
    rows = [["at", "step", "of", "outcome", "by", "note", "values"]]
    for one in steps:
        values = "; ".join(f"{name}={value}" for name, value in one.values.items())
        rows.append([one.at.isoformat(), one.step.value, one.of, one.outcome.value, one.by, one.note, values])
    return "".join(line(row) for row in rows)

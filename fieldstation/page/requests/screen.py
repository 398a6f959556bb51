"""What people may ask of a zone's water from day to day: buttons on Today and Plan, a screen of its own, water now in two steps.

Quiet hours, the day's cap and automatic on or off are on the zone's screen (`zones.py`).
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from fieldstation.domain.answers import ManualAnswer
from fieldstation.domain.station import Zone
from fieldstation.page.context import PageContext
from fieldstation.page.requests.view import water_view, zone_asked

ANCHORS = {"today": "z-", "plan": "zone-"}
"""The screens that one may have come from, and how they name a zone's place."""
DONE = {"waiting": "water_waiting", "running": "water_on", "ended": "water_was"}


def attach(app: Flask, page: PageContext) -> None:
    """The screens, and a route for each request."""
    _requests(app, page)
    _water(app, page)

    @app.get("/zones/<zone>/requests")
    @app.get("/zones/<zone>/nudges", alias=True)  # its address of before
    @page.needs("farmer")
    def zone_requests(zone: str) -> Any:
        return _screen(page, page.zone(zone))


def _requests(app: Flask, page: PageContext) -> None:
    @app.post("/zones/<zone>/skip")
    @page.needs("farmer")
    def zone_skip(zone: str) -> Any:
        on = request.form.get("on") != "no"
        return _submit(page, zone, "skip", "skip" if on else "unskip", on=on)

    @app.post("/zones/<zone>/nudge")
    @page.needs("farmer")
    def zone_adjust(zone: str) -> Any:
        return _submit(page, zone, "nudge", "asked", frac=_number(request.form.get("frac", "")))

    @app.post("/zones/<zone>/pause")
    @page.needs("farmer")
    def zone_pause(zone: str) -> Any:
        return _submit(page, zone, "pause", "pause", until=request.form.get("until", ""))

    @app.post("/zones/<zone>/resume")
    @page.needs("farmer")
    def zone_resume(zone: str) -> Any:
        return _submit(page, zone, "resume_automatic", "automatic_again")


def _water(app: Flask, page: PageContext) -> None:
    @app.get("/zones/<zone>/water")
    @page.needs("farmer")
    def zone_water(zone: str) -> Any:
        return _choose(page, page.zone(zone))

    @app.post("/zones/<zone>/water")
    @page.needs("farmer")
    def zone_water_now(zone: str) -> Any:
        """The form's own key makes a second press harmless."""
        found, form = page.zone(zone), request.form
        answer = page.send_command(
            "water_now",
            ManualAnswer,
            zone=zone,
            by=page.who(),
            key=form.get("key", ""),
            minutes=_number(form.get("minutes", "")),
        )
        if answer.refused:
            return _choose(page, found, said=page.refusal(answer), code=409)
        assert isinstance(answer.found, ManualAnswer)
        return page.done("today", DONE.get(answer.found.state, "water_on"), _anchor=f"z-{zone}")

    @app.post("/zones/<zone>/end")
    @page.needs("farmer")
    def zone_end(zone: str) -> Any:
        return _submit(page, zone, "end_run", "water_off")


def _submit(page: PageContext, zone: str, command: str, done: str, **values: Any) -> Any:
    """Ask, and go back to where it was asked; a no is told on the zone's own screen."""
    found = page.zone(zone)
    answer = page.send_command(command, zone=zone, by=page.who(), **values)
    if answer.refused:
        return _screen(page, found, said=page.refusal(answer), code=409)
    back = request.form.get("back", "")
    if back == "zone_requests":
        return page.done(back, done, zone=zone)
    back = back if back in ANCHORS and page.way(back) else "today"
    return page.done(back, done, _anchor=f"{ANCHORS[back]}{zone}")


def _screen(page: PageContext, zone: Zone, **answer: Any) -> Any:
    return page.screen(
        "requests.html",
        lambda snapshot, words: zone_asked(zone, snapshot, words, page.tz),
        kept=False,
        **answer,
    )


def _choose(page: PageContext, zone: Zone, **answer: Any) -> Any:
    """The second step of water now: how long."""
    return page.screen(
        "water.html",
        lambda snapshot, words: water_view(zone, page.station, snapshot, words),
        kept=False,
        **answer,
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

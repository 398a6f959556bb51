"""What a person may ask of the station, as routes: a table of requests, each a command of the controller."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from fieldstation.domain.settings import SETTINGS
from fieldstation.page.api.openapi import DONE, Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import CLOCK, Body, Number, YesNo, body, day, number
from fieldstation.page.api.responses import answered
from fieldstation.page.context import PageContext


@dataclass(frozen=True, slots=True)
class RequestRoute:
    """One route: `POST /api/v1<path>` asks `verb` with the path's names, the body and who asks."""

    path: str
    command: str
    says: str
    role: str = "farmer"
    fresh: bool = False
    takes: type[Schema] = Body
    sent_as: tuple[tuple[str, str], ...] = ()  # names of the API and of the command, where they differ
    keyed: bool = False  # twice is once


ZONE = "/zones/<string:zone>"
SENSOR = "/sensors/<string:sensor>"
TABLE = (
    RequestRoute(
        f"{ZONE}/skip",
        "skip",
        "Skip the next watering, once; `on` false takes that back.",
        takes=body(on=YesNo(load_default=True)),
    ),
    RequestRoute(
        f"{ZONE}/nudge",
        "nudge",
        "A little less or more each time, in tenths, within the zone's bounds.",
        takes=body(frac=Number(required=True, validate=validate.OneOf((-0.2, -0.1, 0.0, 0.1, 0.2)))),
    ),
    RequestRoute(
        f"{ZONE}/pause",
        "pause",
        "No watering before this day of the station.",
        takes=body(until=day(required=True)),
    ),
    RequestRoute(
        f"{ZONE}/resume-automatic", "resume_automatic", "A pause ends and the zone waters by itself again."
    ),
    RequestRoute(
        f"{ZONE}/automatic",
        "automatic",
        "Whether the zone waters by itself at all.",
        takes=body(on=YesNo(required=True)),
    ),
    RequestRoute(
        f"{ZONE}/quiet",
        "quiet",
        "No automatic watering in these local hours; both null for none.",
        takes=body(
            begins=fields.String(required=True, allow_none=True, validate=CLOCK),
            ends=fields.String(required=True, allow_none=True, validate=CLOCK),
        ),
        sent_as=(("begins", "from"), ("ends", "until")),
    ),
    RequestRoute(
        f"{ZONE}/day-cap",
        "day_cap",
        "The most for a day in mm, tighter than what is installed; null for none.",
        takes=body(mm=number(0, 100, required=True, allow_none=True)),
    ),
    RequestRoute(
        f"{ZONE}/water",
        "water_now",
        "Water now, so many minutes or mm, within every limit. The guard decides. "
        "The same `Idempotency-Key` waters once.",
        takes=body(minutes=number(0, 60), mm=number(0, 100)),
        keyed=True,
    ),
    RequestRoute(f"{ZONE}/end", "end_run", "End the watering of this zone that was asked for by hand."),
    RequestRoute("/alerts/<int:id>/seen", "alert_seen", "I have seen this alert."),
    RequestRoute(
        "/alerts/<int:id>/snooze",
        "alert_snooze",
        "Say nothing of this alert for so many hours.",
        takes=body(hours=number(0, 168, required=True)),
    ),
    RequestRoute(
        f"{SENSOR}/watch",
        "watch_probe",
        "A probe's volts now, about one a second; `steady_v` once they have settled.",
        role="technician",
    ),
    RequestRoute(
        "/calibrations/<int:id>/again",
        "calibrate_again",
        "An earlier calibration counts again.",
        role="technician",
        fresh=True,
    ),
    RequestRoute(
        f"{ZONE}/relay-test",
        "relay_test",
        "Open this zone's valve for ten seconds, or thirty while it is held.",
        role="technician",
        fresh=True,
        takes=body(held=YesNo(load_default=False)),
    ),
    RequestRoute("/relay-tests/<string:id>/hold", "hold_relay", "The hand still holds.", role="technician"),
    RequestRoute(
        "/relay-tests/<string:id>/let-go", "let_go", "The hand has let go: water off.", role="technician"
    ),
    RequestRoute(
        f"{ZONE}/fail-safe-test",
        "fail_safe_test",
        "Open the valve and kill the controller: the guard must shut it.",
        role="technician",
        fresh=True,
    ),
)


def attach(page: PageContext) -> Room:
    """Every row of the table, and settings of the station by name."""
    api = Room("requests", "What a person asks: granted, or refused with a code and a sentence.")
    for route in TABLE:
        view = _view(api, page, route)
        api.route(route.path, "POST", route.command)(view)
    _settings(api, page)
    return api


def _view(api: Room, page: PageContext, route: RequestRoute) -> Callable[..., Any]:
    @page.needs(route.role, fresh=route.fresh)
    @api.takes(type(route.command, (route.takes,), {}))  # each with a name of its own in the description
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def ask(sent: dict[str, Any], **path: Any) -> Any:
        names = dict(route.sent_as)
        values = {names.get(name, name): value for name, value in sent.items()}
        if route.keyed:
            values["key"] = _key(page)
        return answered(page, page.send_command(route.command, by=page.who(), **path, **values))

    ask.__doc__ = route.says
    ask.__name__ = route.command
    return ask


def _settings(api: Room, page: PageContext) -> None:
    value = Body.from_dict({"value": fields.Raw(required=True, allow_none=True)}, name="Value")

    @api.route("/settings/<string:name>", "PUT")
    @page.needs("farmer")
    @api.takes(value)
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_setting(sent: dict[str, Any], name: str) -> Any:
        """Set something of the station.

        viewer_sees, stop_needs_login and alerts_min take a technician. What is set of a zone are requests of their own,
        and where messages go is set in the room of channels.
        """
        spec = SETTINGS.get(name)
        if spec is None or spec.per_zone or spec.secret:
            return problem(404, "setting_unknown", page.words().say("refused", "setting_unknown", name=name))
        if not page.may(spec.needs.value):
            return problem(403, "role_short", page.words().say("entry", "role_short"))
        answer = page.send_command("set_setting", name=name, zone=None, value=sent["value"], by=page.who())
        return answered(page, answer)


def _key(page: PageContext) -> str:
    """One request for water by its own name: the caller's, or a new one."""
    controller = page.source.snapshot().controller
    mark = controller.manual_key if controller else ""
    return f"{mark}.{request.headers.get('Idempotency-Key') or secrets.token_hex(8)}"[:80]

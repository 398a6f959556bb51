"""What a person may ask of the station, as routes: a table of wishes, each a verb of the controller."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from fieldstation.domain.commissioning import Outcome, Step
from fieldstation.domain.settings import WISHES
from fieldstation.page.api.describe import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.shapes import DONE
from fieldstation.page.site import Site

NAME = validate.Length(1, 64)
NOTE = validate.Length(0, 200)
CLOCK = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")


class Body(Schema):
    """A JSON body; what it does not know it refuses by name."""

    class Meta:
        """Unknown fields are errors: a typing mistake must not be a wish for something else."""

        unknown = RAISE


class YesNo(fields.Field[bool]):
    """true or false, and nothing that merely sounds like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if value is not True and value is not False:
            raise ValidationError("Must be true or false.")
        return value


class Number(fields.Float):
    """A JSON number; no text, no yes or no."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Must be a number.")
        return super()._deserialize(value, attr, data, **more)


def _day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValidationError("Must be a date such as 2026-07-01.") from None


def body(**told: fields.Field[Any]) -> type[Schema]:
    """A schema of these fields."""
    return Body.from_dict(dict(told), name="Body")


def day(**more: Any) -> fields.String:
    """An ISO date."""
    return fields.String(
        validate=[validate.Regexp(r"^\d{4}-\d{2}-\d{2}$"), _day], metadata={"format": "date"}, **more
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """One route: `POST /api/v1<path>` asks `verb` with the path's names, the body and who asks."""

    path: str
    verb: str
    says: str
    role: str = "farmer"
    fresh: bool = False
    takes: type[Schema] = Body
    sent_as: tuple[tuple[str, str], ...] = ()  # names of the API and of the verb, where they differ
    keyed: bool = False  # twice is once


def _number(low: float, high: float, **more: Any) -> Number:
    return Number(validate=validate.Range(low, high), allow_nan=False, **more)


ZONE = "/zones/<string:zone>"
SENSOR = "/sensors/<string:sensor>"
TABLE = (
    Wish(f"{ZONE}/skip", "skip", "Skip the next watering, once; `on` false takes that back.",
         takes=body(on=YesNo(load_default=True))),
    Wish(f"{ZONE}/nudge", "nudge", "A little less or more each time, in tenths, within the zone's bounds.",
         takes=body(frac=Number(required=True, validate=validate.OneOf((-0.2, -0.1, 0.0, 0.1, 0.2))))),
    Wish(f"{ZONE}/pause", "pause", "No watering before this day of the station.",
         takes=body(until=day(required=True))),
    Wish(f"{ZONE}/resume-automatic", "resume_automatic", "A pause ends and the zone waters by itself again."),
    Wish(f"{ZONE}/automatic", "automatic", "Whether the zone waters by itself at all.",
         takes=body(on=YesNo(required=True))),
    Wish(f"{ZONE}/quiet", "quiet", "No automatic watering in these local hours; both null for none.",
         takes=body(begins=fields.String(required=True, allow_none=True, validate=CLOCK),
                    ends=fields.String(required=True, allow_none=True, validate=CLOCK)),
         sent_as=(("begins", "from"), ("ends", "until"))),
    Wish(f"{ZONE}/day-cap", "day_cap", "The most for a day in mm, tighter than what is installed; null for none.",
         takes=body(mm=_number(0, 100, required=True, allow_none=True))),
    Wish(f"{ZONE}/water", "water_now", "Water now, so many minutes or mm, within every limit. The guard decides. "
         "The same `Idempotency-Key` waters once.", takes=body(minutes=_number(0, 60), mm=_number(0, 100)), keyed=True),
    Wish(f"{ZONE}/end", "end_run", "End the watering of this zone that was asked for by hand."),
    Wish("/harvests", "harvest", "A harvest as it was: dry matter. The last word on a season counts.",
         takes=body(zone=fields.String(required=True, validate=NAME),
                    on=day(required=True), t_ha=_number(0, 1000, required=True))),
    Wish("/alerts/<int:id>/seen", "alert_seen", "I have seen this alert."),
    Wish("/alerts/<int:id>/snooze", "alert_snooze", "Say nothing of this alert for so many hours.",
         takes=body(hours=_number(0, 168, required=True))),
    Wish(f"{SENSOR}/watch", "watch_probe", "A probe's volts now, about one a second; `steady_v` once they have settled.",
         role="technician"),
    Wish(f"{SENSOR}/calibrate", "calibrate", "Calibrate a sensor; `try` keeps nothing. See hardware/ for how.",
         role="technician", fresh=True,
         takes=body(
             kind=fields.String(required=True, validate=validate.OneOf(
                 ("as_installed", "two_point", "gravimetric", "offset", "pulses_per_l"))),
             air_v=_number(0, 3.3), water_v=_number(0, 3.3), t_c=_number(-5, 5), rh_frac=_number(-0.15, 0.15),
             pulses_per_l=_number(0, 2000),
             samples=fields.List(fields.List(_number(0, 3.3), validate=validate.Length(2, 2)),
                                 validate=validate.Length(1, 12)),
             note=fields.String(validate=NOTE), dry_run=YesNo(),
         ), sent_as=(("dry_run", "try"),)),
    Wish("/calibrations/<int:id>/again", "calibrate_again", "An earlier calibration counts again.", role="technician",
         fresh=True),
    Wish(f"{ZONE}/relay-test", "relay_test", "Open this zone's valve for ten seconds, or thirty while it is held.",
         role="technician", fresh=True, takes=body(held=YesNo(load_default=False))),
    Wish("/relay-tests/<string:id>/hold", "hold_relay", "The hand still holds.", role="technician"),
    Wish("/relay-tests/<string:id>/let-go", "let_go", "The hand has let go: water off.", role="technician"),
    Wish(f"{ZONE}/fail-safe-test", "fail_safe_test", "Open the valve and kill the controller: the guard must shut it.",
         role="technician", fresh=True),
    Wish("/commissioning/<string:visit>/<string:step>", "commissioned", "What came of a step of commissioning.",
         role="technician",
         takes=body(outcome=fields.String(required=True, validate=validate.OneOf([o.value for o in Outcome])),
                    of=fields.String(validate=validate.Length(0, 64)), note=fields.String(validate=validate.Length(0, 500)))),
)  # fmt: skip
STEPS = frozenset(step.value for step in Step)


def attach(site: Site) -> Room:
    """Every row of the table, and settings by name."""
    api = Room("wishes", "What a person asks: granted, or refused with a code and a sentence.")
    for wish in TABLE:
        view = _view(api, site, wish)
        api.route(wish.path, "POST", wish.verb)(view)
    _settings(api, site)
    return api


def _view(api: Room, site: Site, wish: Wish) -> Callable[..., Any]:
    @site.needs(wish.role, fresh=wish.fresh)
    @api.takes(type(wish.verb, (wish.takes,), {}))  # each with a name of its own in the description
    @api.answers(DONE, 404, 409, 415, 422)
    def ask(told: dict[str, Any], **path: Any) -> Any:
        names = dict(wish.sent_as)
        values = {names.get(name, name): value for name, value in told.items()}
        if wish.keyed:
            values["key"] = _key(site)
        return granted(site, wish.verb, **path, **values)

    ask.__doc__ = wish.says
    ask.__name__ = wish.verb
    return ask


def _settings(api: Room, site: Site) -> None:
    value = Body.from_dict({"value": fields.Raw(required=True, allow_none=True)}, name="Value")

    def put(name: str, zone: str | None, told: dict[str, Any]) -> Any:
        wish = WISHES.get(name)
        if wish is None or wish.per_zone is not (zone is not None):
            return problem(404, "setting_unknown", site.words()("not_found"))
        if not site.may(wish.needs.value):
            return problem(403, "role_short", site.words().say("entry", "role_short"))
        return granted(site, "set_setting", name=name, zone=zone, value=told["value"])

    @api.route("/settings/<string:name>", "PUT")
    @site.needs("farmer")
    @api.takes(value)
    @api.answers(DONE, 404, 409, 415, 422)
    def api_setting(told: dict[str, Any], name: str) -> Any:
        """Set something of the station."""
        return put(name, None, told)

    @api.route(f"{ZONE}/settings/<string:name>", "PUT")
    @site.needs("farmer")
    @api.takes(value)
    @api.answers(DONE, 404, 409, 415, 422)
    def api_zone_setting(told: dict[str, Any], zone: str, name: str) -> Any:
        """Set something of a zone."""
        return put(name, zone, told)


def granted(site: Site, verb: str, **values: Any) -> Any:
    """The controller's answer as JSON, or its no as a problem."""
    answer = site.wish(verb, by=site.who(), **values)
    if "refused" not in answer:
        return jsonify(answer)
    code = str(answer["refused"])
    status = 503 if code in ("controller_silent", "guard_silent", "record_failed", "disk_full") else 409
    if code in ("zone_unknown", "sensor_unknown", "calibration_gone", "alert_gone", "setting_unknown"):
        status = 404
    return problem(status, code, site.refusal(answer), **(answer.get("values") or {}))


def _key(site: Site) -> str:
    """One wish for water by its own name: the caller's, or a new one."""
    mark = (site.gather.picture().controller or {}).get("hand_mark") or ""
    return f"{mark}.{request.headers.get('Idempotency-Key') or secrets.token_hex(8)}"[:80]

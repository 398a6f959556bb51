"""What the API's answers look like, as JSON Schema; `tests/page/test_api.py` holds real answers against them."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

INSTANT: Shape = {"type": "string", "format": "date-time"}
DAY: Shape = {"type": "string", "format": "date"}
NUMBER: Shape = {"type": "number"}
TEXT: Shape = {"type": "string"}
YES_NO: Shape = {"type": "boolean"}
ANY_OBJECT: Shape = {"type": "object"}


def or_null(shape: Shape) -> Shape:
    """The shape, or null for what is unknown."""
    return {"anyOf": [shape, {"type": "null"}]}


def list_of(shape: Shape) -> Shape:
    """A list."""
    return {"type": "array", "items": shape}


def thing(**fields: Shape) -> Shape:
    """An object that always has these fields and no other; what is absent is null, never missing."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def open_thing(**fields: Shape) -> Shape:
    """The same, and it may have more fields."""
    return {**thing(**fields), "additionalProperties": True}


PROBLEM = thing(type=TEXT, title=TEXT, status={"type": "integer"}, code=TEXT, detail=TEXT, values=ANY_OBJECT)
LINE = thing(on=or_null(YES_NO), on_for_s=or_null(NUMBER), lease_left_s=or_null(NUMBER))
LINES: Shape = {"type": "object", "additionalProperties": LINE}
RUN_SHORT = thing(started_at=INSTANT, ended_at=INSTANT, litres=NUMBER, stop_reason=TEXT)
RANGE = thing(p10=NUMBER, p50=NUMBER, p90=NUMBER)
REASON = thing(code=TEXT, values=ANY_OBJECT)
ZONE = open_thing(
    id=TEXT, name=TEXT,
    soil_water=thing(value=or_null(NUMBER), unit=TEXT, age_s=or_null(NUMBER), quality=TEXT),
    verdict=TEXT, last_run=or_null(RUN_SHORT), next_run=or_null(thing(at=INSTANT, minutes=NUMBER)),
    decision=or_null(ANY_OBJECT), forecast=list_of(ANY_OBJECT), yield_t_ha=or_null(RANGE),
    drivers=list_of(ANY_OBJECT), yield_drivers=list_of(ANY_OBJECT),
)  # fmt: skip
STATUS = open_thing(
    station=thing(name=TEXT), clock=thing(now=INSTANT, trusted=or_null(YES_NO)),
    guard=thing(alive=YES_NO, stop_latched=or_null(YES_NO), lines=LINES),
    controller=thing(alive=YES_NO, heartbeat_age_s=or_null(NUMBER)), learning=or_null(ANY_OBJECT),
    zones=list_of(ZONE), alerts=list_of(open_thing(code=TEXT, zone=or_null(TEXT), values=ANY_OBJECT)),
)  # fmt: skip
HEALTH = thing(ok=YES_NO, missing=list_of(TEXT))
STOPPED = open_thing(stopped=YES_NO)
RESUMED = open_thing(resumed=YES_NO)

_SPAN: dict[str, Shape] = {
    "zone": TEXT, "span": TEXT, "since": INSTANT, "until": INSTANT, "planted_on": or_null(DAY),
}  # fmt: skip
_NUMBERS = list_of(or_null(NUMBER))
SERIES = thing(
    **_SPAN, steps=thing(step=TEXT, every=NUMBER, count=NUMBER, first=TEXT), dry=NUMBER, full=NUMBER,
    series=list_of(open_thing(sensor=TEXT, quantity=TEXT, unit=TEXT, depth_cm=or_null(NUMBER))),
    water_mm=_NUMBERS, water_l=_NUMBERS,
)  # fmt: skip
RUNS = thing(
    **_SPAN, more=YES_NO,
    runs=list_of(thing(
        id=TEXT, started_at=INSTANT, ended_at=INSTANT, on_s=NUMBER, litres=NUMBER, measured=YES_NO, depth_mm=NUMBER,
        origin=TEXT, stop_reason=TEXT, trusted=YES_NO,
    )),
)  # fmt: skip
DECISIONS = thing(
    **_SPAN, more=YES_NO,
    decisions=list_of(thing(id=TEXT, at=INSTANT, rung=TEXT, depth_mm=NUMBER, reason=REASON, trusted=YES_NO)),
)  # fmt: skip
EVENTS = thing(
    **_SPAN, more=YES_NO,
    events=list_of(thing(code=TEXT, at=INSTANT, zone=or_null(TEXT), values=ANY_OBJECT, trusted=YES_NO)),
)  # fmt: skip
SETTINGS = thing(station=ANY_OBJECT, zones={"type": "object", "additionalProperties": ANY_OBJECT})
DONE: Shape = ANY_OBJECT

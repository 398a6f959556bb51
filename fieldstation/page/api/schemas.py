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
    id=TEXT,
    name=TEXT,
    soil_water=thing(value=or_null(NUMBER), unit=TEXT, age_s=or_null(NUMBER), quality=TEXT),
    verdict=TEXT,
    last_run=or_null(RUN_SHORT),
    next_run=or_null(thing(at=INSTANT, minutes=NUMBER)),
    decision=or_null(ANY_OBJECT),
    forecast=list_of(ANY_OBJECT),
    yield_t_ha=or_null(RANGE),
    drivers=list_of(ANY_OBJECT),
    yield_drivers=list_of(ANY_OBJECT),
)
STATUS = open_thing(
    station=thing(name=TEXT),
    clock=thing(now=INSTANT, trusted=or_null(YES_NO)),
    guard=thing(alive=YES_NO, stop_latched=or_null(YES_NO), lines=LINES),
    controller=thing(alive=YES_NO, heartbeat_age_s=or_null(NUMBER)),
    learning=or_null(ANY_OBJECT),
    zones=list_of(ZONE),
    alerts=list_of(open_thing(code=TEXT, zone=or_null(TEXT), values=ANY_OBJECT)),
)
HEALTH = thing(ok=YES_NO, missing=list_of(TEXT))
STOPPED = open_thing(stopped=YES_NO)
RESUMED = open_thing(resumed=YES_NO)

_SPAN: dict[str, Shape] = {
    "zone": TEXT,
    "span": TEXT,
    "since": INSTANT,
    "until": INSTANT,
    "planted_on": or_null(DAY),
}
_NUMBERS = list_of(or_null(NUMBER))
SERIES = thing(
    **_SPAN,
    steps=thing(step=TEXT, every=NUMBER, count=NUMBER, first=TEXT),
    dry=NUMBER,
    full=NUMBER,
    series=list_of(open_thing(sensor=TEXT, quantity=TEXT, unit=TEXT, depth_cm=or_null(NUMBER))),
    water_mm=_NUMBERS,
    water_l=_NUMBERS,
)
RUNS = thing(
    **_SPAN,
    more=YES_NO,
    runs=list_of(
        thing(
            id=TEXT,
            started_at=INSTANT,
            ended_at=INSTANT,
            on_s=NUMBER,
            litres=NUMBER,
            measured=YES_NO,
            depth_mm=NUMBER,
            origin=TEXT,
            stop_reason=TEXT,
            trusted=YES_NO,
        )
    ),
)
DECISIONS = thing(
    **_SPAN,
    more=YES_NO,
    decisions=list_of(thing(id=TEXT, at=INSTANT, rung=TEXT, depth_mm=NUMBER, reason=REASON, trusted=YES_NO)),
)
EVENTS = thing(
    **_SPAN,
    more=YES_NO,
    events=list_of(thing(code=TEXT, at=INSTANT, zone=or_null(TEXT), values=ANY_OBJECT, trusted=YES_NO)),
)
DONE: Shape = ANY_OBJECT
ZIP_FILE: Shape = {"type": "string", "format": "binary"}
RECORD = thing(state=TEXT, mb=NUMBER, at=or_null(INSTANT))

SETTINGS = thing(
    station=ANY_OBJECT,
    zones={"type": "object", "additionalProperties": ANY_OBJECT},
    device=thing(
        timezone=TEXT,
        clock_trusted=or_null(YES_NO),
        record_ok=or_null(YES_NO),
        disk_free_gb=NUMBER,
        disk_whole_gb=NUMBER,
    ),
)
ABOUT = thing(version=TEXT, works=list_of(thing(name=TEXT, version=TEXT, licence=TEXT)))
ZONES = thing(
    zones=list_of(
        thing(
            id=TEXT,
            name=TEXT,
            crop=TEXT,
            planted_on=DAY,
            area_m2=NUMBER,
            pump=TEXT,
            valve=TEXT,
            soil=thing(
                texture=TEXT, field_capacity_frac=NUMBER, wilting_point_frac=NUMBER, saturation_frac=NUMBER
            ),
            application_efficiency_frac=NUMBER,
            limits=thing(
                longest_run_s=NUMBER,
                min_rest_s=NUMBER,
                max_starts_per_hour=NUMBER,
                max_l_per_day=NUMBER,
                max_s_per_day=NUMBER,
                max_depth_mm_per_day=NUMBER,
            ),
            water_from=TEXT,
            water_until=TEXT,
            probes=list_of(
                thing(
                    id=TEXT,
                    depth_cm=NUMBER,
                    value=or_null(NUMBER),
                    age_s=or_null(NUMBER),
                    quality=or_null(TEXT),
                )
            ),
        )
    ),
    pumps=list_of(thing(id=TEXT, nominal_lpm=NUMBER, flow_meter=or_null(TEXT), tank_float=or_null(TEXT))),
)
PLAN = thing(
    zone=TEXT,
    record_error=or_null(TEXT),
    ahead=or_null(
        list_of(
            thing(
                on=DAY,
                kind=TEXT,
                why=TEXT,
                sure=or_null(TEXT),
                at=or_null(INSTANT),
                minutes=or_null(NUMBER),
                litres=or_null(NUMBER),
                early_on=or_null(DAY),
                late_on=or_null(DAY),
            )
        )
    ),
    behind=list_of(
        thing(
            on=DAY,
            kind=TEXT,
            decision=or_null(ANY_OBJECT),
            runs=list_of(RUN_SHORT),
            refusal=or_null(thing(at=INSTANT, values=ANY_OBJECT)),
            deeds=list_of(thing(at=INSTANT, who=TEXT, what=TEXT, values=ANY_OBJECT)),
        )
    ),
)

HARVEST = or_null(thing(on=DAY, t_ha=NUMBER))
SEASON = thing(
    zone=TEXT,
    crop=TEXT,
    planted_on=DAY,
    day=NUMBER,
    season_days=NUMBER,
    stage=or_null(NUMBER),
    stage_days=list_of(NUMBER),
    yield_t_ha=or_null(RANGE),
    yield_by=or_null(TEXT),
    harvest_on=or_null(thing(p10=DAY, p50=DAY, p90=DAY)),
    yield_drivers=list_of(ANY_OBJECT),
    over=YES_NO,
    sums=or_null(
        thing(
            days=NUMBER,
            known_days=NUMBER,
            water_mm=NUMBER,
            litres=NUMBER,
            rain_mm=NUMBER,
            use_mm=NUMBER,
            heat_c_days=NUMBER,
            thirsty_days=NUMBER,
            lost_mm=NUMBER,
        )
    ),
    before=or_null(thing(planted_on=DAY, crop=TEXT, water_mm=NUMBER, whole_mm=NUMBER, harvest=HARVEST)),
    harvest=HARVEST,
    harvests=list_of(HARVEST),
    earlier=list_of(thing(planted_on=DAY, crop=TEXT, harvest=HARVEST)),
)
SEASON_REPORT = thing(
    zone=TEXT,
    crop=TEXT,
    planted_on=DAY,
    first_on=DAY,
    last_on=DAY,
    over=YES_NO,
    days=NUMBER,
    water_mm=NUMBER,
    litres=NUMBER,
    runs=NUMBER,
    rain_mm=or_null(NUMBER),
    use_mm=or_null(NUMBER),
    harvest=HARVEST,
)
_THREE: Shape = {"type": "array", "items": NUMBER, "minItems": 3, "maxItems": 3}
PLANTING = thing(
    asked=thing(
        **{
            "zone": TEXT,
            "crop": TEXT,
            "from": DAY,
            "to": DAY,
            "climate": TEXT,
            "soil": TEXT,
            "every_days": NUMBER,
        }
    ),
    state=TEXT,
    detail=TEXT,
    best=or_null(DAY),
    dates=list_of(
        thing(
            plant_on=DAY,
            harvest_on=DAY,
            yield_t_ha=_THREE,
            water_mm=_THREE,
            frost_days=NUMBER,
            years=NUMBER,
        )
    ),
)

_ALERT: dict[str, Shape] = {
    "id": or_null(NUMBER),
    "code": TEXT,
    "severity": TEXT,
    "zone": or_null(TEXT),
    "values": ANY_OBJECT,
    "since": or_null(INSTANT),
    "since_sure": or_null(YES_NO),
    "seen_by": or_null(TEXT),
    "seen_at": or_null(INSTANT),
    "quiet_until": or_null(INSTANT),
    "what": TEXT,
}
ALERTS = thing(
    fresh=YES_NO,
    open=list_of(thing(**_ALERT, effect=TEXT, steps=list_of(TEXT))),
    solved=list_of(thing(**_ALERT, ended_at=or_null(INSTANT))),
)
CHANNELS = thing(
    least=TEXT,
    channels=list_of(
        thing(
            name=TEXT,
            on=YES_NO,
            waiting=NUMBER,
            last=or_null(thing(state=TEXT, detail=TEXT, at=INSTANT)),
            test=or_null(thing(state=TEXT, open=YES_NO)),
        )
    ),
)

ACCOUNT = thing(name=TEXT, role=TEXT, token=YES_NO, fresh=YES_NO, csrf=or_null(TEXT))
PEOPLE = thing(people=list_of(thing(name=TEXT, role=TEXT, since=INSTANT, me=YES_NO)))
TOKENS = thing(
    tokens=list_of(thing(id=NUMBER, name=TEXT, scopes=list_of(TEXT), role=TEXT, by=TEXT, since=INSTANT))
)
TOKEN_MADE = thing(added=TEXT, token=TEXT)
AUDIT = thing(
    deeds=list_of(
        thing(
            id=NUMBER,
            at=INSTANT,
            trusted=YES_NO,
            who=TEXT,
            what=TEXT,
            zone=or_null(TEXT),
            values=ANY_OBJECT,
        )
    ),
    older=or_null(NUMBER),
)

_POINTS = list_of(list_of(NUMBER))
CALIBRATIONS = thing(
    sensors=list_of(thing(id=TEXT, kind=TEXT, zone=or_null(TEXT), depth_cm=or_null(NUMBER))),
    calibrations=list_of(
        thing(
            id=NUMBER,
            sensor=TEXT,
            kind=TEXT,
            at=INSTANT,
            by=TEXT,
            note=TEXT,
            curve=_POINTS,
            values=ANY_OBJECT,
            points=_POINTS,
            in_force=YES_NO,
        )
    ),
)
CALIBRATED = thing(
    calibrated=YES_NO, curve=_POINTS, values=ANY_OBJECT, would=or_null(thing(times=NUMBER, of=NUMBER))
)
TEST_RUN = thing(
    id=TEXT,
    over=YES_NO,
    zone=or_null(TEXT),
    stop_reason=or_null(TEXT),
    on_s=or_null(NUMBER),
    litres=or_null(NUMBER),
)
BUCKET = thing(pulses_per_l=NUMBER, kept=YES_NO)
VISITS = thing(
    visits=list_of(thing(visit=TEXT, first_at=INSTANT, last_at=INSTANT, tried=YES_NO, signed=YES_NO))
)
VISIT_MADE = thing(visit=TEXT)
_TRY = thing(at=INSTANT, step=TEXT, of=TEXT, outcome=TEXT, by=TEXT, note=TEXT, values=ANY_OBJECT)
VISIT = thing(
    visit=TEXT,
    steps=list_of(thing(step=TEXT, of=TEXT, facts=ANY_OBJECT, done=or_null(_TRY))),
    tries=list_of(_TRY),
    passed=YES_NO,
    signed=YES_NO,
)

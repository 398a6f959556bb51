"""The answer of a deed as the API gives it: JSON, or the no as a problem that names the field where one is to blame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Response, jsonify

from fieldstation.binding import plain
from fieldstation.domain.station import Zone
from fieldstation.page.api.problem import problem
from fieldstation.page.site import Answer, Site

T = TypeVar("T")
STATUS = {
    **dict.fromkeys(("controller_silent", "guard_silent", "record_failed", "disk_full"), 503),
    **dict.fromkeys(
        (
            "zone_unknown",
            "sensor_unknown",
            "calibration_gone",
            "alert_gone",
            "setting_unknown",
            "account_unknown",
            "token_unknown",
        ),
        404,
    ),
    **dict.fromkeys(("name_bad", "password_weak", "setting_bad", "scope_bad"), 422),
    "wrong_own": 403,
    "wait": 429,
}
"""Of a refusal; any other is 409: well asked, and refused as things are."""
FIELDS = {
    "name_bad": "name",
    "password_weak": "password",
    "setting_bad": "value",
    "scope_bad": "scopes",
    "wrong_own": "password",
}
"""Which field of the body a refusal is about, where it has no other name there."""


def answered(site: Site, answer: Answer, fields: Mapping[str, str] = MappingProxyType({})) -> Any:
    """`fields`: names of fields by the code of a refusal, where they are not the usual ones."""
    if not answer.refused:
        return jsonify(answer.told)
    code, values = answer.refused, dict(answer.values)
    sentence = site.refusal(answer)
    if (field := fields.get(code) or FIELDS.get(code)) is not None:
        values["wrong"] = {"json": {field: [str(values.get("detail") or sentence)]}}
    return problem(STATUS.get(code, 409), code, sentence, **values)


def shown(answer: object) -> Response:
    """An answer as JSON."""
    return jsonify(plain(answer))


def widened(kind: type[T], narrow: object, **more: Any) -> T:
    """What is known of something, and what an answer adds to it."""
    return kind(**{one.name: getattr(narrow, one.name) for one in fields_of(narrow)}, **more)  # type: ignore[arg-type]


def record_silent(error: Exception) -> Response:
    """The record cannot be read."""
    return problem(503, "record_silent", str(error))


def zone_or_problem(site: Site, zone: str) -> tuple[Zone | None, Any]:
    """The zone of an address, or why there is none."""
    found = site.zones.get(zone)
    return found, None if found else answered(site, Answer("zone_unknown"))


def second(at: datetime) -> datetime:
    """An instant as the API tells it: whole seconds."""
    return at.replace(microsecond=0)

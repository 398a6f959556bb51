"""The answer to an action as the API gives it: JSON, or the no as a problem that names the field where one is to blame."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Response, jsonify

from fieldstation.binding import plain
from fieldstation.domain.station import Zone
from fieldstation.page.api.problem import problem
from fieldstation.page.context import Answer, PageContext

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


def answered(page: PageContext, answer: Answer, fields: Mapping[str, str] = MappingProxyType({})) -> Any:
    """`fields`: names of fields by the code of a refusal, where they are not the usual ones."""
    if not answer.refused:
        return jsonify(answer.body)
    code, values = answer.refused, dict(answer.values)
    sentence = page.refusal(answer)
    if (field := fields.get(code) or FIELDS.get(code)) is not None:
        values["wrong"] = {"json": {field: [str(values.get("detail") or sentence)]}}
    return problem(STATUS.get(code, 409), code, sentence, **values)


def shown(answer: object) -> Response:
    """An answer as JSON."""
    return jsonify(plain(answer))


def record_silent(error: Exception) -> Response:
    """The record cannot be read."""
    return problem(503, "record_silent", str(error))


def zone_or_problem(page: PageContext, zone: str) -> tuple[Zone | None, Any]:
    """The zone of an address, or why there is none."""
    found = page.zones.get(zone)
    return found, None if found else answered(page, Answer("zone_unknown"))


def second(at: datetime) -> datetime:
    """An instant as the API tells it: whole seconds."""
    return at.replace(microsecond=0)

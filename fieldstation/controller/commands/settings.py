"""A person sets something, of the station or of a zone."""

from __future__ import annotations

from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.domain.people import named
from fieldstation.domain.settings import SETTINGS
from fieldstation.wire.line import Message


def set_setting(context: CommandContext, message: Message) -> Message:
    """`{command: set_setting, name, zone, value, by}` -> `{set: name, zone, value}`.

    Refused: `setting_unknown`, `zone_unknown`, `setting_bad` (with `name` and `detail`), `nobody_asks`.
    """
    name, zone, by = message.get("name"), message.get("zone"), asked_by(message)
    spec = SETTINGS.get(str(name))
    if spec is None:
        raise Refused("setting_unknown", name=str(name))
    zones = [one.id for one in context.core.station.zones]
    if spec.per_zone and zone not in zones:
        raise Refused("zone_unknown", zone=str(zone))
    if not spec.per_zone and zone is not None:
        raise Refused("setting_bad", name=str(name), detail="belongs to the station, not to a zone")
    try:
        value = spec.checked(message.get("value"))
    except ValueError as error:
        raise Refused("setting_bad", name=str(name), detail=str(error)) from error
    context.record.set_setting(str(name), zone, value, by)
    context.core.apply_settings(context.record.settings())
    return {"set": name, "zone": zone, "value": None if spec.secret else value}


def asked_by(message: Message) -> str:
    """Who asks: every request says so. Raises Refused."""
    try:
        return named(message.get("by"))
    except ValueError:
        raise Refused("nobody_asks") from None

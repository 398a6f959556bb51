"""A sensor's role comes from what its driver measures."""

from __future__ import annotations

from fieldstation.config.draft import Draft
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Device
from fieldstation.drivers.load import measures

ROLES = {
    Quantity.SOIL_WATER: "soil probe",
    Quantity.AIR_T: "air sensor",
    Quantity.RAIN: "rain gauge",
}


def check_roles(draft: Draft, sensed: dict[str, Device]) -> None:
    """Note a sensor that no role takes: it would be read by nobody."""
    for id, device in sensed.items():
        measured = measures(device.driver)
        if not any(quantity in ROLES for quantity in measured):
            roles = ", ".join(f"{name} ({quantity})" for quantity, name in ROLES.items())
            draft.problem(
                f"sensor.{id}",
                "driver",
                f"{device.driver!r} measures {', '.join(measured) or 'nothing'}, which has no role here",
                f"remove it, or choose a driver that measures what a role needs: {roles}",
            )


def with_role(sensed: dict[str, Device], quantity: Quantity) -> dict[str, Device]:
    """The sensors that measure a quantity, by id."""
    return {id: device for id, device in sensed.items() if quantity in measures(device.driver)}


def only(draft: Draft, sensed: dict[str, Device], quantity: Quantity) -> Device | None:
    """The one sensor of a role. Two are a problem: a person must say which of them counts."""
    found = with_role(sensed, quantity)
    if len(found) > 1:
        draft.problem(
            "sensor",
            "",
            f"more than one {ROLES[quantity]}: {', '.join(found)}",
            "keep one: its value is the station's",
        )
    return next(iter(found.values()), None)

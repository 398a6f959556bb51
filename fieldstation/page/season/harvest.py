"""A harvest as a form says it: weights in the units of scales, turned to t/ha of dry matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from fieldstation.domain.station import Zone
from fieldstation.language.formats import M2_PER_HA, SHORT_TON_ACRE_PER_T_HA

KG_PER_LB = 0.45359237
UNITS = {"metric": ("kg", "t_ha"), "us": ("lb", "ton_ac")}
"""By the reader's system: the weight of the whole zone, or by area."""


class BadEntry(ValueError):
    """What to mend: `bad_CODE` of `[season]` words."""


@dataclass(frozen=True, slots=True)
class HarvestEntry:
    """A form as filled in, and what it means."""

    zone: str
    on: date
    t_ha: float  # dry matter


@dataclass(frozen=True, slots=True)
class HarvestForm:
    """The form as it stands: texts as typed, `dry` per cent. `wrong` is what to mend, `sure` the question before it is kept."""

    zone: str
    on: str
    amount: str
    unit: str
    dry: str
    wrong: str = ""
    sure: str = ""


def read(form: HarvestForm, zone: Zone, today: date) -> HarvestEntry:
    """What a form means. Raises BadEntry."""
    try:
        on = date.fromisoformat(form.on.strip())
    except ValueError:
        raise BadEntry("date") from None
    if on > today:
        raise BadEntry("ahead")
    amount, dry = number(form.amount), number(form.dry)
    if amount is None or amount < 0:
        raise BadEntry("amount")
    if dry is None or not 0 < dry <= 100:
        raise BadEntry("dry")
    per_t_ha = {
        "t_ha": 1.0,
        "ton_ac": 1 / SHORT_TON_ACRE_PER_T_HA,
        "kg": M2_PER_HA / zone.area_m2 / 1000,
        "lb": KG_PER_LB * M2_PER_HA / zone.area_m2 / 1000,
    }.get(form.unit)
    if per_t_ha is None:
        raise BadEntry("unit")
    return HarvestEntry(zone.id, on, round(amount * per_t_ha * dry / 100, 6))


def blank(zone: Zone, system: str, today: date) -> HarvestForm:
    """What the form begins with."""
    dry = f"{zone.crop.dry_frac * 100:g}"
    return HarvestForm(zone.id, today.isoformat(), "", UNITS[system][0], dry)


def number(text: str) -> float | None:
    """A number as people type it: a decimal comma, blanks between thousands, digits of any script."""
    plain = "".join(text.split()).replace("\u066b", ".").replace("\u066c", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        found = float(plain.replace(",", ""))
    except ValueError:
        return None
    return found if math.isfinite(found) else None

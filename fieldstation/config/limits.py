"""Limits tables: required, complete, without defaults."""

from __future__ import annotations

from fieldstation.config.binding import Reader, Table
from fieldstation.config.sections import LimitsSection
from fieldstation.domain.station import Limits


def read_limits(reader: Reader, where: str, table: Table) -> Limits | None:
    """The limits of a pump or zone, or None and problems."""
    limits = reader.table(
        f"{where}.limits", table.get("limits"), "add it: a pump without limits may flood a field"
    )
    section = None if limits is None else reader.bind(f"{where}.limits", limits, LimitsSection)
    return Limits(**{k: getattr(section, k) for k in LimitsSection.__slots__}) if section else None

"""What a technician found out about a sensor, and what the station makes of its answers since."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Curve = tuple[tuple[float, float], ...]
"""(volts, m3/m3) by rising volts, two points or more."""


class CalibrationKind(StrEnum):
    """How a calibration came about."""

    AS_INSTALLED = "as_installed"  # back to what station.toml says
    TWO_POINT = "two_point"  # air and water: an index, laid over the installed curve
    GRAVIMETRIC = "gravimetric"  # soil weighed wet and dry
    OFFSET = "offset"  # air: what a trusted thermometer reads more or less
    PULSES_PER_L = "pulses_per_l"  # bucket test; for station.toml, which the guard reads


@dataclass(frozen=True, slots=True)
class Calibration:
    """One calibration on record. The newest of a sensor counts; older ones stay and can be gone back to.

    `curve` is what volts mean now, empty where it is not about volts. `values` hold what it was
    made of (`air_v`, `water_v`, `points`) and, for OFFSET, `t_c` and `rh_frac` to add.
    """

    sensor: str
    kind: CalibrationKind
    at: datetime
    by: str
    note: str = ""
    curve: Curve = ()
    values: dict[str, float] = field(default_factory=dict)
    points: Curve = ()
    id: int | None = None


def in_force(calibrations: list[Calibration]) -> dict[str, Calibration]:
    """The newest of each sensor; `calibrations` stand in the order they were made."""
    return {one.sensor: one for one in calibrations if one.kind is not CalibrationKind.PULSES_PER_L}

"""Learning as the controller tells it: small enough for every second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model of the station's own, and how it did beside its rival on `days` mornings, in parts of the soil's span."""

    version: str
    made_at: datetime
    against: str
    why: str
    mae_frac: float | None
    rival_mae_frac: float | None
    days: int


@dataclass(frozen=True, slots=True)
class CalibrationStatus:
    """A figure found in the record; `low` and `high` hold the middle 80 %."""

    zone: str
    probe: str | None
    kind: str
    value: float
    low: float | None
    high: float | None
    sure_frac: float
    credible: bool
    why: str


@dataclass(frozen=True, slots=True)
class YieldStatus:
    """What earlier harvests taught of a crop: harvested is about `scale` times what is forecast."""

    zone: str
    crop: str
    scale: float
    seasons: int
    used: bool
    why: str


@dataclass(frozen=True, slots=True)
class LearningStatus:
    """Who is in charge and in shadow; None stands for the shipped model. `failure` is a code."""

    running: bool
    last_at: datetime | None
    failure: str | None
    champion: ModelStatus | None
    shadow: ModelStatus | None
    calibrations: tuple[CalibrationStatus, ...]
    yields: tuple[YieldStatus, ...]

"""What the planner returns: a forecast with its range. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fieldstation.domain.learned import Prediction, RefusedModel

HORIZONS_H = (24, 48, 72)
HORIZONS_D = tuple(hours // 24 for hours in HORIZONS_H)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A range: p10 <= p50 <= p90."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class SoilForecast:
    """Soil water `hours` after the forecast's instant if no water is given, m3/m3."""

    hours: int
    soil_water_frac: Quantiles


CONTRIBUTIONS = (
    "soil_balance",
    "soil_probe",
    "soil",
    "crop_stage",
    "weather",
    "rain",
    "water_given",
    "usual",
)
"""Every group of features that a farmer knows, and what is usual for the crop."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One reason behind a prediction: a feature group, and how far it moved the result."""

    name: str
    effect: float


class YieldBy(StrEnum):
    """What a yield forecast rests on."""

    GROWTH = "growth"  # the season's growth and what was learned of it
    CROP_MEAN = "crop_mean"  # mostly what the crop usually brings: no skill yet


@dataclass(frozen=True, slots=True)
class ZoneForecast:
    """One zone's forecast by one model version.

    `depletion_frac` is root-zone depletion of TAW now (0 full, 1 wilting point);
    `need_mm` net depth that would refill the root zone now; `yield_t_ha` dry matter.
    """

    zone: str
    at: datetime
    model: str
    soil: tuple[SoilForecast, ...]
    depletion_frac: Quantiles
    need_mm: Quantiles
    yield_t_ha: Quantiles | None
    drivers: tuple[Contribution, ...] = ()  # of the depletion, in parts of TAW
    yield_drivers: tuple[Contribution, ...] = ()  # in t/ha; `usual` is what the model knows before it looks
    yield_by: YieldBy | None = None
    harvest_on: tuple[date, date, date] | None = None  # p10, p50, p90


@dataclass(frozen=True, slots=True)
class PlannerReport:
    """All a planner run says. `failure` is a code such as `lightgbm_missing`, else None.

    `foretold` is what each model said, while one of the station's own is among them; `refused`
    are own models whose files could not be used.
    """

    at: datetime
    zones: tuple[ZoneForecast, ...]
    failure: str | None = None
    detail: str = ""
    predictions: tuple[Prediction, ...] = ()
    refused: tuple[RefusedModel, ...] = ()

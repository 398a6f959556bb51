"""What a station has learned of itself: models of its own, calibrations, harvests, and how they were judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fieldstation.domain.station import Zone


class ModelState(StrEnum):
    """Where a model of the station's own stands. Without a champion the shipped model is in charge."""

    REFUSED = "refused"  # lost on held-out days, or in its shadow days
    SHADOW = "shadow"  # forecasts beside the one in charge; acts nowhere
    CHAMPION = "champion"
    REPLACED = "replaced"  # a later one took over
    DEMOTED = "demoted"  # did worse than the shipped model on later days
    ROLLED_BACK = "rolled_back"  # by hand
    DAMAGED = "damaged"  # its file is not the one on record


@dataclass(frozen=True, slots=True)
class Score:
    """How two models did on the same days without water, in parts of the soil's span (lower is better).

    `pinball` and `mae` are the judged model's, `rival_*` of the one it was compared with;
    `days` mornings and `points` forecasts were judged.
    """

    pinball: float
    rival_pinball: float
    mae: float
    rival_mae: float
    days: int
    points: int


@dataclass(frozen=True, slots=True)
class OwnModel:
    """One version on record. `sha256` is of its manifest, which holds the sums of its files."""

    version: str
    state: ModelState
    made_at: datetime
    sha256: str
    against: str  # the version that it was judged against
    why: str  # a code of `challenge`
    held_out: Score | None = None
    later: Score | None = None  # in shadow, or in charge


def in_charge(models: Iterable[OwnModel]) -> OwnModel | None:
    """The champion, None while the shipped model is in charge."""
    return next((model for model in models if model.state is ModelState.CHAMPION), None)


def in_shadow(models: Iterable[OwnModel]) -> OwnModel | None:
    """The version that forecasts beside the one in charge."""
    return next((model for model in models if model.state is ModelState.SHADOW), None)


@dataclass(frozen=True, slots=True)
class RefusedModel:
    """A version on record whose files cannot be used, and the code of why."""

    version: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What later days said of a version, and the state it should have."""

    version: str
    state: ModelState
    why: str
    score: Score | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """One figure found in the record. `value` is None when nothing could be said; `why` is then its code.

    `kind` is one of `calibration.KINDS`; `low` and `high` hold the middle 80 % of the `n`
    observations; `sure_frac` is 0 to 1. A value out of its plausible span is not `credible`, and used nowhere.
    """

    zone: str
    probe: str | None
    kind: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    sure_frac: float
    credible: bool
    why: str


@dataclass(frozen=True, slots=True)
class ZoneLearned:
    """What deciding may use of a zone's calibrations. It lengthens no run beyond a limit and starts none.

    `measured_lpm` is the flow its meter really showed, `crop_use` how fast it dries against the account.
    """

    measured_lpm: float | None = None
    crop_use: float = 1.0


@dataclass(frozen=True, slots=True)
class YieldCorrection:
    """Harvests against forecasts: what is harvested is about `scale` times what is forecast, plus `plus_t_ha`."""

    zone: str
    crop: str
    scale: float
    plus_t_ha: float
    seasons: int
    used: bool
    why: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """Dry matter brought in from a zone. Of several for one season the one entered last counts."""

    zone: str
    on: date
    t_ha: float


@dataclass(frozen=True, slots=True)
class Planting:
    """A season that the record knows of: what was told of the zone when it was planted."""

    zone: str
    planted_on: date
    crop: str
    season_days: int
    area_m2: float
    efficiency_frac: float
    field_capacity_frac: float
    wilting_point_frac: float
    saturation_frac: float


def planting_of(zone: Zone) -> Planting:
    """What the configuration tells of a zone's season today."""
    soil = zone.soil
    return Planting(
        zone.id,
        zone.planted_on,
        zone.crop.name,
        zone.crop.season_days,
        zone.area_m2,
        zone.application_efficiency_frac,
        soil.field_capacity_frac,
        soil.wilting_point_frac,
        soil.saturation_frac,
    )


@dataclass(frozen=True, slots=True)
class LearnReport:
    """All that one learning run says. `failure` is a code, else None; `fitted` a new version, if one was made."""

    at: datetime
    failure: str | None
    detail: str
    days: int
    windows: int
    fitted: OwnModel | None
    judged: tuple[Judged, ...]
    calibrations: tuple[Calibration, ...]
    yields: tuple[YieldCorrection, ...]
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Point:
    """A forecast of one probe: m3/m3, `hours` after it was made, if no water comes."""

    depth_cm: int
    hours: int
    now_frac: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one version forecast for one zone, kept to be judged when the truth is there."""

    zone: str
    version: str
    at: datetime
    points: tuple[Point, ...]

"""What an adviser knows of a field, and what a morning tells of it. Unknown is None, never 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldstation.binding import setting
from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Zone


@dataclass(frozen=True, slots=True)
class Prices:
    """What the grower pays and gets, in any one currency."""

    crop_per_t: float = setting("a tonne of dry matter", ge=0, le=1e9)
    water_per_mm_ha: float = setting("a millimetre on a hectare", ge=0, le=1e9)
    event_per_ha: float = setting("a watering of a hectare", ge=0, le=1e9)


@dataclass(frozen=True, slots=True)
class Plot:
    """A field that is watered together. Depths are gross."""

    latitude_deg: float
    elevation_m: float
    soil: Soil
    crop: Crop
    planted_on: date
    area_m2: float
    max_depth_mm_per_day: float
    application_efficiency_frac: float
    min_event_mm: float
    season_cap_mm: float | None = None
    prices: Prices | None = None
    season_days: int | None = None  # what the grower knows of the variety; the crop's stages are fitted to it


def plot_of(zone: Zone, latitude_deg: float, elevation_m: float = 0.0) -> Plot:
    """The installed zone as an adviser sees it."""
    return Plot(
        latitude_deg,
        elevation_m,
        zone.soil,
        zone.crop,
        zone.planted_on,
        zone.area_m2,
        zone.max_depth_mm_per_day,
        zone.application_efficiency_frac,
        zone.min_event_mm,
    )


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """One soil probe this morning, on its own scale."""

    depth_cm: int
    vwc_frac: float


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day to come."""

    rain_mm: float | None
    air_t_min_c: float | None
    air_t_max_c: float | None


@dataclass(frozen=True, slots=True)
class Morning:
    """What is known before the day's water is chosen.

    Air is of the day before; `rain_mm` and `irrigated_mm` (gross) are what came since the
    morning before; probes are read now; `forecast[0]` is today.
    """

    on: date
    air_t_min_c: float | None
    air_t_max_c: float | None
    rh_mean_frac: float | None
    rain_mm: float | None
    irrigated_mm: float
    probes: tuple[ProbeReading, ...] = ()
    forecast: tuple[ForecastDay, ...] = ()

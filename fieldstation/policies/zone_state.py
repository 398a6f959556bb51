"""A zone in one word."""

from __future__ import annotations

from fieldstation.domain.decision import ZoneState

GETTING_DRY_FROM = 0.65  # of the way from full to dry
TOO_WET_ABOVE_FRAC = 0.04  # m3/m3 above field capacity


def zone_state(soil_water_frac: float | None, dry_frac: float, full_frac: float) -> ZoneState:
    """The word for a water content between the dry and the full mark, all m3/m3.

    >>> [zone_state(now, 0.15, 0.25).value for now in (0.20, 0.16, None)]
    ['fine', 'getting_dry', 'unknown']
    """
    if soil_water_frac is None or full_frac <= dry_frac:
        return ZoneState.UNKNOWN
    if soil_water_frac > full_frac + TOO_WET_ABOVE_FRAC:
        return ZoneState.TOO_WET
    if soil_water_frac <= dry_frac:
        return ZoneState.NEEDS_WATER
    dried = (full_frac - soil_water_frac) / (full_frac - dry_frac)
    return ZoneState.GETTING_DRY if dried >= GETTING_DRY_FROM else ZoneState.FINE

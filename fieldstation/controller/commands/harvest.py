"""A harvest as a person tells it: what is wrong with it, or the noun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from fieldstation.agronomy.growth import co2_ppm, typical_t_ha
from fieldstation.binding import scalars
from fieldstation.binding.problems import short
from fieldstation.config.tables import crop, crop_names
from fieldstation.domain.learned import Harvest, Planting
from fieldstation.domain.station import Station
from fieldstation.wire.line import Message


class HarvestWrong(ValueError):
    """What is wrong, for a terminal; and as a code with values, for the page."""

    def __init__(self, text: str, code: str, **values: float | str | None) -> None:
        super().__init__(text)
        self.code, self.values = code, values


MOST_OF_POTENTIAL = 1.5
UNKNOWN_CROP_T_HA = 40.0


def harvest_of(message: Message, station: Station, plantings: Sequence[Planting], now: datetime) -> Harvest:
    """The harvest of a message with `zone`, `on` and `t_ha` (dry matter). Raises HarvestWrong with what to mend."""
    zone, on, t_ha = message.get("zone"), message.get("on"), message.get("t_ha")
    zones = [one.id for one in station.zones]
    if zone not in zones:
        raise HarvestWrong(f"zone: {zone!r} is not one of {', '.join(sorted(zones))}", "zone_unknown")
    try:
        day = scalars.day(on)
    except ValueError:
        raise HarvestWrong(f"on: {on!r} is no date; write it as 2026-09-14", "harvest_date") from None
    if day > now.astimezone(ZoneInfo(station.timezone)).date():
        raise HarvestWrong(f"on: {day} has not come yet", "harvest_ahead")
    season = max(
        (
            one
            for one in plantings
            if one.zone == zone and one.planted_on < day and one.planted_on <= station.zone(zone).planted_on
        ),
        key=lambda one: one.planted_on,
        default=None,
    )
    if season is None:
        raise HarvestWrong(f"on: no planting of {zone} before {day} is on record", "harvest_unplanted")
    most = MOST_OF_POTENTIAL * _best_t_ha(season)
    brought_in = scalars.number_in(t_ha, 0, most)
    if brought_in is None:
        raise HarvestWrong(
            f"t_ha: {short(t_ha)} is not 0 to {most:.4g} t/ha of {season.crop}, dry matter; "
            "for a fresh weight say which part of it is dry (--dry-frac)",
            "harvest_amount",
            most_t_ha=round(most, 2),
        )
    return Harvest(str(zone), day, brought_in)


def _best_t_ha(season: Planting) -> float:
    """The larger of what the table calls a good yield and what the season's growth allows, dry matter."""
    if season.crop not in crop_names():
        return UNKNOWN_CROP_T_HA
    grown = crop(season.crop)
    return max(grown.yield_potential_t_ha, typical_t_ha(grown.growth, co2_ppm(season.planted_on.year)))

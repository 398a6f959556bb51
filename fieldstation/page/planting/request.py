"""A question of when to plant, from a form or from the API: the zone's soil and place, what is not said filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from fieldstation.config.tables import crop_names, soils
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Zone
from fieldstation.page.context import PageContext
from fieldstation.page.planting.advisor import Question

CLIMATES = ("semi_arid_warm", "mediterranean", "temperate", "continental")
USUAL_SPAN_DAYS = 120
LONGEST_DAYS = 366
WARM_TO_DEG, MILD_TO_DEG = 25.0, 43.0


def read_form(
    page: PageContext, args: Mapping[str, str]
) -> tuple[dict[str, str], Question | None, str | None]:
    """The form as it stands, its question, and a code of what is wrong with it (`bad_CODE` of `[planting]` words)."""
    zones = {zone.id: zone for zone in page.station.zones}
    zone = zones.get(args.get("zone", ""), page.station.zones[0])
    today = page.source.snapshot().now.astimezone(page.tz).date()
    first = args.get("from") or today.isoformat()
    form = {
        "zone": zone.id,
        "crop": args.get("crop") or zone.crop.name,
        "from": first[:10],
        "to": (args.get("to") or (today + timedelta(days=USUAL_SPAN_DAYS)).isoformat())[:10],
        "climate": args.get("climate") or usual_climate(page.station.latitude_deg),
    }
    if form["crop"] not in crop_names() or form["climate"] not in CLIMATES:
        return form, None, "choice"
    try:
        begin, end = date.fromisoformat(form["from"]), date.fromisoformat(form["to"])
    except ValueError:
        return form, None, "date"
    if not 0 <= (end - begin).days <= LONGEST_DAYS or not 2000 <= begin.year <= 2090:
        return form, None, "span"
    return form, _question(page, zone, form, begin, end), None


def _question(page: PageContext, zone: Zone, form: dict[str, str], begin: date, end: date) -> Question:
    return Question(
        form["crop"],
        texture(zone.soil),
        page.station.latitude_deg,
        page.station.elevation_m,
        begin,
        end,
        form["climate"],
    )


def texture(soil: Soil) -> str:
    """The soil's texture; of one described by its own figures the texture that holds nearest to as much."""
    known = soils()
    if soil.texture in known:
        return soil.texture
    return min(
        known,
        key=lambda name: (
            abs(known[name].field_capacity_frac - soil.field_capacity_frac)
            + abs(known[name].wilting_point_frac - soil.wilting_point_frac)
        ),
    )


def usual_climate(latitude_deg: float) -> str:
    """A first guess, for the form."""
    away = abs(latitude_deg)
    return CLIMATES[0] if away < WARM_TO_DEG else CLIMATES[1] if away < MILD_TO_DEG else CLIMATES[2]

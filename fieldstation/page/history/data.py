"""What the record holds of one zone in one span: the one source of History's screen, table, API and print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Probe, Station, Zone
from fieldstation.page.history.span import Season, Span, seasons, span_of
from fieldstation.store.history.grid import Grid, Track
from fieldstation.store.history.reader import PastReader
from fieldstation.store.tables.rounds import Series
from fieldstation.store.tables.water import Water


@dataclass(frozen=True, slots=True)
class Laid:
    """One zone's measurements on one grid."""

    grid: Grid
    soil: tuple[tuple[Probe, Track], ...]
    air: Track | None
    rain: Track | None
    water: Water

    def heard(self) -> bool:
        """Whether anything at all was measured or given."""
        tracks = [track for _, track in self.soil] + [track for track in (self.air, self.rain) if track]
        return any(track.heard for track in tracks) or any(self.water.mm)

    def untrusted(self) -> int:
        """How many steps hold readings under a clock nobody vouched for."""
        tracks = [track for _, track in self.soil] + [track for track in (self.air, self.rain) if track]
        return max((track.untrusted for track in tracks), default=0)


@dataclass(frozen=True, slots=True)
class Past:
    """A span of a zone. `marks`: soil water (m3/m3) at the dry and full line."""

    span: Span
    laid: Laid
    seasons: list[Season]
    heard_from: date | None
    marks: tuple[float, float]


def wanted(station: Station, zone: Zone) -> list[Series]:
    """The series that tell a zone's story: its probes by depth, the air's warmth, the rain."""
    soil = [(probe.device.id, Quantity.SOIL_WATER) for probe in by_depth(zone)]
    air = [(station.air.id, Quantity.AIR_T)] if station.air else []
    rain = [(station.rain.id, Quantity.RAIN)] if station.rain else []
    return [*soil, *air, *rain]


def by_depth(zone: Zone) -> list[Probe]:
    """The zone's probes, the shallowest first."""
    return sorted(zone.probes, key=lambda probe: probe.depth_m)


def find_span(
    reader: PastReader, station: Station, zone: Zone, args: Mapping[str, str], now: datetime, tz: tzinfo
) -> tuple[Span, list[Season], date | None]:
    """The span that is asked for, the zone's seasons, the first day on record. Raises BadSpan, RecordError."""
    known = seasons(zone, reader.plantings(), reader.harvests())
    heard_from = reader.first_day(wanted(station, zone))
    return span_of(args, zone, known, heard_from, now, tz), known, heard_from


def lay(
    reader: PastReader, station: Station, zone: Zone, grid: Grid, since: datetime, until: datetime, tz: tzinfo
) -> Laid:
    """The zone's measurements, and its runs that ended in [since, until), on a grid. Raises RecordError."""
    tracks = reader.tracks(wanted(station, zone), grid)
    return Laid(
        grid,
        tuple((probe, tracks[probe.device.id, Quantity.SOIL_WATER]) for probe in by_depth(zone)),
        tracks[station.air.id, Quantity.AIR_T] if station.air else None,
        tracks[station.rain.id, Quantity.RAIN] if station.rain else None,
        reader.water(zone.id, since, until, grid, tz),
    )


def look(
    reader: PastReader, station: Station, zone: Zone, args: Mapping[str, str], now: datetime, tz: tzinfo
) -> Past:
    """Read one span of a zone. Raises BadSpan for a question without an answer, RecordError for a bad record."""
    span, known, heard_from = find_span(reader, station, zone, args, now, tz)
    laid = lay(reader, station, zone, span.grid, span.since, span.until, tz)
    marks = reader.lines(zone.id) or (zone.soil.wilting_point_frac, zone.soil.field_capacity_frac)
    return Past(span, laid, known, heard_from, marks)

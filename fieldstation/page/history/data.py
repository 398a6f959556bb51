"""Which zone and which stretch of time is asked for, and what the record holds of it: the one source of History's screen, table, API and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from fieldstation.domain.learned import Harvest, Planting, planting_of
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Probe, Station, Zone
from fieldstation.store.history.grid import Grid, Track, days, hours, months
from fieldstation.store.history.reader import PastReader
from fieldstation.store.tables.rounds import Series
from fieldstation.store.tables.water import Water

SPANS = ("24h", "7d", "30d", "season", "year", "all")
USUAL = "7d"
HOURS = {"24h": (24, 1), "7d": (7 * 24, 1), "30d": (30 * 24, 3)}
DAILY_TO_DAYS = 1100
"""Longer spans go by months."""
HOURLY_TO_DAYS = 31
EARLIEST = date(2000, 1, 1)
LONGEST_DAYS = 40_000


class BadSpan(ValueError):
    """A question that has no answer; `code` names a sentence of the history's words, `values` fill it."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Season:
    """A zone's season as the record or the configuration knows it; `harvest` the last word said of it."""

    planting: Planting
    ends_on: date
    harvest: Harvest | None


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked for. `since` and `until` are instants (UTC) around local dates `first_on` to `last_on`."""

    code: str
    zone: Zone
    since: datetime
    until: datetime
    first_on: date
    last_on: date
    grid: Grid
    season: Season | None = None


def seasons(zone: Zone, plantings: Sequence[Planting], harvests: Sequence[Harvest]) -> list[Season]:
    """The zone's seasons, newest first; the one of the configuration is always among them."""
    known = {one.planted_on: one for one in plantings if one.zone == zone.id}
    if zone.planted_on not in known:
        known[zone.planted_on] = planting_of(zone)
    begins = sorted(known)
    found = []
    for number, planted_on in enumerate(begins):
        planting = known[planted_on]
        following = begins[number + 1] if number + 1 < len(begins) else date.max
        brought = [h for h in harvests if h.zone == zone.id and planted_on < h.on < following]
        harvest = brought[-1] if brought else None
        ends_on = harvest.on if harvest else planted_on + timedelta(days=planting.season_days)
        found.append(Season(planting, min(ends_on, following - timedelta(days=1)), harvest))
    found.reverse()
    return found


def zone_of(station: Station, asked: str | None) -> Zone:
    """The zone that is meant. Raises BadSpan."""
    if not asked:
        return station.zones[0]
    for zone in station.zones:
        if zone.id == asked:
            return zone
    raise BadSpan("bad_zone", zone=asked[:40])


def span_of(
    args: Mapping[str, str],
    zone: Zone,
    known: Sequence[Season],
    heard_from: date | None,
    now: datetime,
    tz: tzinfo,
) -> Span:
    """The span that query values ask for. `heard_from` is the first day on record. Raises BadSpan."""
    today = now.astimezone(tz).date()
    if args.get("from") or args.get("until"):
        return _between(args, zone, today, tz)
    code = args.get("span") or USUAL
    if code not in SPANS:
        raise BadSpan("bad_span", span=code[:40])
    if code in HOURS:
        count, every = HOURS[code]
        begin = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        grid = hours(begin - timedelta(hours=count - every), count // every, every)
        assert grid.since is not None
        return Span(code, zone, grid.since, _after(grid.since, count), _on(grid.since, tz), today, grid)
    if code == "season":
        return _season(args.get("planted_on"), zone, known, today, tz)
    first = today - timedelta(days=364) if code == "year" else min(heard_from or today, today)
    return _daily(code, zone, first, today, tz)


def _season(asked: str | None, zone: Zone, known: Sequence[Season], today: date, tz: tzinfo) -> Span:
    if asked:
        planted_on = _date(asked)
        found = next((season for season in known if season.planting.planted_on == planted_on), None)
        if found is None:
            raise BadSpan("no_season", date=planted_on.isoformat())
    else:
        begun = [season for season in known if season.planting.planted_on <= today]
        found = begun[0] if begun else known[0]
    first = found.planting.planted_on
    if first > today:
        raise BadSpan("season_ahead", date=first.isoformat())
    return _daily("season", zone, first, min(today, found.ends_on), tz, found)


def _between(args: Mapping[str, str], zone: Zone, today: date, tz: tzinfo) -> Span:
    first = _date(args.get("from") or "")
    last = _date(args["until"]) if args.get("until") else today
    if first > today:
        raise BadSpan("in_future", date=first.isoformat())
    if last < first:
        raise BadSpan("backwards")
    if first < EARLIEST or (last - first).days > LONGEST_DAYS:
        raise BadSpan("too_long", date=EARLIEST.isoformat())
    last = min(last, today)
    if (last - first).days < HOURLY_TO_DAYS:
        since, until = midnight(first, tz), midnight(last + timedelta(days=1), tz)
        begin = since.replace(minute=0)  # in India a day begins within an hour, and ends within one
        grid = hours(begin, -(-(until - begin) // timedelta(hours=1)))
        return Span("between", zone, since, until, first, last, grid)
    return _daily("between", zone, first, last, tz)


def _daily(code: str, zone: Zone, first: date, last: date, tz: tzinfo, season: Season | None = None) -> Span:
    grid = days(first, last) if (last - first).days <= DAILY_TO_DAYS else months(first, last)
    first = grid.first
    return Span(
        code, zone, midnight(first, tz), midnight(last + timedelta(days=1), tz), first, last, grid, season
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSpan("bad_date", date=text[:40]) from None


def midnight(on: date, tz: tzinfo) -> datetime:
    """The instant (UTC) at which a local day begins."""
    return datetime.combine(on, time(), tz).astimezone(UTC)


def _on(at: datetime, tz: tzinfo) -> date:
    return at.astimezone(tz).date()


def _after(at: datetime, count: int) -> datetime:
    return at + timedelta(hours=count)


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


def read_past(
    reader: PastReader, station: Station, zone: Zone, args: Mapping[str, str], now: datetime, tz: tzinfo
) -> Past:
    """Read one span of a zone. Raises BadSpan for a question without an answer, RecordError for a bad record."""
    span, known, heard_from = find_span(reader, station, zone, args, now, tz)
    laid = lay(reader, station, zone, span.grid, span.since, span.until, tz)
    marks = reader.lines(zone.id) or (zone.soil.wilting_point_frac, zone.soil.field_capacity_frac)
    return Past(span, laid, known, heard_from, marks)

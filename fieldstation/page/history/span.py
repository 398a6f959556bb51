"""Which zone and which stretch of time is asked for: checked, and cut into steps. Pure but for plantings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from fieldstation.domain.learned import Harvest, Planting, planting_of
from fieldstation.domain.station import Station, Zone
from fieldstation.store.history.grid import Grid, days, hours, months

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

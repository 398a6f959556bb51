"""History as its template shows it: chips, the water line, a sentence a quantity, a table, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from markupsafe import Markup

from fieldstation.domain.station import Station
from fieldstation.language.sentences import Words
from fieldstation.page.history import chart_data, line
from fieldstation.page.history.data import SPANS, Laid, Past
from fieldstation.page.history.events import Entry, Page
from fieldstation.page.history.line import Labels
from fieldstation.page.history.table import Table, table_of
from fieldstation.store.history.grid import Grid, Track

KEPT = ("zone", "span", "planted_on", "from", "until", "view", "lang")


class Links:
    """Made from a request's path and query values."""

    def __init__(self, path: str, args: Mapping[str, str]) -> None:
        self._path = path
        self._args = {name: args[name] for name in KEPT if args.get(name)}

    def to(self, path: str | None = None, **changed: str | None) -> str:
        """The address with some values changed, or gone where they are None.

        >>> Links("/history", {"span": "7d", "zone": "north", "x": "1"}).to(span="30d")
        '/history?zone=north&span=30d'
        """
        chosen = {**self._args, **changed}
        if "span" in changed:
            chosen = {**chosen, "from": None, "until": None}
        asked = urlencode({name: value for name, value in chosen.items() if value is not None})
        return (path or self._path) + ("?" + asked if asked else "")


WORTH_SHOWING_GAP_FRAC = 0.04
LONG_MARK = 7
"""Letters: longer dates would touch on a phone, so every second one stands."""
EDGE = 0.13


Chip = tuple[str, str, bool]
"""Word, address and whether it is the present one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One quantity: its sentences, and what its chart's script has to know (`read`)."""

    id: str
    title: str
    sentences: list[str]
    chart: bool
    read: dict[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """What `history.html` shows; with a `problem`, that and the spans alone."""

    chips: list[Chip]
    problem: str | None = None
    zone: str = ""
    zones: list[Chip] = field(default_factory=list)
    seasons: list[Chip] = field(default_factory=list)
    stretch: str = ""
    svg: str = ""
    notes: list[str] = field(default_factory=list)
    empty: bool = True
    parts: list[Part] = field(default_factory=list)
    table: Table | None = None
    entries: list[Entry] = field(default_factory=list)
    older: str | None = None
    data: Markup = Markup("")
    timezone: str = ""
    numbers: str = ""
    csv: str = ""
    csv_all: str = ""
    runs_csv: str = ""
    print: str = ""


def history_view(
    past: Past, table: Laid | None, page: Page, station: Station, links: Links, words: Words, tz: tzinfo
) -> History:
    """The screen when there is a span to show."""
    span = past.span
    return History(
        zone=span.zone.name,
        zones=[(zone.name, links.to(zone=zone.id), zone.id == span.zone.id) for zone in station.zones],
        chips=chips(span.code, links, words),
        seasons=_seasons(past, links, words),
        stretch=words.say(
            "history", "stretch", first=words.date(span.first_on), last=words.date(span.last_on)
        ),
        svg=strip(past, words, tz),
        notes=_notes(past, words),
        empty=not past.laid.heard(),
        parts=[part for part in (_soil(past, words), _air(past, words), _water(past, words)) if part],
        table=None if table is None else table_of(table, words),
        entries=page.entries,
        older=links.to(before=str(round(page.older.timestamp() * 1000))) if page.older else None,
        data=chart_data.for_chart(past),
        timezone=station.timezone,
        numbers=links.to(view="table") + "#numbers",
        csv=links.to("/history.csv"),
        csv_all=links.to("/history.csv", span="everything", planted_on=None),
        runs_csv=links.to("/history/runs.csv"),
        print=links.to("/history/season", span=None, view=None, planted_on=_planted(past)),
    )


def chips(code: str, links: Links, words: Words) -> list[Chip]:
    """One for each span."""
    return [
        (words.say("history", f"span_{one}"), links.to(span=one, planted_on=None), one == code)
        for one in SPANS
    ]


def strip(past: Past, words: Words, tz: tzinfo) -> str:
    """The water line of the span."""
    marks = [(part, _mark(at, past.laid.grid, words, tz)) for part, at in line.marks_of(past, tz)]
    if max((len(text) for _, text in marks), default=0) > LONG_MARK:
        marks = [mark for mark in marks[::2] if EDGE < mark[0] < 1 - EDGE]
    title = words.say("history", "line_title", zone=past.span.zone.name)
    return line.draw(past, Labels(title, words("full"), words("dry"), words("gap"), marks))


def _mark(at: datetime | date, grid: Grid, words: Words, tz: tzinfo) -> str:
    if isinstance(at, datetime):
        if grid.every * grid.count <= 24:
            return words.clock(at)
        return words.day(at) if grid.every * grid.count <= 24 * 8 else words.date(at.astimezone(tz).date())
    return words.month(at) if grid.unit == "month" else words.date(at)


def _soil(past: Past, words: Words) -> Part:
    sentences = []
    for probe, track in past.laid.soil:
        lows, highs = [v for v in track.low if v is not None], [v for v in track.high if v is not None]
        if not lows:
            sentences.append(words.say("history", "soil_silent", depth=words.length(probe.depth_m)))
            continue
        values = {"low": words.percent(min(lows)), "high": words.percent(max(highs))}
        sentences.append(words.say("history", "soil_range", depth=words.length(probe.depth_m), **values))
        sentences += _gap(track, past, words)
    if not past.laid.soil:
        sentences.append(words.say("history", "no_probe"))
    sentences.append(_times(past, words))
    title, charted = words.say("history", "soil"), bool(past.laid.soil)
    return Part("soil", title, sentences, charted, chart_data.soil(past, words))


def _times(past: Past, words: Words) -> str:
    count = sum(past.laid.water.runs)
    if not count:
        return words.say("history", "watered_never")
    return words.say("history", "watered_times", n=count)


def _air(past: Past, words: Words) -> Part | None:
    track = past.laid.air
    if track is None:
        return None
    lows, highs = [v for v in track.low if v is not None], [v for v in track.high if v is not None]
    sentences = [words.say("history", "air_silent")]
    if lows:
        values = {"low": words.temperature(min(lows)), "high": words.temperature(max(highs))}
        sentences = [words.say("history", "air_range", **values), *_gap(track, past, words)]
    return Part("air", words.say("history", "air"), sentences, bool(lows), chart_data.air(words))


def _water(past: Past, words: Words) -> Part:
    sentences = []
    if past.laid.rain is None:
        sentences.append(words.say("history", "no_gauge"))
    else:
        fell = [v for v in past.laid.rain.total if v is not None]
        sentences.append(
            words.say("history", "rain_sum", depth=words.depth(sum(fell)))
            if fell
            else words.say("history", "rain_silent")
        )
    if any(past.laid.water.runs):
        depth, litres = sum(past.laid.water.mm), sum(past.laid.water.litres)
        sentences.append(
            words.say("history", "water_sum", depth=words.depth(depth), litres=words.litres(litres))
        )
    else:
        sentences.append(words.say("history", "watered_never"))
    title = words.say("history", "water")
    return Part("water", title, sentences, past.laid.heard(), chart_data.water(words))


def _gap(track: Track, past: Past, words: Words) -> list[str]:
    """The longest stretch without a reading, when it is worth a sentence."""
    grid = past.laid.grid
    begin, length = _longest_gap(track.n)
    if length < max(2, WORTH_SHOWING_GAP_FRAC * grid.count):
        return []
    starts = grid.starts()
    first, last = starts[begin], starts[begin + length - 1]
    if isinstance(first, datetime) and isinstance(last, datetime):
        ended = words.when(last + timedelta(hours=grid.every))
        return [words.say("history", "silent_between", first=words.when(first), last=ended)]
    return [words.say("history", "silent_between", first=words.date(first), last=words.date(last))]


def _longest_gap(n: Sequence[int | None]) -> tuple[int, int]:
    best = (0, 0)
    begin = 0
    for number, heard in enumerate(n):
        if heard:
            begin = number + 1
        elif number + 1 - begin > best[1]:
            best = (begin, number + 1 - begin)
    return best


def _notes(past: Past, words: Words) -> list[str]:
    """What is to be known before the pictures are believed."""
    found = []
    if not past.laid.heard():
        key = "nothing_yet" if past.heard_from is None else "nothing_here"
        since = words.date(past.heard_from) if past.heard_from else ""
        found.append(words.say("history", key, date=since))
    if past.laid.untrusted():
        found.append(words.say("history", "clock_unsure"))
    return found


def _seasons(past: Past, links: Links, words: Words) -> list[Chip]:
    if past.span.code != "season" or len(past.seasons) < 2:
        return []
    now = past.span.season
    return [
        (
            words.date(one.planting.planted_on),
            links.to(planted_on=one.planting.planted_on.isoformat()),
            one == now,
        )
        for one in past.seasons[:12]
        if one.planting.planted_on <= past.span.last_on or one == now
    ]


def _planted(past: Past) -> str:
    season = past.span.season or next(
        (one for one in past.seasons if one.planting.planted_on <= past.span.last_on), past.seasons[-1]
    )
    return season.planting.planted_on.isoformat()

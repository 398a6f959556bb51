"""The water line: a zone's water as inline SVG, past and forecast on one axis; the picture the station is known by.

It has no size of its own: time is in parts of the width, words and drops in pixels. So a phone and a desktop
get the same strip with the same legible words, and strips under each other share one axis.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape

BACK_H, AHEAD_H = 96, 72
TOP_PX, AXIS_PX = 22, 44  # above the picture: "now" and rain; below: drops and days
GRID = 1000  # of the inner picture, both ways
DROP = "M0-9c3.3 4.6 5.5 7.2 5.5 10.2a5.5 5.5 0 0 1-11 0C-5.5-1.8-3.3-4.4 0-9z"
RAIN_H = 3  # strokes stand for so many hours
LONG_DAY = 6  # notifications: longer names of days are written every second day
LOWEST, HIGHEST = -1.2, 1.9
Point = tuple[datetime, float]
Fan = tuple[float, float, float, float]
"""Hours from now; low, likely and high level without water."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one strip shows. Levels are parts of what the crop has with ease: 1 at the full line, 0 at the dry line."""

    now: datetime
    levels: Sequence[Point]
    watered: Sequence[datetime]
    rained: Sequence[tuple[datetime, float]]  # mm
    band: Sequence[Fan]
    planned: datetime | None
    gap_h: float = 3.0  # longer silence between two levels is a gap
    back_h: float = BACK_H
    ahead_h: float = AHEAD_H


@dataclass(frozen=True, slots=True)
class Labels:
    """Words in the picture."""

    title: str
    full: str
    dry: str
    now: str
    gap: str
    no_forecast: str
    days: dict[int, str]  # weekday -> short name


class _Scale:
    """From times and levels to places: across in the grid or in percent, down in the grid."""

    def __init__(self, line: Line) -> None:
        self.line = line
        inside = [level for at, level in line.levels if self.part(at) >= 0]
        values = [*inside, *(value for step in line.band for value in step[1:])]
        self.low = max(LOWEST, min([-0.4, *values]))
        self.high = min(HIGHEST, max([1.2, *values]))

    def part(self, at: datetime) -> float:
        """Of the width; 0 at its beginning, 1 at its end."""
        hours = (at - self.line.now).total_seconds() / 3600
        return (hours + self.line.back_h) / (self.line.back_h + self.line.ahead_h)

    def x(self, at: datetime) -> int:
        return round(self.part(at) * GRID)

    def percent(self, at: datetime) -> str:
        return f"{self.part(at) * 100:.1f}%"

    def y(self, level: float) -> int:
        return round((self.high - min(self.high, max(self.low, level))) / (self.high - self.low) * GRID)

    def down(self, level: float, height_px: int) -> int:
        """Pixels from the top of the whole strip."""
        return round(TOP_PX + self.y(level) / GRID * (height_px - TOP_PX - AXIS_PX))


def draw(line: Line, labels: Labels, tz: tzinfo, height_px: int = 152) -> str:
    """The strip as SVG; styled by the page's sheet, about 2 KB."""
    at = _Scale(line)
    title, inner_px = escape(labels.title), height_px - TOP_PX - AXIS_PX
    full, dry = at.y(1), at.y(0)
    parts = [
        f'<svg class="line" height="{height_px}" role="img" aria-label="{title}"><title>{title}</title>',
        f'<svg y="{TOP_PX}" width="100%" height="{inner_px}" viewBox="0 0 {GRID} {GRID}" preserveAspectRatio="none">',
        f'<path class="parched" d="M0 {dry}H{GRID}V{GRID}H0z"/>',
        *_band(line, at),
        f'<path class="mark" d="M0 {full}H{GRID}"/><path class="mark dry" d="M0 {dry}H{GRID}"/>',
        *_measured(line, at),
        "</svg>",
        *_axis(line, labels, tz, at, height_px),
        *_rain(line, at),
        *_drops(line, at, height_px),
        _text("full", 0, at.down(1, height_px) - 5, labels.full),
        _text("dry", 0, at.down(0, height_px) + 16, labels.dry),
        *_words(line, labels, at, height_px),
    ]
    if line.levels and at.part(line.levels[-1][0]) > 0:
        last, level = line.levels[-1]
        parts.append(f'<circle class="here" cx="{at.percent(last)}" cy="{at.down(level, height_px)}" r="6"/>')
    return "".join([*parts, "</svg>"])


def _pieces(line: Line, at: _Scale) -> list[list[Point]]:
    """The levels inside the picture, cut where nothing was heard for too long."""
    found: list[list[Point]] = []
    for point in line.levels:
        if at.part(point[0]) < 0:
            continue
        if not found or (point[0] - found[-1][-1][0]).total_seconds() > line.gap_h * 3600:
            found.append([])
        found[-1].append(point)
    return found


def _measured(line: Line, at: _Scale) -> list[str]:
    return [
        f'<path class="soil" d="M{"L".join(f"{at.x(when)} {at.y(level)}" for when, level in piece)}"/>'
        for piece in _pieces(line, at)
    ]


def _band(line: Line, at: _Scale) -> list[str]:
    if not line.band or not line.levels:
        return []
    steps = [(line.now + timedelta(hours=step[0]), *step[1:]) for step in line.band]
    steps = [step for step in steps if at.part(step[0]) <= 1.001]
    when, level = line.levels[-1]
    start = f"{at.x(when)} {at.y(level)}"
    high = [f"{at.x(step[0])} {at.y(step[3])}" for step in steps]
    low = [f"{at.x(step[0])} {at.y(step[1])}" for step in reversed(steps)]
    likely = [f"{at.x(step[0])} {at.y(step[2])}" for step in steps]
    return [
        f'<path class="fan" d="M{"L".join([start, *high, *low])}z"/>',
        f'<path class="likely" d="M{"L".join([start, *likely])}"/>',
    ]


def _axis(line: Line, labels: Labels, tz: tzinfo, at: _Scale, height_px: int) -> list[str]:
    """Midnights as ticks, names of days between, a line for now."""
    base, found = height_px - AXIS_PX, []
    midnight = line.now.astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = -int(line.back_h // 24) - 1, int(line.ahead_h // 24) + 1
    every = 2 if max(map(len, labels.days.values())) > LONG_DAY else 1
    for number in range(first, last + 1):
        day = midnight + timedelta(days=number)
        if 0 < at.part(day) < 1:
            x = at.percent(day)
            found.append(f'<line class="day" x1="{x}" x2="{x}" y1="{base}" y2="{base + 6}"/>')
        noon = day + timedelta(hours=12)
        if 0.03 < at.part(noon) < 0.97 and number % every == 0:
            kind = "today" if number == 0 else "word"
            found.append(
                _text(kind, at.percent(noon), height_px - 5, labels.days[day.weekday()], middle=True)
            )
    x = at.percent(line.now)
    found.append(f'<line class="axis" x1="0" x2="100%" y1="{base}" y2="{base}"/>')
    if line.ahead_h:
        found.append(f'<line class="now" x1="{x}" x2="{x}" y1="{TOP_PX - 4}" y2="{base + 6}"/>')
        found.append(_text("nowword", x, TOP_PX - 8, labels.now, middle=True))
    return found


def _rain(line: Line, at: _Scale) -> list[str]:
    """Falling strokes, three hours a bundle, longer for more."""
    bundles: dict[int, float] = {}
    for when, mm in line.rained:
        if 0 <= at.part(when) <= 1:
            bundles[int(when.timestamp() // (RAIN_H * 3600))] = (
                bundles.get(int(when.timestamp() // (RAIN_H * 3600)), 0.0) + mm
            )
    found = []
    for number, mm in bundles.items():
        middle = datetime.fromtimestamp((number + 0.5) * RAIN_H * 3600, line.now.tzinfo)
        long = round(min(26.0, 7 + mm * 2))
        found.append(
            f'<svg class="rain" x="{at.percent(middle)}" y="{TOP_PX - 12}"><path d="M0 0l-4 {long}M6 0l-4 {long}"/></svg>'
        )
    return found


def _drops(line: Line, at: _Scale, height_px: int) -> list[str]:
    """Full where water was given; hollow where the plan will act, tied to the dry line it acts for."""
    base = height_px - AXIS_PX + 15
    found: list[str] = []
    found += [
        f'<svg class="drop" x="{at.percent(when)}" y="{base}"><path d="{DROP}"/></svg>'
        for when in line.watered
        if 0 <= at.part(when) <= 1
    ]
    if line.planned is not None and at.part(line.planned) <= 1:
        x = at.percent(max(line.planned, line.now + timedelta(hours=3)))
        found.append(f'<line class="tie" x1="{x}" x2="{x}" y1="{at.down(0, height_px)}" y2="{base - 10}"/>')
        found.append(f'<svg class="drop plan" x="{x}" y="{base}"><path d="{DROP}"/></svg>')
    return found


def _words(line: Line, labels: Labels, at: _Scale, height_px: int) -> list[str]:
    """What is not known is said where it would stand."""
    found = []
    pieces, middle = _pieces(line, at), (height_px - AXIS_PX + TOP_PX) // 2
    ends = [(piece[-1][0], after[0][0]) for piece, after in itertools.pairwise(pieces)]
    if not pieces:
        found.append(_text("word", f"{at.part(line.now) * 50:.1f}%", middle, labels.gap, middle=True))
    elif at.part(line.now) - at.part(pieces[-1][-1][0]) > line.gap_h / (line.back_h + line.ahead_h):
        ends.append((pieces[-1][-1][0], line.now))
    for left, right in ends:
        if at.part(right) - at.part(left) > 0.1:
            found.append(
                _text("word", at.percent(left + (right - left) / 2), middle, labels.gap, middle=True)
            )
    if line.ahead_h and not line.band:
        spot = at.percent(line.now + timedelta(hours=line.ahead_h / 2))
        found.append(_text("word", spot, middle, labels.no_forecast, middle=True))
    return found


def _text(kind: str, x: str | int, y: int, words: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{anchor}>{escape(words)}</text>'

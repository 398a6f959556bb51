"""The water line of any span behind us: it stretches to any width while its words keep their size.

Curves lie in an inner picture that is pulled to the frame's width; words and drops stand beside them at
parts of the width. About 3 KB; works without script, prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from html import escape

from fieldstation.page.charts.water_line import AXIS_PX, DROP, TOP_PX
from fieldstation.page.history.data import Past
from fieldstation.store.history.grid import Track
from fieldstation.store.instant import to_ms
from fieldstation.store.tables.rollup import HOUR_MS

ACROSS, DOWN = 1000, 200
"""Units of the inner picture."""
INNER_PX = 130
HEIGHT_PX = TOP_PX + INNER_PX + AXIS_PX
"""Above the curves rain falls, below them stand drops and dates."""
MOST_STEPS = 120
MOST_DROPS = 28
"""More would touch on a phone."""
MOST_MARKS = 7

Point = tuple[float, float, float]
"""Low, mean, high of a step."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Words in the picture; `marks` stand under it, each at its part of the width."""

    title: str
    full: str
    dry: str
    gap: str
    marks: Sequence[tuple[float, str]]


def draw(past: Past, labels: Labels) -> str:
    """The strip as SVG, styled by the page's sheet."""
    dry, full = past.marks
    lines = [thinned(track) for _, track in past.laid.soil]
    low, high = _scale(dry, full, [point for line in lines for point in line if point])

    def y(frac: float) -> float:
        return (high - frac) / (high - low) * DOWN

    def down(frac: float) -> str:
        return f"{TOP_PX + y(frac) / DOWN * INNER_PX:.0f}"

    base, title = TOP_PX + INNER_PX, escape(labels.title)
    parts = [
        f'<svg class="line past" height="{HEIGHT_PX}" role="img" aria-label="{title}"><title>{title}</title>',
        f'<svg y="{TOP_PX}" width="100%" height="{INNER_PX}" viewBox="0 0 {ACROSS} {DOWN}" preserveAspectRatio="none">',
        f'<path class="parched" d="M0 {y(dry):.0f}H{ACROSS}V{DOWN}H0z"/>',
    ]
    if lines:
        parts.append(f'<path class="band" d="{_band(lines[0], y)}"/>')
    parts.append(
        f'<path class="mark" d="M0 {y(full):.0f}H{ACROSS}"/><path class="mark dry" d="M0 {y(dry):.0f}H{ACROSS}"/>'
    )
    for number, line in reversed(list(enumerate(lines))):
        parts.append(f'<path class="soil{"" if number == 0 else " deep"}" d="{_curve(line, y)}"/>')
    parts.append(f'</svg><line class="axis" x1="0" x2="100%" y1="{base}" y2="{base}"/>')
    parts.append(f'<text class="full" x="0" y="{int(down(full)) - 4}">{escape(labels.full)}</text>')
    parts.append(f'<text class="dry" x="0" y="{int(down(dry)) + 16}">{escape(labels.dry)}</text>')
    if lines:
        parts += _gaps(lines[0], labels.gap)
    parts += _rain(past)
    parts += _drops(past)
    parts += [
        f'<text class="word" x="{part * 100:.1f}%" y="{HEIGHT_PX - 5}" text-anchor="middle">{escape(text)}</text>'
        for part, text in labels.marks
    ]
    parts.append("</svg>")
    return "".join(parts)


def thinned(track: Track, most: int = MOST_STEPS) -> list[Point | None]:
    """At most so many steps: the least, the mean and the greatest of each few; a gap as long as them stays one."""
    few = -(-len(track.n) // most)
    if few == 1:
        steps = zip(track.low, track.mean, track.high, strict=True)
        return [
            None if lo is None or mean is None or hi is None else (lo, mean, hi) for lo, mean, hi in steps
        ]
    found: list[Point | None] = []
    for start in range(0, len(track.n), few):
        lows = [v for v in track.low[start : start + few] if v is not None]
        means = [v for v in track.mean[start : start + few] if v is not None]
        highs = [v for v in track.high[start : start + few] if v is not None]
        found.append((min(lows), sum(means) / len(means), max(highs)) if means else None)
    return found


def marks_of(past: Past, tz: tzinfo) -> list[tuple[float, datetime | date]]:
    """Where times stand under the picture, as parts of the width: few enough for a phone."""
    grid = past.laid.grid
    if grid.unit == "hour":
        assert grid.since is not None
        span = timedelta(hours=grid.every * grid.count)
        every_h = 6 if span <= timedelta(days=1) else 24 * -(-span // timedelta(days=MOST_MARKS))
        local = grid.since.astimezone(tz)
        at = local.replace(hour=local.hour // 6 * 6 if every_h == 6 else 0, minute=0)
        found: list[tuple[float, datetime | date]] = []
        while (part := (at - local) / span) < 0.97:
            if part > 0.03:
                found.append((part, at))
            at = (at.replace(tzinfo=None) + timedelta(hours=every_h)).replace(tzinfo=tz)
        return found
    starts = grid.starts()
    every = -(-grid.count // (MOST_MARKS - 2))
    return [
        ((n + 0.5) / grid.count, starts[n])
        for n in range(every // 2, grid.count, every)
        if 0.05 < (n + 0.5) / grid.count < 0.95
    ]


def _scale(dry: float, full: float, points: Sequence[Point]) -> tuple[float, float]:
    span = max(0.02, full - dry)
    low = min([dry - 0.35 * span, *(point[0] for point in points)])
    high = max([full + 0.25 * span, *(point[2] for point in points)])
    return low, high


def _pieces(line: Sequence[Point | None]) -> list[list[tuple[float, Point]]]:
    """The stretches without a gap, each step at its place across."""
    found: list[list[tuple[float, Point]]] = []
    for number, point in enumerate(line):
        if point is None:
            continue
        if number == 0 or line[number - 1] is None:
            found.append([])
        found[-1].append(((number + 0.5) / len(line) * ACROSS, point))
    return found


def _curve(line: Sequence[Point | None], y) -> str:  # type: ignore[no-untyped-def] # a local scale
    drawn = []
    for piece in _pieces(line):
        spots = [f"{x:.0f} {y(mean):.0f}" for x, (_, mean, _) in piece]
        drawn.append("M" + " ".join(spots if len(spots) > 1 else [*spots, "h1"]))
    return "".join(drawn)


def _band(line: Sequence[Point | None], y) -> str:  # type: ignore[no-untyped-def] # a local scale
    drawn = []
    for piece in _pieces(line):
        upper = [f"{x:.0f} {y(high):.0f}" for x, (_, _, high) in piece]
        lower = [f"{x:.0f} {y(low):.0f}" for x, (low, _, _) in reversed(piece)]
        drawn.append("M" + " ".join(upper + lower) + "Z")
    return "".join(drawn)


def _gaps(line: Sequence[Point | None], word: str) -> list[str]:
    """A word in each gap that has room for it."""
    found, begin = [], None
    for number, point in enumerate([*line, (0.0, 0.0, 0.0)]):
        if point is None:
            begin = number if begin is None else begin
        elif begin is not None:
            if (number - begin) / len(line) > 0.2:
                middle = (number + begin) / 2 / len(line) * 100
                found.append(
                    f'<text class="word gap" x="{middle:.1f}%" y="{TOP_PX + INNER_PX // 2}" text-anchor="middle">{escape(word)}</text>'
                )
            begin = None
    return found


def _rain(past: Past) -> list[str]:
    """A stroke for each rainy part of the span, longer for more rain."""
    if past.laid.rain is None:
        return []
    totals = past.laid.rain.total
    few = -(-len(totals) // 60)
    found = []
    for start in range(0, len(totals), few):
        mm = sum(v for v in totals[start : start + few] if v is not None)
        if mm >= 0.2:
            part = (min(start + few / 2, len(totals) - 0.5)) / len(totals) * 100
            found.append(
                f'<svg class="rain" x="{part:.1f}%" y="{TOP_PX - 14}"><path d="M3 0l-4 {min(26.0, 7 + mm):.0f}"/></svg>'
            )
    return found


def _drops(past: Past) -> list[str]:
    """A drop where water was given; where there would be too many to tell apart, one a step that had any."""
    grid = past.laid.grid
    if grid.unit == "hour":
        assert grid.since is not None
        begin, length = to_ms(grid.since), grid.every * grid.count * HOUR_MS
        parts = [part for at_ms in past.laid.water.begun_ms if 0 <= (part := (at_ms - begin) / length) <= 1]
        count = len(parts)
    else:
        parts = [(step + 0.5) / grid.count for step, runs in enumerate(past.laid.water.runs) if runs]
        count = sum(past.laid.water.runs)
    base = TOP_PX + INNER_PX
    spots = sorted({round(part * MOST_DROPS) / MOST_DROPS if count > MOST_DROPS else part for part in parts})
    return [
        f'<svg class="drop" x="{part * 100:.1f}%" y="{base + 15}"><path d="{DROP}"/></svg>' for part in spots
    ]

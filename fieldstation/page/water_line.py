"""The water line: one zone's soil water as inline SVG, four days behind and three ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape

BACK_H, AHEAD_H = 96, 72
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640.0, 150.0, 6.0, 16.0, 122.0
GAP_H = 3.0
DROP = "m0-9c3 4.6 5 7 5 9.6a5 5 0 1 1-10 0C-5-2-3-4.4 0-9z"


@dataclass(frozen=True, slots=True)
class Line:
    """What one strip shows; fractions are m3/m3 on the probe's own scale."""

    now: datetime
    soil: Sequence[tuple[datetime, float]]
    watered: Sequence[datetime]
    rained: Sequence[tuple[datetime, float]]
    fan: Sequence[tuple[int, float, float, float]]  # hours, p10, p50, p90
    planned: datetime | None
    dry_frac: float
    full_frac: float


@dataclass(frozen=True, slots=True)
class Labels:
    """Words in the picture."""

    title: str
    full: str
    dry: str
    now: str
    gap: str
    days: dict[int, str]  # weekday -> short name


def draw(line: Line, labels: Labels, tz: tzinfo) -> str:
    """The strip as SVG; styled by the page's sheet, about 2 KB."""
    low, high = _scale(line)

    def x(at: datetime) -> float:
        hours = (at - line.now).total_seconds() / 3600
        return LEFT + (hours + BACK_H) / (BACK_H + AHEAD_H) * (WIDTH - 2 * LEFT)

    def y(frac: float) -> float:
        return TOP + (high - frac) / (high - low) * (BOTTOM - TOP)

    parts = [
        f'<svg class="line" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(labels.title)}">',
        f"<title>{escape(labels.title)}</title>",
    ]
    for name, frac, word in (("full", line.full_frac, labels.full), ("dry", line.dry_frac, labels.dry)):
        level = y(frac)
        parts.append(f'<path class="mark {name}" d="M{LEFT:.0f} {level:.1f}H{WIDTH - LEFT:.0f}"/>')
        parts.append(f'<text class="word {name}" x="{LEFT:.0f}" y="{level - 4:.1f}">{escape(word)}</text>')
    parts += _days(line, labels, tz, x)
    parts += [_fan(line, x, y), *_measured(line, labels, x, y)]
    for at, mm in line.rained:
        if x(at) >= LEFT:
            length = min(26.0, 6 + mm * 3)
            parts.append(
                f'<path class="rain" d="M{x(at) + 3:.1f} {TOP - 8:.0f}l-3 {length:.1f}m5 -3l-3 {length:.1f}"/>'
            )
    for at in line.watered:
        if x(at) >= LEFT:
            parts.append(
                f'<path class="drop" transform="translate({x(at):.1f} {BOTTOM - 6:.0f})" d="{DROP}"/>'
            )
    if line.planned is not None and x(line.planned) <= WIDTH - LEFT:
        spot = max(x(line.planned), x(line.now) + 7)
        parts.append(
            f'<path class="drop plan" transform="translate({spot:.1f} {BOTTOM - 6:.0f})" d="{DROP}"/>'
        )
    parts.append(f'<path class="now" d="M{x(line.now):.1f} {TOP - 6:.0f}V{BOTTOM:.0f}"/>')
    parts.append(
        f'<text class="word nowword" x="{x(line.now):.1f}" y="10" text-anchor="middle">{escape(labels.now)}</text>'
    )
    parts.append("</svg>")
    return "".join(parts)


def _scale(line: Line) -> tuple[float, float]:
    span = max(0.02, line.full_frac - line.dry_frac)
    values = [frac for _, frac in line.soil] + [value for point in line.fan for value in point[1:]]
    low = min([line.dry_frac - 0.35 * span, *values])
    high = max([line.full_frac + 0.25 * span, *values])
    return low, high


def _measured(line: Line, labels: Labels, x, y) -> list[str]:  # type: ignore[no-untyped-def] # two local scales
    """The measured line in pieces: a gap in the data is a gap in the line, with its word."""
    found: list[str] = []
    piece: list[str] = []
    before: datetime | None = None
    for at, frac in line.soil:
        if x(at) < LEFT:
            continue
        if before is not None and (at - before).total_seconds() / 3600 > GAP_H:
            found.append(f'<path class="soil" d="M{"L".join(piece)}"/>')
            middle = (x(before) + x(at)) / 2
            if x(at) - x(before) > 40:
                found.append(
                    f'<text class="word" x="{middle:.0f}" y="{y(frac):.0f}" text-anchor="middle">{escape(labels.gap)}</text>'
                )
            piece = []
        piece.append(f"{x(at):.1f} {y(frac):.1f}")
        before = at
    if piece:
        found.append(f'<path class="soil" d="M{"L".join(piece)}"/>')
        found.append('<circle class="here" cx="{}" cy="{}" r="5"/>'.format(*piece[-1].split()))
    return found


def _fan(line: Line, x, y) -> str:  # type: ignore[no-untyped-def] # two local scales
    if not line.fan or not line.soil:
        return ""
    at, frac = line.soil[-1]
    start = f"{x(at):.1f} {y(frac):.1f}"
    upper = [f"{x(line.now + timedelta(hours=h)):.1f} {y(p90):.1f}" for h, _, _, p90 in line.fan]
    lower = [f"{x(line.now + timedelta(hours=h)):.1f} {y(p10):.1f}" for h, p10, _, _ in line.fan]
    middle = [f"{x(line.now + timedelta(hours=h)):.1f} {y(p50):.1f}" for h, _, p50, _ in line.fan]
    return (
        f'<path class="fan" d="M{start}L{"L".join(upper)}L{"L".join(reversed(lower))}Z"/>'
        f'<path class="likely" d="M{start}L{"L".join(middle)}"/>'
    )


def _days(line: Line, labels: Labels, tz: tzinfo, x) -> list[str]:  # type: ignore[no-untyped-def] # a local scale
    found = []
    local = line.now.astimezone(tz)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(-3, 4):
        at = midnight + timedelta(days=number)
        spot = x(at)
        if LEFT < spot < WIDTH - 20:
            found.append(f'<path class="day" d="M{spot:.1f} {BOTTOM:.0f}v5"/>')
        centre = x(at + timedelta(hours=12))
        if LEFT + 10 < centre < WIDTH - 14:
            found.append(
                f'<text class="word" x="{centre:.0f}" y="{HEIGHT - 10:.0f}" text-anchor="middle">{escape(labels.days[at.weekday()])}</text>'
            )
    return found

"""Two small pictures without words in them: where a season stands, and a range on its scale. Words stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 400.0, 58.0
TOP, TALL = 14.0, 32.0


def season_chart(
    stage_days: Sequence[int], today_day: int | None, harvest_days: tuple[int, int, int] | None, title: str
) -> str:
    """Stages side by side to scale, today's mark, and the likely days of harvest as a hatched end.

    Days are counted from planting; `today_day` outside the season is not drawn.
    """
    length = max(sum(stage_days), harvest_days[2] if harvest_days else 0, 1)

    def x(day: float) -> float:
        return 4 + max(0.0, min(day, length)) / length * (WIDTH - 8)

    parts = [
        f'<svg class="stages" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(title)}">'
    ]
    begin = 0
    for number, days in enumerate(stage_days):
        left, right = x(begin), x(begin + days)
        parts.append(
            f'<path class="stage s{number}" d="M{left + 1:.1f} {TOP + TALL:.0f}H{right - 1:.1f}V{_top(number, 1):.1f}'
            f'L{left + 1:.1f} {_top(number, 0):.1f}z"/>'
        )
        begin += days
    if harvest_days:
        low, likely, high = (x(day) for day in harvest_days)
        parts.append(f'<path class="ready" d="M{low:.1f} {TOP + TALL + 5:.0f}H{high:.1f}"/>')
        parts.append(f'<path class="likely-on" d="M{likely:.1f} {TOP + TALL + 1:.0f}l5 9h-10z"/>')
    if today_day is not None and 0 <= today_day <= length:
        parts.append(f'<path class="today" d="M{x(today_day):.1f} 2V{TOP + TALL + 3:.0f}"/>')
        parts.append(f'<circle class="today-dot" cx="{x(today_day):.1f}" cy="6" r="5"/>')
    return "".join([*parts, "</svg>"])


def _named(title: str) -> str:
    return f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'


def _top(stage: int, end: int) -> float:
    """The crop's height at a stage's begin and end: it grows, stands, and leans to its end."""
    heights = ((0.15, 0.3), (0.3, 1.0), (1.0, 1.0), (1.0, 0.6))
    return TOP + TALL * (1 - heights[min(stage, 3)][end])


def range_chart(values: Sequence[float], least: float, most: float, title: str) -> str:
    """A range (low, likely, high) as a bar on a scale from `least` to `most`, the likely value as a full mark.

    Without a title it is an ornament beside its own figures.
    """
    low, likely, high = values
    span = max(most - least, 1e-9)

    def x(value: float) -> float:
        return 8 + max(0.0, min(1.0, (value - least) / span)) * (WIDTH - 16)

    return (
        f'<svg class="range" viewBox="0 0 {WIDTH:.0f} 24" {_named(title)}>'
        f'<path class="scale" d="M8 12H{WIDTH - 8:.0f}"/>'
        f'<path class="bar" d="M{x(low):.1f} 6H{max(x(high), x(low) + 2):.1f}v12H{x(low):.1f}z"/>'
        f'<path class="mark" d="M{x(likely):.1f} 2v20"/></svg>'
    )

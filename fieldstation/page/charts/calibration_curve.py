"""A probe's curve as a small drawing: volts along, water up; the one in force and the one that is tried."""

from __future__ import annotations

from fieldstation.domain.calibration import Curve
from fieldstation.language.sentences import Words

WIDTH, HEIGHT = 320, 180
LEFT, BOTTOM, TOP, RIGHT = 44, 26, 10, 10
MOST_V = 3.3


def draw_curves(now: Curve, tried: Curve | None, most_frac: float, words: Words) -> str:
    """SVG. `most_frac` is what the soil holds when every pore is full, drawn as a mark."""
    high = max(most_frac, *(frac for _, frac in now), *(frac for _, frac in tried or ())) * 1.05

    def at(volts: float, frac: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * volts / MOST_V
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * frac / high
        return f"{x:.0f},{y:.0f}"

    def path(curve: Curve, name: str) -> str:
        return f'<polyline class="{name}" points="{" ".join(at(*point) for point in curve)}"/>'

    full_y = at(0, most_frac).split(",")[1]
    parts = [
        f'<line class="mark" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{full_y}" y2="{full_y}"/>',
        path(now, "curve now"),
        path(tried, "curve tried") if tried else "",
        f'<text x="{LEFT - 6}" y="{HEIGHT - BOTTOM}" text-anchor="end">0</text>',
        f'<text x="{LEFT - 6}" y="{full_y}" text-anchor="end">{round(most_frac * 100)}%</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 6}">0 V</text>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{MOST_V} V</text>',
    ]
    title = words.say("calibration", "drawn")
    return (
        f'<svg class="line curves" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" direction="ltr"><title>{title}</title>'
        + "".join(parts)
        + "</svg>"
    )

"""By how much ranges of drying must grow to hold what came, by depth of the probe and days ahead. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

DEEP_FROM_CM = 30
"""Rain and the plough stir what is above; what is below moves slowly."""

Widths = Mapping[str, Mapping[str, float]]
"""`shallow` and `deep`, each with a factor by days ahead (as text, as JSON keeps it)."""


def depth_class(depth_cm: float) -> str:
    """Which of the two soils a probe stands in."""
    return "deep" if depth_cm >= DEEP_FROM_CM else "shallow"


def width(widths: Widths, depth_cm: float, days: float) -> float:
    """The factor for a probe and a horizon; straight lines between the horizons that were judged.

    >>> width({"shallow": {"1": 1.0, "3": 1.2}, "deep": {"1": 2.0}}, 15, 2)
    1.1
    >>> width({"shallow": {"1": 1.0, "3": 1.2}, "deep": {"1": 2.0}}, 45, 7)
    2.0
    """
    points = sorted((float(at), factor) for at, factor in widths[depth_class(depth_cm)].items())
    for (near, low), (far, high) in pairwise(points):
        if near <= days <= far:
            return low + (days - near) / (far - near) * (high - low)
    return points[0][1] if days < points[0][0] else points[-1][1]


def checked(table: Mapping[str, object]) -> Widths:
    """The widths of a manifest. Raises ValueError when one is missing, AttributeError when it is no table."""
    found: dict[str, dict[str, float]] = {}
    for name in ("shallow", "deep"):
        of = table.get(name)
        if not isinstance(of, Mapping) or not of:
            raise ValueError(f"no widths of drying for {name} probes")
        found[name] = {str(int(days)): float(factor) for days, factor in of.items()}
    return found


def columns(wanted: Sequence[str], known: Sequence[str]) -> tuple[int, ...]:
    """Where in a row stand the features that a model was made of. Raises ValueError when one is not there."""
    return tuple(known.index(name) for name in wanted)

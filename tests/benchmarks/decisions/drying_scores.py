"""How well drying is forecast, by depth, days ahead and whether the farm was in order, in m3/m3."""

from __future__ import annotations

from typing import Any

from fieldstation.learning.history import AHEAD_NAMES
from fieldstation.learning.training import widening
from fieldstation.learning.widths import depth_class, width

JUDGED_D = (1, 3, 7)
_SPAN, _DEPTH, _DAYS = (AHEAD_NAMES.index(name) for name in ("span_frac", "this_depth_cm", "days"))


def widths(rows: Any, low: Any, mid: Any, high: Any, true: Any) -> dict[str, dict[str, float]]:
    """The factor of each depth class and horizon that makes its ranges hold 80 %."""
    found: dict[str, dict[str, float]] = {}
    for kind, days in classes(rows):
        own = of_class(rows, kind) & (rows[:, _DAYS] == days)
        found.setdefault(kind, {})[str(days)] = round(widening(low[own], mid[own], high[own], true[own]), 3)
    return found


def classes(rows: Any) -> list[tuple[str, int]]:
    """The depth classes and horizons that the rows hold."""
    return sorted({(depth_class(depth), int(days)) for depth, days in {(r[_DEPTH], r[_DAYS]) for r in rows}})


def of_class(rows: Any, kind: str) -> Any:
    """Which rows are of a depth class."""
    import numpy as np

    depths = rows[:, _DEPTH]
    return np.isin(depths, [depth for depth in np.unique(depths) if depth_class(depth) == kind])


def table(rows: Any, low: Any, mid: Any, high: Any, true: Any, clean: Any, by: Any) -> list[dict[str, Any]]:
    """One line a depth, horizon and condition: RMSE, that of "stays as it is", and the share inside the range."""
    import numpy as np

    found = []
    for condition, farm in (("clean", clean), ("faults", ~clean)):
        for depth in sorted(set(rows[:, _DEPTH])):
            for days in JUDGED_D:
                own = farm & (rows[:, _DEPTH] == depth) & (rows[:, _DAYS] == days)
                if not own.any():
                    continue
                span, wide = rows[own, _SPAN], width(by, depth, days)
                below, above = mid[own] - wide * (mid - low)[own], mid[own] + wide * (high - mid)[own]
                ours = float(np.sqrt(np.mean(((mid - true)[own] * span) ** 2)))
                stays = float(np.sqrt(np.mean((true[own] * span) ** 2)))
                inside = float(np.mean((true[own] >= below) & (true[own] <= above)))
                found.append(
                    {
                        "conditions": condition,
                        "depth_cm": int(depth),
                        "days": days,
                        "rmse_frac": round(ours, 4),
                        "stays_frac": round(stays, 4),
                        "below_stays": round(1 - ours / stays, 3),
                        "inside_80": round(inside, 3),
                        "rows": int(own.sum()),
                    }
                )
    return found

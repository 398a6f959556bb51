"""What missing water costs in yield: FAO-33."""

from __future__ import annotations

from collections.abc import Sequence

from fieldstation.agronomy.balance import DayBalance
from fieldstation.domain.crop import Crop


def relative_yield_frac(ky: float, used_mm: float, wanted_mm: float) -> float:
    """1 - Ya/Ym = Ky (1 - ETa/ETm), as Ya/Ym in 0-1 (FAO-33; FAO-56 equation 90).

    >>> round(relative_yield_frac(1.25, 400, 500), 2)
    0.75
    """
    if wanted_mm <= 0:
        return 1.0
    return max(0.0, min(1.0, 1 - ky * (1 - used_mm / wanted_mm)))


def expected_yield_t_ha(crop: Crop, rows: Sequence[DayBalance]) -> float:
    """Dry yield, t/ha, from the balance so far, taking the rest of the season as free of stress."""
    wanted_mm = sum(row.kc * row.et0_mm for row in rows)
    used_mm = sum(row.etc_mm for row in rows)
    if not rows or wanted_mm <= 0:
        return crop.yield_potential_t_ha
    lived = min(1.0, len(rows) / crop.season_days)
    lost = 1 - relative_yield_frac(crop.ky, used_mm, wanted_mm)
    return crop.yield_potential_t_ha * (1 - lost * lived)

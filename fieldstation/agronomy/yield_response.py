"""What missing water costs in yield: FAO-33."""

from __future__ import annotations

from collections.abc import Sequence


def relative_yield_frac(ky: float, used_mm: float, wanted_mm: float) -> float:
    """1 - Ya/Ym = Ky (1 - ETa/ETm), as Ya/Ym in 0-1 (FAO-33; FAO-56 equation 90).

    >>> round(relative_yield_frac(1.25, 400, 500), 2)
    0.75
    """
    if wanted_mm <= 0:
        return 1.0
    return max(0.0, min(1.0, 1 - ky * (1 - used_mm / wanted_mm)))


def relative_yield_by_stage_frac(
    ky_stage: Sequence[float], used_mm: Sequence[float], wanted_mm: Sequence[float]
) -> float:
    """Ya/Ym in 0-1 when each stage lost its own share: the product of what the stages leave (FAO-33, Ky by stage).

    One value a stage in each sequence; raises ValueError when their lengths differ. Maize that
    gets half its water while it flowers, and all of it before and after, keeps a quarter.

    >>> relative_yield_by_stage_frac((0.4, 1.5, 0.5, 0.2), (90, 75, 200, 60), (90, 150, 200, 60))
    0.25
    """
    left = 1.0
    for ky, used, wanted in zip(ky_stage, used_mm, wanted_mm, strict=True):
        left *= relative_yield_frac(ky, used, wanted)
    return left

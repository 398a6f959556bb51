"""Before the referee starts: do the faster seasons say what the library says? Refuses to go on where not."""

from __future__ import annotations

from tests.benchmarks.decisions.field import MAX_MM, Case, Field
from tests.benchmarks.decisions.quicker import library_as_it_is
from tests.benchmarks.decisions.sample import cases
from tests.benchmarks.decisions.season import Quick, Slow

RELATIVE = 1e-6
POINTS = {"watered": (0.5, 0.6, 0.5, 0.8, 0.1), "rainfed": (1.1, 1.1, 1.1, 1.1, 0.0)}
"""Lines and refill: some water for every crop, and ground that may dry to the bottom."""


class DisagreementError(RuntimeError):
    """Two ways of living a season came to different ends."""


def seasons(quick: bool) -> list[str]:
    """Two seasons of each crop by the library's functions, the quicker ones and, where asked, the compiled.

    Returns a line for each. Raises DisagreementError where yields differ by more than 1e-6 of their size.
    The text that is compiled agrees to the last bit as plain Python (NUMBA_DISABLE_JIT=1).
    """
    some = {case.crop: case for case in cases(24)}.values()
    return [_compared(case, name, quick) for case in some for name in POINTS]


def _compared(case: Case, name: str, quick: bool) -> str:
    lived, given = Slow(case, "aquacrop").by_thresholds(POINTS[name], None)
    ends = {"library": _by_library(case, given), "quicker": lived.yield_t_ha}
    if quick:
        again, depths = Quick(case, "aquacrop").by_thresholds(POINTS[name], None)
        apart = [abs(a - b) for a, b in zip(depths, given, strict=False)]
        if len(depths) != len(given) or max(apart) > RELATIVE * MAX_MM:
            raise DisagreementError(f"{case.name}, {name}: the compiled season was watered otherwise")
        ends["compiled"] = again.yield_t_ha
    low, high = min(ends.values()), max(ends.values())
    told = ", ".join(f"{who} {value:.9f}" for who, value in ends.items())
    if high - low > RELATIVE * max(abs(high), 1e-9):
        raise DisagreementError(
            f"{case.name}, {name}: yields differ, t/ha: {told}. A new AquaCrop? Compare its functions with quicker.py and compiled/"
        )
    return f"{case.name}, {name}: {told}"


def _by_library(case: Case, given: list[float]) -> float:
    land = Field(case)
    with library_as_it_is():
        for mm in given:
            land.give(mm)
    return land.yield_t_ha()

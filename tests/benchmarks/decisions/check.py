"""Before the referee starts: do the faster seasons say what the library says? Refuses to go on where not."""

from __future__ import annotations

from tests.benchmarks.decisions.field import Case, Field
from tests.benchmarks.decisions.quicker import library_as_it_is
from tests.benchmarks.decisions.sample import cases
from tests.benchmarks.decisions.season import Quick, Slow

RELATIVE = 1e-6
POINT = (0.5, 0.6, 0.5, 0.8, 0.1)
"""Lines and refill that water every crop a few times."""


class DisagreementError(RuntimeError):
    """Two ways of living a season came to different ends."""


def seasons(quick: bool) -> list[str]:
    """One season of each crop by the library's functions, the quicker ones and, where asked, the compiled.

    Returns a line for each. Raises DisagreementError where yields differ by more than 1e-6 of their size.
    """
    found = []
    for case in {case.crop: case for case in cases(24)}.values():
        lived, given = Slow(case, "aquacrop").by_thresholds(POINT, None)
        ends = {"library": _by_library(case, given), "quicker": lived.yield_t_ha}
        if quick:
            again, depths = Quick(case, "aquacrop").by_thresholds(POINT, None)
            if len(depths) != len(given) or any(abs(a - b) > RELATIVE * 25 for a, b in zip(depths, given, strict=True)):  # fmt: skip
                raise DisagreementError(f"{case.name}: the compiled season was watered otherwise")
            ends["compiled"] = again.yield_t_ha
        low, high = min(ends.values()), max(ends.values())
        told = ", ".join(f"{name} {value:.9f}" for name, value in ends.items())
        if high - low > RELATIVE * max(abs(high), 1e-9):
            raise DisagreementError(f"{case.name}: yields differ, t/ha: {told}. A new AquaCrop? Compare its functions with quicker.py and compiled/")  # fmt: skip
        found.append(f"{case.name}: {told}")
    return found


def _by_library(case: Case, given: list[float]) -> float:
    land = Field(case)
    with library_as_it_is():
        for mm in given:
            land.give(mm)
    return land.yield_t_ha()

"""AquaCrop, some three times faster: the same sums on plain floats, and a season begun twice copied from the first.

Most of its time goes into rounding numpy numbers and building small arrays. These versions do the
same arithmetic: the referee compares seasons with the library's own functions at each start (check.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def root_zone_water(
    prof: Any, root_m: float, theta: Any, top_m: float, least_root_m: float, aer_pct: float
) -> tuple[float, ...]:
    """The library's function of this name; what does not change with the water is kept by depth."""
    depth = round(float(max(root_m, least_root_m)), 2)
    kept = _kept(prof)
    found = kept.get((depth, aer_pct))
    if found is None:
        found = kept[depth, aer_pct] = _fixed(prof, depth, aer_pct, top_m)
    shares, thick, sat, full, dry, air_dry, aired, top = found
    values = theta.tolist()
    actual = 0.0
    for share, value, part_m in zip(shares, values, thick, strict=False):
        actual += round(share * value * part_m, 2)
    actual = max(0.0, actual)
    taw = max(full - dry, 0.0)
    depleted = min(full - actual, taw)
    scale = depth * 1000
    if top is None:
        depleted_top, taw_top = depleted, taw
    else:
        top_count, top_full, top_dry = top
        wet = max(0.0, _whole(values[:top_count], thick))
        taw_top = max(top_full - top_dry, 0)
        depleted_top = min(top_full - wet, taw_top)
    return (
        actual,
        depleted_top,
        depleted,
        taw_top,
        taw,
        actual / scale,
        sat / scale,
        full / scale,
        dry / scale,
        air_dry / scale,
        aired / scale,
    )


def _kept(prof: Any) -> dict[Any, Any]:
    kept = prof.__dict__.get("_kept")
    if kept is None:
        kept = prof.__dict__["_kept"] = {}
    found: dict[Any, Any] = kept
    return found


def _fixed(prof: Any, depth: float, aer_pct: float, top_m: float) -> tuple[Any, ...]:
    sums: list[float] = prof.dzsum.tolist()
    thick: list[float] = prof.dz.tolist()
    last = next(i for i, total in enumerate(sums) if total >= depth)
    parts = [1 - (sums[i] - depth) / thick[i] if sums[i] > depth else 1.0 for i in range(last + 1)]
    shares: list[float] = [part * 1000 for part in parts]

    def rounded(values: list[float]) -> float:
        return sum(round(s * v * t, 2) for s, v, t in zip(shares, values, thick, strict=False))

    sat = prof.th_s.tolist()
    top = None
    if depth > top_m:
        ztop = round(float(top_m), 2)
        count = sum(total <= ztop for total in sums)
        top = (count, _whole(prof.th_fc.tolist()[:count], thick), _whole(prof.th_wp.tolist()[:count], thick))
    return (
        shares,
        thick,
        rounded(sat),
        rounded(prof.th_fc.tolist()),
        rounded(prof.th_wp.tolist()),
        rounded(prof.th_dry.tolist()),
        rounded([value - aer_pct / 100 for value in sat]),
        top,
    )


def _whole(values: list[float], thick: list[float]) -> float:
    return sum(1000 * value * part_m for value, part_m in zip(values, thick, strict=False))


def water_stress(
    p_up: Any,
    p_lo: Any,
    et_adjusts: float,
    beta_pct: float,
    shapes: Any,
    early_days: float,
    depleted: float,
    taw: float,
    et0: float,
    beta: float,
) -> tuple[float, float, float, float, float]:
    """The library's function of this name."""
    up, low = list(map(float, p_up)), list(map(float, p_lo))
    if et_adjusts == 1:
        by = 0.04 * (5 - et0)
        for i in range(3):
            up[i] += by * math.log10(10 - 9 * up[i])
            low[i] += by * math.log10(10 - 9 * low[i])
    if beta and early_days > 0:
        up[2] *= 1 - beta_pct / 100
    relative = []
    for begin, end in zip(up, low, strict=True):
        begin, end = min(1.0, max(0.0, begin)), min(1.0, max(0.0, end))
        if depleted <= begin * taw:
            relative.append(0.0)
        elif depleted < end * taw:
            relative.append(1 - (end - depleted / taw) / (end - begin))
        else:
            relative.append(1.0)
    ks = [
        1 - (math.exp(part * shape) - 1) / (math.exp(shape) - 1)
        for part, shape in zip(relative[:3], map(float, shapes), strict=False)
    ]
    return ks[0], ks[1], ks[2], 1 - relative[3], 1 - relative[1]


def evap_layer_water_content(theta: Any, layer_m: float, prof: Any) -> tuple[float, ...]:
    """The library's function of this name, multiplied in its very order: near air-dry the last bit decides."""
    kept = _kept(prof)
    fixed = kept.get("layers")
    if fixed is None:
        fixed = kept["layers"] = list(
            zip(
                *(a.tolist() for a in (prof.dzsum, prof.dz, prof.th_s, prof.th_fc, prof.th_wp, prof.th_dry)),
                strict=True,
            )
        )
    sat = full = dry = air_dry = actual = 0.0
    for (total, thick, th_s, th_fc, th_wp, th_dry), now in zip(fixed, theta.tolist(), strict=False):
        share = (1 - (total - layer_m) / thick if total > layer_m else 1.0) * 1000
        actual += share * now * thick
        sat += share * th_s * thick
        full += share * th_fc * thick
        dry += share * th_wp * thick
        air_dry += share * th_dry * thick
        if total >= layer_m:
            break
    return sat, full, dry, air_dry, max(0.0, actual)


MINE = (root_zone_water, water_stress, evap_layer_water_content)
_OWN: list[tuple[Any, str, Any]] = []


def install() -> None:
    """Put them in the library's place, wherever it has imported its own."""
    if _OWN:
        return
    import aquacrop.core  # noqa: F401
    from aquacrop.solution import canopy_cover, harvest_index, irrigation, soil_evaporation, transpiration
    from aquacrop.timestep import run_single_timestep

    for module in (
        canopy_cover,
        harvest_index,
        irrigation,
        soil_evaporation,
        transpiration,
        run_single_timestep,
    ):
        for mine in MINE:
            own = getattr(module, mine.__name__, None)
            if own is not None:
                _OWN.append((module, mine.__name__, own))
                setattr(module, mine.__name__, mine)


@contextmanager
def library_as_it_is() -> Iterator[None]:
    """The library with its own functions, to compare with."""
    install()
    for module, name, own in _OWN:
        setattr(module, name, own)
    _OWN.clear()
    try:
        yield
    finally:
        install()

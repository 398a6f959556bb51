"""The soil in layers, drying from a profile that probes have shown. FAO-56 demand, shared out by depth.

It guesses what a probe will read: the account of the root zone knows one depletion, a probe stands
at one depth of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m
from fieldstation.agronomy.soil_water import adjusted_p_frac, stress_coefficient
from fieldstation.agronomy.water_balance import LOST_RAIN_OF_ET0
from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil

LAYER_M = 0.1
LAYERS = 15
DRAINS_FRAC = 0.5
"""How much of the water above field capacity leaves a layer in a day."""
LEAST_SHARE = 0.05
DRIEST_FRAC = 1.15
"""Bare soil dries a little below the wilting point."""
WETTEST_FRAC = -0.8


def profile_from(shown: Mapping[int, float], elsewhere: float) -> list[float]:
    """Depletion of available water by layer, from depletion by depth in cm: straight lines between probes.

    Above the upper probe it is as dry as there. Below the lowest it fades over half a metre to `elsewhere`,
    the depletion of the water balance.

    >>> [round(value, 2) for value in profile_from({15: 0.4, 45: 0.1}, 0.1)[:6]]
    [0.4, 0.4, 0.3, 0.2, 0.1, 0.1]
    """
    if not shown:
        return [elsewhere] * LAYERS
    depths = sorted(shown)
    found = []
    for layer in range(LAYERS):
        at = (layer + 0.5) * LAYER_M * 100
        below = next((depth for depth in depths if depth >= at), None)
        above = next((depth for depth in reversed(depths) if depth <= at), None)
        if above is None:
            value = shown[depths[0]]
        elif below is None:
            far = min(1.0, (at - above) / 50)
            value = shown[above] + far * (elsewhere - shown[above])
        elif below == above:
            value = shown[above]
        else:
            value = shown[above] + (at - above) / (below - above) * (shown[below] - shown[above])
        found.append(min(DRIEST_FRAC, max(WETTEST_FRAC, value)))
    return found


def at_cm(profile: Sequence[float], depth_cm: float) -> float:
    """Depletion of the layer that holds a depth."""
    return profile[min(LAYERS - 1, max(0, int(depth_cm / (LAYER_M * 100))))]


def next_profile(
    profile: Sequence[float], crop: Crop, soil: Soil, day: int, et0_mm: float, rain_mm: float
) -> list[float]:
    """One day later, without irrigation. Depletion by layer, of available water; negative when over full.

    >>> bean = Crop("bean", (25, 25, 30, 20), 0.4, 1.15, 0.35, 0.5, 0.5, 0.45, 1.15, (0, 0, 0, 0), 3, 8, 0.9, "")
    >>> loam = Soil("loam", 0.25, 0.12, 0.45)
    >>> after = next_profile([0.2] * LAYERS, bean, loam, 50, 5.0, 0.0)
    >>> after[0] > after[3] > after[7] == 0.2
    True
    >>> round(sum(after) - 0.2 * LAYERS, 3) == round(5.75 / 13, 3)
    True
    """
    holds_mm = 1000 * LAYER_M * (soil.field_capacity_frac - soil.wilting_point_frac)
    found = list(profile)
    passing = rain_mm if rain_mm >= LOST_RAIN_OF_ET0 * et0_mm else 0.0
    for layer in range(LAYERS):
        if found[layer] < 0:  # drains first
            leaving = -found[layer] * DRAINS_FRAC
            found[layer] += leaving
            passing += leaving * holds_mm
        taken = min(max(0.0, found[layer]) * holds_mm, passing)
        found[layer] -= taken / holds_mm
        passing -= taken
    root_m = max(2 * LAYER_M, root_depth_m(crop, day))
    demand_mm = crop_coefficient(crop, day) * et0_mm
    inside = [max(0.0, min(1.0, root_m / LAYER_M - layer)) for layer in range(LAYERS)]
    mean = sum(part * value for part, value in zip(inside, found, strict=True)) / sum(inside)
    p_frac = adjusted_p_frac(crop.p_frac, demand_mm)
    used_mm = stress_coefficient(1.0, p_frac, max(0.0, mean)) * demand_mm
    shares = []
    for layer, part in enumerate(inside):
        near = max(LEAST_SHARE, 1 - (layer + 0.5) * LAYER_M / root_m)
        shares.append(part * near * max(0.0, 1 - max(0.0, found[layer])))
    total = sum(shares)
    if total > 0:
        for layer, share in enumerate(shares):
            room = max(0.0, DRIEST_FRAC - found[layer])
            found[layer] += min(room, used_mm * share / total / holds_mm)
    return found

"""What a crop can grow in a climate: AquaCrop's chain from cover to yield, without its soil.

Biomass = WP x sum(Tr / ET0), yield = biomass x harvest index (AquaCrop reference manual,
chapter 3, Raes et al. 2018; Steduto et al. 2009). Water stress comes from the account.
"""

from __future__ import annotations

import math

from fieldstation.domain.crop import Growth

CO2_REFERENCE_PPM = 369.41
"""Of the year 2000, for which water productivity is told."""
C4_WP_G_M2, C3_WP_G_M2 = 40.0, 20.0
G_M2_PER_T_HA = 100.0
LOWEST_COLD = 0.02
LOWEST_POLLEN = 0.001
POLLEN_SHAPE = 13.8135
STOMATA_SHAPE = 3.0
AIR_WANTED_FRAC = 0.05


def co2_ppm(year: int) -> float:
    """Carbon dioxide of a year: a parabola through Mauna Loa's yearly means of 1960-2020 (within 2 ppm).

    >>> round(co2_ppm(1990)), round(co2_ppm(2020))
    (354, 414)
    """
    past = year - 1980
    return 338.5 + 1.40 * past + 0.0125 * past * past


def co2_factor(growth: Growth, ppm: float) -> float:
    """Water productivity at `ppm` CO2 over that of the year 2000 (manual chapter 3, biomass; sink strength one half).

    A C3 crop gains from it, a C4 crop hardly.

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> round(co2_factor(PLAIN_GROWTH, 332.0), 3), round(co2_factor(PLAIN_GROWTH, 369.41), 3)
    (0.903, 1.0)
    """
    more = ppm - CO2_REFERENCE_PPM
    weight = min(1.0, max(0.0, more / (550 - CO2_REFERENCE_PPM)))
    slope = (1 - weight) * 0.000138 + weight * 0.5 * (0.000138 + 0.001165)
    factor = (ppm / CO2_REFERENCE_PPM) / (1 + more * slope)
    c3 = min(1.0, max(0.0, (C4_WP_G_M2 - growth.wp_g_m2) / (C4_WP_G_M2 - C3_WP_G_M2)))
    return 1 + c3 * (factor - 1)


def cover_frac(growth: Growth, at: float) -> float:
    """Green cover of a crop without stress, 0-1, at a share of its season (manual chapter 3, canopy).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> [round(cover_frac(PLAIN_GROWTH, at), 2) for at in (0.0, 0.25, 0.6, 1.0)]
    [0.0, 0.21, 0.9, 0.27]
    """
    emerged, full, _, _, fades = growth.phases_frac
    if at < emerged:
        return 0.0
    pace = math.log(0.25 / (0.02 * growth.cover_begin_frac)) / (full - emerged)
    grown = growth.cover_begin_frac * math.exp(pace * (at - emerged))
    if grown > 0.5:
        grown = 1 - 0.25 / growth.cover_begin_frac * math.exp(-pace * (at - emerged))
    if at > fades:
        decline = math.log(1 + (1 - growth.fade_to_frac) / 0.05)
        grown *= max(0.0, 1 - 0.05 * (math.exp(decline * (at - fades) / (1 - fades)) - 1))
    return growth.cover_max_frac * grown


def transpired_of_et0(growth: Growth, at: float, season_days: int) -> float:
    """Transpiration of an unstressed crop over ET0 at a share of its season (manual chapter 3, transpiration)."""
    cover = cover_frac(growth, at)
    _, full, _, _, fades = growth.phases_frac
    shading = max(0.0, 1.72 * cover - cover * cover + 0.30 * cover**3)
    aged = max(0.0, (at - full) * season_days - 5) * growth.ageing_frac_a_day
    kcb = growth.kcb - aged * growth.cover_max_frac
    if at > fades:  # a dying canopy transpires less than its cover
        kcb *= min(1.0, cover / growth.cover_max_frac)
    return kcb * shading


def productivity_g_m2(growth: Growth, at: float) -> float:
    """Biomass for each unit of transpiration over ET0, at the CO2 of the year 2000."""
    forming = min(1.0, max(0.0, (at - growth.phases_frac[2]) / 0.15))
    return growth.wp_g_m2 * (1 - (1 - growth.wp_late_frac) * forming)


def heat_units_between_c_days(growth: Growth, t_min_c: float, t_max_c: float) -> float:
    """One day's heat units between the base and the upper temperature (manual chapter 3, growing degree days, method 3).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> heat_units_between_c_days(PLAIN_GROWTH, 12, 34), heat_units_between_c_days(PLAIN_GROWTH, -4, 6)
    (16.0, 0.0)
    """
    high = min(growth.upper_t_c, max(growth.base_t_c, t_max_c))
    return max(0.0, (high + min(growth.upper_t_c, t_min_c)) / 2 - growth.base_t_c)


def cold_factor(growth: Growth, heat_c_days: float) -> float:
    """How far cold lets the crop transpire on a day of so many heat units, 0-1 (manual chapter 3, temperature stress).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> [round(cold_factor(PLAIN_GROWTH, heat), 2) for heat in (0, 5, 12)]
    [0.0, 0.49, 1.0]
    """
    if growth.full_growth_c_days <= 0 or heat_c_days >= growth.full_growth_c_days:
        return 1.0
    share = max(0.0, heat_c_days) / growth.full_growth_c_days
    shape = -math.log((LOWEST_COLD - 0.98 * LOWEST_COLD) / (0.98 * (1 - LOWEST_COLD)))
    raw = LOWEST_COLD / (LOWEST_COLD + (1 - LOWEST_COLD) * math.exp(-shape * share))
    return max(0.0, raw - LOWEST_COLD * (1 - share))


def thirst_factor(growth: Growth, depletion_frac: float, et0_mm: float) -> float:
    """What closing leaves let through at a depletion of TAW, 0-1 (manual chapter 3, water stress).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> [round(thirst_factor(PLAIN_GROWTH, gone, 5.0), 2) for gone in (0.5, 0.8, 1.0)]
    [1.0, 0.82, 0.0]
    """
    share = min(1.0, max(0.0, depletion_frac))
    from_frac = growth.stomata_from_frac + 0.04 * (5 - et0_mm) * math.log10(10 - 9 * growth.stomata_from_frac)
    from_frac = min(0.9, max(0.1, from_frac))
    if share <= from_frac:
        return 1.0
    closed = (share - from_frac) / (1 - from_frac)
    return 1 - (math.exp(STOMATA_SHAPE * closed) - 1) / (math.exp(STOMATA_SHAPE) - 1)


def airless_frac(saturation_frac: float, theta_frac: float) -> float:
    """How far a root zone of so much water, m3/m3, lacks air: 0 with 5 % of its volume filled with air, 1 with none.

    Manual chapter 3, aeration stress.

    >>> [round(airless_frac(0.50, theta), 2) for theta in (0.40, 0.475, 0.50)]
    [0.0, 0.5, 1.0]
    """
    return min(1.0, max(0.0, 1 - (saturation_frac - theta_frac) / AIR_WANTED_FRAC))


def pollen_factor(growth: Growth, t_min_c: float) -> float:
    """Flowers that a night lets set, 0-1 (manual chapter 3, temperature stress).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> [round(pollen_factor(PLAIN_GROWTH, night), 2) for night in (2, 5.5, 9)]
    [0.0, 0.5, 1.0]
    """
    if not growth.pollen_t_min_c:
        return 1.0
    fails, unhurt = growth.pollen_t_min_c
    if t_min_c >= unhurt:
        return 1.0
    if t_min_c <= fails:
        return 0.0
    cold = (unhurt - t_min_c) / (unhurt - fails)
    return LOWEST_POLLEN / (LOWEST_POLLEN + (1 - LOWEST_POLLEN) * math.exp(-POLLEN_SHAPE * (1 - cold)))


def opened_flowers_frac(growth: Growth, at: float) -> float:
    """Part of the flowers that have opened by a share of the season, 0-1 (manual chapter 3, harvest index, summed).

    >>> from fieldstation.domain.crop import PLAIN_GROWTH
    >>> [round(opened_flowers_frac(PLAIN_GROWTH, at), 2) for at in (0.5, 0.55, 0.7)]
    [0.0, 0.61, 1.0]
    """
    _, _, begins, ends, _ = growth.phases_frac
    if ends <= begins:
        return 1.0 if at >= begins else 0.0
    percent = 100 * min(1.0, max(0.0, (at - begins) / (ends - begins)))

    def summed(x: float) -> float:
        return float(0.00558 / 1.63 * x**1.63 - 0.000969 / 2 * x * x - 0.00383 * x)

    return min(1.0, max(0.0, summed(percent) / summed(100.0)))


def potential_t_ha(growth: Growth, season_days: int, ppm: float) -> float:
    """Dry yield of a season without any stress, at `ppm` CO2."""
    biomass = sum(
        productivity_g_m2(growth, at) * transpired_of_et0(growth, at, season_days)
        for at in ((day + 0.5) / season_days for day in range(season_days))
    )
    return biomass * co2_factor(growth, ppm) * growth.harvest_index / G_M2_PER_T_HA


def typical_t_ha(growth: Growth, ppm: float) -> float:
    """The same of a variety nobody named."""
    return potential_t_ha(growth, growth.typical_days, ppm)

"""A season of AquaCrop, compiled: one day of the library's steps, and whole seasons under those who water."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.decisions.compiled.account import account_next, first_month, opened_mm, wetness
from tests.benchmarks.decisions.compiled.chooser import Ways, water_today
from tests.benchmarks.decisions.compiled.jit import compiled
from tests.benchmarks.decisions.compiled.state import Air, Ground, Soil
from tests.benchmarks.decisions.compiled.told import Floats, Told
from tests.benchmarks.decisions.compiled.translate import library
from tests.benchmarks.decisions.field import EFFICIENCY, MAX_MM

aq: Any = library()
EFFICIENCY_PCT = 100 * EFFICIENCY
GIVEN = 5  # AquaCrop's irrigation method: a depth from outside
WET_PCT = 100.0
Lived = tuple[float, float, int, int]
"""Dry yield t/ha, water mm, events, days."""


@compiled
def live_day(
    c: Any, ground: Ground, plant: Any, soil: Soil, air: Air, day: int, today: Floats, irrigation_mm: float
) -> None:
    """One day, in the library's order (run_single_timestep.py): no groundwater, no bunds, no mulch, in season."""
    t_min, t_max, rain, et0 = today[0], today[1], today[2], today[3]
    c.dap += 1
    gdd = aq.growing_degree_day(plant.GDDmethod, plant.Tupp, plant.Tbase, t_max, t_min)
    c.gdd_cum += gdd
    c.z_root, c.r_cor = aq.root_development(
        plant,
        ground,
        c.dap,
        c.z_root,
        c.delayed_cds,
        c.gdd_cum,
        c.delayed_gdds,
        c.tr_ratio,
        c.th,
        c.canopy_cover,
        c.canopy_cover_ns,
        c.germination,
        c.r_cor,
        c.t_pot,
        -999.0,
        gdd,
        True,
        0,
    )
    th, drained, flux = aq.drainage(ground, c.th, c.th_fc_Adj)
    c.th[:] = th
    runoff, came, c.day_submerged = aq.rainfall_partition(
        rain,
        c.th,
        c.day_submerged,
        False,
        False,
        0.0,
        0.0,
        soil.cn,
        soil.adj_cn,
        soil.z_cn,
        soil.nComp,
        ground,
    )
    th, c.surface_storage, drained, runoff, came, flux = aq.infiltration(
        ground,
        c.surface_storage,
        c.th_fc_Adj,
        c.th,
        came,
        irrigation_mm,
        EFFICIENCY_PCT,
        False,
        0.0,
        flux,
        drained,
        runoff,
        True,
    )
    c.th[:] = th
    aq.germination(c, soil.z_germ, ground, plant.GermThr, plant.PlantMethod, gdd, True)
    aq.growth_stage(plant, c, True)
    aq.canopy_cover(plant, ground, soil.z_top, c, gdd, et0, True)
    c.e_pot, th, c.stage2, c.w_stage_2, c.w_surf, c.surface_storage, c.evap_z, _, _ = aq.soil_evaporation(
        soil.evap_steps,
        False,
        day,
        ground,
        soil.evap_z_min,
        soil.evap_z_max,
        soil.rew,
        soil.kex,
        soil.fwcc,
        soil.f_wrel_exp,
        soil.f_evap,
        plant.CalendarType,
        plant.Senescence,
        GIVEN,
        WET_PCT,
        False,
        0.0,
        0.0,
        c.dap,
        c.w_surf,
        c.evap_z,
        c.stage2,
        c.th,
        c.delayed_cds,
        c.gdd_cum,
        c.delayed_gdds,
        c.ccx_w,
        c.canopy_cover_adj,
        c.ccx_act,
        c.canopy_cover,
        c.premat_senes,
        c.surface_storage,
        c.w_stage_2,
        c.e_pot,
        et0,
        came,
        rain,
        irrigation_mm,
        True,
    )
    c.th[:] = th
    used, used_unstressed, _, _, _ = aq.transpiration(
        ground, soil.nComp, soil.z_top, plant, GIVEN, WET_PCT, c, et0, air, True, gdd
    )
    c.hi_ref, c.yield_form, c.pct_lag_phase = aq.HIref_current_day(
        c.hi_ref,
        c.HIfinal,
        c.dap,
        c.delayed_cds,
        c.yield_form,
        c.pct_lag_phase,
        c.canopy_cover,
        c.cc_prev,
        c.ccx_w,
        plant,
        True,
    )
    c.biomass, c.biomass_ns = aq.biomass_accumulation(
        plant,
        c.dap,
        c.delayed_cds,
        c.hi_ref,
        c.pct_lag_phase,
        c.biomass,
        c.biomass_ns,
        used,
        used_unstressed,
        et0,
        True,
    )
    aq.harvest_index(ground, soil.z_top, plant, c, et0, t_max, t_min, True)
    c.dry_yield = c.biomass / 100 * c.harvest_index_adj
    if c.dap >= plant.Maturity:
        c.crop_mature = 1


@compiled
def depletion_frac(theta: Floats, fc_frac: float, wp_frac: float, root_m: float) -> float:
    """`Field.depletion_frac`: of true TAW over a depth, 0 full to 1."""
    whole = int(root_m * 10 + 1e-9)
    part = root_m * 10 - whole
    missing = total = 0.0
    for layer in range(min(whole, len(theta))):
        missing += fc_frac - theta[layer]
        total += 1.0
    if part > 1e-6 and whole < len(theta):
        missing += part * (fc_frac - theta[whole])
        total += part
    return max(0.0, min(1.0, missing / (total * (fc_frac - wp_frac))))


@compiled
def by_schedule(
    c: Any,
    ground: Ground,
    plant: Any,
    soil: Soil,
    air: Air,
    weather: Floats,
    wp_frac: float,
    fc_frac: float,
    given: Floats,
) -> Lived:
    """Water as written, none after its end."""
    water, events, day = 0.0, 0, 0
    while day < len(weather) and not c.crop_mature and not c.crop_dead:
        mm = given[day] if day < len(given) else 0.0
        water += mm
        events += mm > 0
        live_day(c, ground, plant, soil, air, day, weather[day], mm)
        day += 1
    return c.dry_yield, water, events, day


@compiled
def by_thresholds(
    c: Any,
    ground: Ground,
    plant: Any,
    soil: Soil,
    air: Air,
    weather: Floats,
    wp_frac: float,
    fc_frac: float,
    lines: Floats,
    refill: float,
    length_days: int,
    cap_mm: float,
    given: Floats,
) -> Lived:
    """Lines by quarter of the season on the hidden root zone; `given` is filled in."""
    water, events, day, left = 0.0, 0, 0, cap_mm
    while day < len(weather) and not c.crop_mature and not c.crop_dead:
        root = max(0.3, c.z_root)
        depletion = depletion_frac(c.th, fc_frac, wp_frac, min(1.2, root))
        mm = 0.0
        if depletion > lines[min(3, int(4 * day / length_days))]:
            mm = max(1.0, (depletion - refill) * (fc_frac - wp_frac) * 1000 * root / EFFICIENCY)
        mm = min(mm, MAX_MM, left)
        left -= mm
        given[day] = mm
        water += mm
        events += mm > 0
        live_day(c, ground, plant, soil, air, day, weather[day], mm)
        day += 1
    return c.dry_yield, water, events, day


@compiled
def by_strategy(
    c: Any,
    ground: Ground,
    plant: Any,
    soil: Soil,
    air: Air,
    weather: Floats,
    wp_frac: float,
    fc_frac: float,
    told: Told,
    ways: Ways,
    cap_mm: float,
) -> Lived:
    """The station's chooser, or the textbook, on what it believes of the root zone."""
    water, events, day, mm = 0.0, 0, 0, 0.0
    month, account = first_month(), opened_mm(told)
    while day < len(weather) and not c.crop_mature and not c.crop_dead:
        if day > 0:
            account = account_next(told, day, account, mm)
        wet = wetness(told, day, month)
        true = depletion_frac(c.th, fc_frac, wp_frac, min(1.2, told.root_m[day]))
        mm = water_today(ways, told, day, true, account, wet, water, cap_mm)
        water += mm
        events += mm > 0
        live_day(c, ground, plant, soil, air, day, weather[day], mm)
        day += 1
    return c.dry_yield, water, events, day

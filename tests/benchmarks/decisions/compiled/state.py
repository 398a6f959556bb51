"""AquaCrop's records as numba takes them, and a season's beginning from the library's own initialisation."""

from __future__ import annotations

import pickle
from collections import namedtuple
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.decisions.compiled.told import Floats
from tests.benchmarks.decisions.field import SEASON_DAYS, Case, _begun, weather_of

COMPARTMENTS = 12


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NUMBERS = _words(
    "aer_days age_days age_days_ns biomass biomass_ns canopy_cover canopy_cover_adj canopy_cover_adj_ns canopy_cover_ns "
    "cc0_adj cc_prev ccx_act ccx_act_ns ccx_early_sen ccx_w ccx_w_ns dap day_submerged delayed_cds delayed_gdds depletion "
    "f_pol f_post f_pre fpost_dwn fpost_upp gdd_cum growth_stage harvest_index harvest_index_adj hi_ref irr_net_cum r_cor "
    "s_cor1 s_cor2 surface_storage t_early_sen t_pot taw tr_ratio z_root HIfinal pct_lag_phase e_pot w_stage_2 w_surf evap_z"
)
FLAGS = _words("crop_dead crop_mature germination premat_senes protected_seed yield_form pre_adj stage2")
LAYERS = ("th", "aer_days_comp", "th_fc_Adj")
STATE = np.dtype(
    [(name, np.float64) for name in (*NUMBERS, "dry_yield")]
    + [(name, np.int64) for name in FLAGS]
    + [(name, np.float64, (COMPARTMENTS,)) for name in LAYERS]
)
"""What a day changes: the library's InitialCondition, and the yield so far."""


class Ground(NamedTuple):
    """The library's SoilProfile."""

    Layer: NDArray[np.int64]
    dz: Floats
    dzsum: Floats
    th_fc: Floats
    th_s: Floats
    th_wp: Floats
    th_dry: Floats
    Ksat: Floats
    tau: Floats
    Penetrability: Floats
    th_fc_Adj: Floats  # noqa: N815 - the library's name


class Soil(NamedTuple):
    """What the library's Soil says beside its profile, and its clock of evaporation."""

    z_top: float
    z_germ: float
    cn: float
    adj_cn: float
    z_cn: float
    nComp: float  # noqa: N815 - the library's name
    evap_z_min: float
    evap_z_max: float
    rew: float
    kex: float
    fwcc: float
    f_wrel_exp: float
    f_evap: float
    evap_steps: float


class Air(NamedTuple):
    """Carbon dioxide, ppm."""

    current_concentration: float
    ref_concentration: float


PLANT = _words(
    "Aer CC0 CCmin CCx CDC CGC CalendarType Canopy10Pct CanopyDevEnd CanopyDevEndCD CropType Determinant ETadj "
    "Emergence FloweringCD GDD_lo GDD_up HI0 HIGC HIendCD HIini HIstartCD Kcb LagAer Maturity MaxCanopy MaxCanopyCD "
    "MaxRooting PctZmin PolColdStress PolHeatStress Senescence SxBot SxTop Tmax_lo Tmax_up Tmin_lo Tmin_up "
    "TrColdStress WP WPy YldFormCD Zmax Zmin a_HI a_Tr b_HI beta dHI0 dHILinear dHI_pre exc fCO2 fage fshape_b "
    "fshape_ex fshape_r fshape_w p_lo p_up tLinSwitch GDDmethod Tupp Tbase GermThr PlantMethod"
)
Plant: Any = namedtuple("Plant", PLANT)  # type: ignore[misc]  # noqa: PYI024 - the library's Crop, of 60 names


@dataclass(frozen=True, slots=True)
class Start:
    """A season at the morning of planting. `begun` and `ground` are copied for each run: a season writes into both."""

    begun: Any
    ground: Ground
    plant: Any  # a Plant
    soil: Soil
    air: Air
    weather: Floats  # a row a day: Tmin C, Tmax C, rain mm, ET0 mm
    wp_frac: float
    fc_frac: float
    length_days: int

    def run(self, *how: Any) -> tuple[Any, ...]:
        """The arguments of a run: what every one takes first, then `how`."""
        ground = self.ground._replace(dzsum=self.ground.dzsum.copy())
        first = (
            self.begun.copy(),
            ground,
            self.plant,
            self.soil,
            self.air,
            self.weather,
            self.wp_frac,
            self.fc_frac,
        )
        return *first, *how


@lru_cache(maxsize=4)
def start_of(case: Case) -> Start:
    """The beginning of a case as `Field` has it. Raises NotImplementedError for seasons counted in heat units."""
    begun, wp_frac, fc_frac = _begun(case)
    model = pickle.loads(begun)
    now, given, clock = model._init_cond, model._param_struct, model._clock_struct
    crop, soil = given.Seasonal_Crop_List[0], given.Soil
    if crop.CalendarType != 1:
        raise NotImplementedError(f"{case.crop}: compiled seasons end by calendar days only")
    state: Any = np.zeros(1, STATE)
    for name in (*NUMBERS, *FLAGS, *LAYERS):
        state[name] = getattr(now, name)
    numbers = (getattr(crop, name) for name in PLANT)
    first, days = case.planted_on, weather_of(case)
    lived = [first + timedelta(days=number) for number in range(SEASON_DAYS[case.crop] + 3)]
    return Start(
        begun=state[0],
        ground=Ground(*(np.array(getattr(soil.Profile, name)) for name in Ground._fields)),
        plant=Plant(*(np.array(one, dtype=float) if np.ndim(one) else float(one) for one in numbers)),
        soil=Soil(
            **{name: float(getattr(soil, name)) for name in Soil._fields[:-1]},
            evap_steps=float(clock.evap_time_steps),
        ),
        air=Air(float(given.CO2.current_concentration), float(given.CO2.ref_concentration)),
        weather=np.array([(w.t_min_c, w.t_max_c, w.rain_mm, w.et0_mm) for w in (days[on] for on in lived)]),
        wp_frac=wp_frac,
        fc_frac=fc_frac,
        length_days=SEASON_DAYS[case.crop],
    )

"""What the yield model sees: where growth leads and how the soil stood, nothing that names the crop or the place. Pure."""

from __future__ import annotations

import math

from fieldstation.learning.history import History

NAN = math.nan
YIELD_FEATURES: dict[str, str] = {
    "season_frac": "crop_stage",
    "mech_frac": "weather",
    "short_before_frac": "soil_balance",
    "short_flower_frac": "soil_balance",
    "short_after_frac": "soil_balance",
    "recent_short_frac": "soil_balance",
    "probe_short_frac": "soil_probe",
    "balance_short_frac": "soil_balance",
    "leaf_short_frac": "soil_balance",
    "driest_frac": "soil_balance",
    "dryness_frac": "soil_balance",
    "airless_before_frac": "soil",
    "airless_after_frac": "soil",
    "probe_airless_frac": "soil",
    "nudged_frac": "soil_balance",
    "balance_frac": "soil_balance",
    "shallow_insitu": "soil_probe",
    "deep_insitu": "soil_probe",
    "supply_frac": "water_given",
    "fc_frac": "soil",
    "span_frac": "soil",
}
"""Every feature and the group of words a farmer knows."""
YIELD_NAMES = tuple(YIELD_FEATURES)


def yield_row(history: History) -> list[float]:
    """Features in the order of YIELD_NAMES; NaN where nothing is known."""
    assert history.balance is not None
    assert history.corrected is not None
    growing, sums, soil = history.growing, history.season, history.plot.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac
    insitu = {}
    for deep in (False, True):
        past = history.probe(deep=deep)
        now = past.now() if past is not None and not past.stuck() else None
        insitu[deep] = (
            NAN if past is None or now is None else (past.full(soil.field_capacity_frac) - now) / span
        )
    values = {
        "season_frac": min(1.0, growing.day / growing.season_days),
        "mech_frac": growing.leads_to_frac(),
        "short_before_frac": growing.short[0],
        "short_flower_frac": growing.short[1],
        "short_after_frac": growing.short[2],
        "recent_short_frac": growing.recent_short,
        "probe_short_frac": growing.probe_short,
        "balance_short_frac": growing.balance_short,
        "leaf_short_frac": growing.leaf_short,
        "driest_frac": growing.driest,
        "dryness_frac": growing.dryness,
        "airless_before_frac": growing.airless[0],
        "airless_after_frac": growing.airless[1],
        "probe_airless_frac": growing.probe_airless,
        "nudged_frac": history.corrected.depletion_frac,
        "balance_frac": history.balance.depletion_frac,
        "shallow_insitu": insitu[False],
        "deep_insitu": insitu[True],
        "supply_frac": (sums["rain"] + sums["water"]) / max(1.0, sums["demand"]),
        "fc_frac": soil.field_capacity_frac,
        "span_frac": span,
    }
    return [values[name] for name in YIELD_NAMES]

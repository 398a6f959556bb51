"""The account alone under our chooser, by crop, as `python -m tests.benchmarks.decisions.tune --crop NAME --who bucket
--generations 20 --seasons 128 --processes 1` found it: what the station must beat."""

from __future__ import annotations

from fieldstation.policies.irrigation_strategy import by_crop

BUCKETS = by_crop(
    ("maize", "potato", "tomato", "wheat"),
    {
        "lines_of_p": (
            (0.735, 0.442, 0.994, 1.744),
            (1.066, 0.517, 0.861, 2.199),
            (0.548, 0.534, 0.634, 0.742),
            (1.497, 0.551, 0.849, 1.379),
        ),
        "line_by_wetness": (0.475, 0.243, 0.241, 0.38),
        "line_by_depth": (0.383, 0.236, 0.324, 0.081),
        "refill_to_frac": (0.017, 0.062, 0, 0.001),
        "refill_by_wetness": (0.096, 0.022, 0.001, 0.187),
        "gap_frac": (0.181, 0.148, 0.145, 0.121),
        "rain_trust": (0.507, 0.626, 0.706, 0.65),
        "rain_fades": (0.719, 0.515, 0.907, 0.734),
        "bound_of_line": (1.483, 1.266, 1.651, 1.667),
        "end_frac": (0.699, 0.677, 0.639, 0.381),
        "last_mm": (3.471, 38.318, 17.584, 18.942),
        "airless_line_frac": (0.369, 0.574, 0.401, 0.319),
        "airless_refill_frac": (0.262, 0.115, 0.267, 0.249),
        "airless_by_wetness": (-0.172, -0.026, 0.133, -0.001),
        "airless_from": (0.119, -0.05, 0.014, 0.126),
        "worth_mm": (1980, 6000, 7200, 1650),
    },
)

"""The account alone under our chooser, by crop, as `python -m tests.benchmarks.decisions.tune --crop NAME --who bucket
--generations 20 --seasons 128 --processes 1` found it: what the station must beat."""

from __future__ import annotations

from fieldstation.policies.manner import Manner

BUCKETS = {
    "maize": Manner(
        (0.735, 0.442, 0.994, 1.744), line_by_wetness=0.475, line_by_depth=0.383, refill_to_frac=0.017,
        refill_by_wetness=0.096, gap_frac=0.181, rain_trust=0.507, rain_fades=0.719, bound_of_line=1.483,
        end_frac=0.699, last_mm=3.471, airless_line_frac=0.369, airless_refill_frac=0.262,
        airless_by_wetness=-0.172, airless_from=0.119, worth_mm=1980
    ),
    "potato": Manner(
        (1.066, 0.517, 0.861, 2.199), line_by_wetness=0.243, line_by_depth=0.236, refill_to_frac=0.062,
        refill_by_wetness=0.022, gap_frac=0.148, rain_trust=0.626, rain_fades=0.515, bound_of_line=1.266,
        end_frac=0.677, last_mm=38.318, airless_line_frac=0.574, airless_refill_frac=0.115,
        airless_by_wetness=-0.026, airless_from=-0.05, worth_mm=6000
    ),
    "tomato": Manner(
        (0.548, 0.534, 0.634, 0.742), line_by_wetness=0.241, line_by_depth=0.324, refill_to_frac=0,
        refill_by_wetness=0.001, gap_frac=0.145, rain_trust=0.706, rain_fades=0.907, bound_of_line=1.651,
        end_frac=0.639, last_mm=17.584, airless_line_frac=0.401, airless_refill_frac=0.267,
        airless_by_wetness=0.133, airless_from=0.014, worth_mm=7200
    ),
    "wheat": Manner(
        (1.497, 0.551, 0.849, 1.379), line_by_wetness=0.38, line_by_depth=0.081, refill_to_frac=0.001,
        refill_by_wetness=0.187, gap_frac=0.121, rain_trust=0.65, rain_fades=0.734, bound_of_line=1.667,
        end_frac=0.381, last_mm=18.942, airless_line_frac=0.319, airless_refill_frac=0.249,
        airless_by_wetness=-0.001, airless_from=0.126, worth_mm=1650
    ),
}  # fmt: skip

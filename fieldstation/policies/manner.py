"""How the station waters, crop by crop: numbers chosen for the worst of several simulators, not for the mean of one.

`python -m tests.benchmarks.decisions.tune --crop NAME` finds them again (CMA-ES over some hundred seasons of AquaCrop
and of a family that punishes each stage's deficit, with the error of the virtual sensor on top).
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.plot import Plot


@dataclass(frozen=True, slots=True)
class Manner:
    """How the station waters. Lines are parts of the crop's own p (FAO-56 table 22), by stage."""

    lines_of_p: tuple[float, float, float, float]
    line_by_wetness: float = 0.0  # how far a wet month moves the lines
    line_by_depth: float = 0.0  # how far a root zone that holds much moves them
    refill_to_frac: float = 0.03  # depletion left after a refill, of TAW: room for rain
    refill_by_wetness: float = 0.05  # more room where it rains
    gap_frac: float = 0.1  # least way from refill to line, of TAW
    rain_trust: float = 0.6  # part of the rain foretold for today that may delay water
    rain_fades: float = 0.8  # what is left of that trust with each day ahead
    rain_days: int = 5
    bound_of_line: float = 1.3  # beyond this multiple of the line no foretold rain delays
    end_frac: float = 0.65  # depletion allowed at harvest, of TAW
    last_mm: float = 12.0  # so little to come until harvest that water would ripen nothing
    airless_line_frac: float = 0.5  # where roots hardly breathe at field capacity: a deeper line,
    airless_refill_frac: float = 0.4  # filled up no further than this,
    airless_by_wetness: float = 0.0  # and less still where it rains
    airless_from: float = 0.0  # how early a soil counts as such, of its span
    thrift: float = 0.6  # how much the lines widen when the season's cap falls short
    worth_mm: float = 5000.0  # how much water a hectare's full yield buys, where these numbers were found


MANNER = Manner((0.8, 0.8, 0.95, 1.3))
MANNERS = {
    "maize": Manner(
        (0.742, 0.636, 1.13, 1.951),
        line_by_wetness=0.406,
        line_by_depth=0.172,
        refill_to_frac=0.061,
        refill_by_wetness=0.066,
        gap_frac=0.16,
        rain_trust=0.514,
        rain_fades=0.661,
        bound_of_line=1.01,
        end_frac=0.872,
        last_mm=27.0,
        airless_line_frac=0.555,
        airless_refill_frac=0.341,
        airless_by_wetness=0.143,
        airless_from=0.068,
        worth_mm=1980,
    ),
    "potato": Manner(
        (1.253, 1.066, 1.02, 1.609),
        line_by_wetness=-0.072,
        line_by_depth=0.395,
        refill_to_frac=0.063,
        refill_by_wetness=0.034,
        gap_frac=0.129,
        rain_trust=0.994,
        rain_fades=0.685,
        bound_of_line=1.575,
        end_frac=0.979,
        last_mm=32.7,
        airless_line_frac=0.434,
        airless_refill_frac=0.391,
        airless_by_wetness=0.066,
        airless_from=0.115,
        worth_mm=6000,
    ),
    "tomato": Manner(
        (0.491, 0.389, 0.793, 0.777),
        line_by_wetness=0.011,
        line_by_depth=0.347,
        refill_to_frac=0.002,
        refill_by_wetness=0.185,
        gap_frac=0.247,
        rain_trust=0.818,
        rain_fades=0.843,
        bound_of_line=1.69,
        end_frac=0.76,
        last_mm=11.0,
        airless_line_frac=0.392,
        airless_refill_frac=0.112,
        airless_by_wetness=0.022,
        airless_from=-0.022,
        worth_mm=7200,
    ),
    "wheat": Manner(
        (1.503, 0.815, 0.991, 1.484),
        line_by_wetness=0.254,
        line_by_depth=0.294,
        refill_to_frac=0.018,
        refill_by_wetness=0.105,
        gap_frac=0.125,
        rain_trust=0.945,
        rain_fades=0.748,
        bound_of_line=1.405,
        end_frac=0.617,
        last_mm=21.4,
        airless_line_frac=0.508,
        airless_refill_frac=0.249,
        airless_by_wetness=0.171,
        airless_from=0.118,
        worth_mm=1650,
    ),
}
"""Crops with a crop model to be judged by, each tuned for the worst of its simulators; others use MANNER."""


def manner_of(plot: Plot) -> Manner:
    """How this crop is watered: by its own numbers where it was tuned, else by the common ones."""
    return MANNERS.get(plot.crop.name, MANNER)

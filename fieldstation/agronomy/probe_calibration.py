"""From what a technician measured to a probe's curve. Pure; the errors are for people.

A probe held in air and in water gives an index, not a water content: two probes of one kind differ in
their volts far more than in the shape of their curve. So the two readings move and stretch the volts
of the installed curve, whose ends stand for air and water, and leave its water contents alone. Soil
weighed wet and dry (volume times bulk density) then moves the water contents.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldstation.agronomy.calibration import soil_water_frac

Points = Sequence[tuple[float, float]]

LEAST_SPAN_V = 0.3
"""Between air and water; a probe that moves less does not tell one soil from another."""
MOST_V = 3.3
MOST_FRAC = 0.75
LEAST_GAP_FRAC = 0.03
"""Between the driest and wettest sample for a slope to be believed."""
SLOPES = (0.4, 2.5)


class Implausible(ValueError):
    """Measurements that make no calibration; `code` names why."""

    def __init__(self, code: str, **values: float) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def by_air_and_water(installed: Points, air_v: float, water_v: float) -> tuple[tuple[float, float], ...]:
    """The installed curve with its volts laid over this probe's: (volts, m3/m3) by rising volts.

    Raises Implausible with `volts_impossible`, `air_below_water` or `air_close_to_water`.

    >>> by_air_and_water([(1.0, 0.5), (2.0, 0.2), (3.0, 0.0)], air_v=2.8, water_v=1.2)
    ((1.2, 0.5), (2.0, 0.2), (2.8, 0.0))
    """
    if not (0 < air_v <= MOST_V and 0 < water_v <= MOST_V):
        raise Implausible("volts_impossible", air_v=air_v, water_v=water_v)
    wet_v, dry_v = installed[0][0], installed[-1][0]
    if installed[0][1] < installed[-1][1]:
        wet_v, dry_v = dry_v, wet_v  # a probe whose volts rise with water
    if (air_v - water_v) * (dry_v - wet_v) <= 0:
        raise Implausible("air_below_water", air_v=air_v, water_v=water_v)
    if abs(air_v - water_v) < LEAST_SPAN_V:
        raise Implausible("air_close_to_water", air_v=air_v, water_v=water_v, least_v=LEAST_SPAN_V)
    stretch = (air_v - water_v) / (dry_v - wet_v)
    return tuple((round(water_v + (volts - wet_v) * stretch, 4), frac) for volts, frac in installed)


def by_weighing(curve: Points, samples: Points) -> tuple[tuple[float, float], ...]:
    """A curve whose water contents are moved to agree with weighed soil: samples are (volts, m3/m3).

    One sample shifts the curve; samples that lie apart by 3 % or more also stretch it (least squares).
    Raises Implausible with `no_samples`, `frac_impossible`, `volts_impossible`, `samples_disagree`.

    >>> by_weighing([(1.0, 0.5), (3.0, 0.1)], [(2.0, 0.25)])
    ((1.0, 0.45), (3.0, 0.05))
    """
    if not samples:
        raise Implausible("no_samples")
    for volts, frac in samples:
        if not 0 < volts <= MOST_V:
            raise Implausible("volts_impossible", volts=volts)
        if not 0 <= frac <= MOST_FRAC:
            raise Implausible("frac_impossible", frac=frac)
    estimates = [soil_water_frac(volts, curve) for volts, _ in samples]
    weighed = [frac for _, frac in samples]
    mean_told, mean_weighed = sum(estimates) / len(estimates), sum(weighed) / len(weighed)
    slope = 1.0
    if max(estimates) - min(estimates) >= LEAST_GAP_FRAC:
        spread = sum((one - mean_told) ** 2 for one in estimates)
        slope = (
            sum(
                (one - mean_told) * (frac - mean_weighed)
                for one, frac in zip(estimates, weighed, strict=True)
            )
            / spread
        )
        if not SLOPES[0] <= slope <= SLOPES[1]:
            raise Implausible("samples_disagree", slope=round(slope, 2))
    return tuple(
        (volts, round(max(0.0, mean_weighed + slope * (frac - mean_told)), 4)) for volts, frac in curve
    )


def beyond(curve: Points, lows_and_highs: Points, full_frac: float, least_frac: float = 0.0) -> int:
    """In how many of these (lowest, highest) volts of an hour the curve leaves what soil can hold."""
    return sum(
        not all(least_frac <= soil_water_frac(volts, curve) <= full_frac for volts in pair)
        for pair in lows_and_highs
    )

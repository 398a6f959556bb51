"""A field made of few lines: probes that dry at a pace of their own, watered every so many days."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.station import Station
from fieldstation.learner.dry_spells import Season, Window, dry_windows

PLANTED = date(2026, 4, 1)
STATION: Station = resolve(demo_toml(planted_on=PLANTED, seed=1))
ZONE = STATION.zones[0]
Pace = Callable[[int], float]
"""By the day of the season: which part of the water above its dry mark a probe loses a day."""


def days(
    pace: Pace, number: int = 110, *, seed: int = 1, noise_frac: float = 0.002, every: int = 7
) -> tuple[Day, ...]:
    """Whole days of one zone; a dry season, watered to full every `every` days."""
    chance = random.Random(seed)
    soil = ZONE.soil
    full = {probe.device.id: soil.field_capacity_frac for probe in ZONE.probes}
    now = dict(full)
    found = []
    for day in range(number):
        water = day % every == 0
        rows = []
        for probe in ZONE.probes:
            sensor, slow = probe.device.id, 1.0 if probe.depth_m < 0.3 else 0.5
            if water:
                now[sensor] = full[sensor]
            else:
                low = soil.wilting_point_frac
                now[sensor] = low + (now[sensor] - low) * (1 - slow * pace(day))
            seen = now[sensor] + chance.gauss(0, noise_frac)
            rows.append(ProbeDay(sensor, probe.depth_m, seen, seen, seen))
        found.append(
            Day(
                PLANTED + timedelta(days=day),
                14.0 + chance.gauss(0, 1),
                29.0 + chance.gauss(0, 2),
                0.5,
                0.0,
                20.0 if water else 0.0,
                tuple(rows),
            )
        )
    return tuple(found)


def windows(pace: Pace, number: int = 110, **more: float) -> list[Window]:
    """Its stretches without water."""
    made = days(pace, number, **more)  # type: ignore[arg-type] # seed, noise_frac, every
    return list(dry_windows(Season(ZONE, made), STATION.latitude_deg))

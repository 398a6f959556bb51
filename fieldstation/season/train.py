"""Make the shipped models: many simulated seasons in, nine small models out.

`python -m fieldstation.season.train --out DIR` (`make models`). The same command gives the
same bytes. Soils differ from what the station is told, probes are biased, watering ranges
from none to rich; whole seasons are held out for the scores in `manifest.json`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fieldstation.config.demo import season_toml
from fieldstation.config.load import resolve
from fieldstation.config.tables import crop_names, soils
from fieldstation.controller.daybook import DayBook
from fieldstation.controller.sensing import Sensing
from fieldstation.domain.station import Station
from fieldstation.learning.features import NAMES, main_probe, row
from fieldstation.learning.training import Data, scores, train, write
from fieldstation.simulation.generator import CLIMATES, generate
from fieldstation.simulation.world import World

HOLD_OUT_EVERY = 5
ROUND_H = 2
MORNING_H = 5
LATITUDES = {"semi_arid_warm": 14.0, "mediterranean": 37.0, "temperate": 51.0, "continental": 41.0}


@dataclass(slots=True)
class Harvested:
    """Rows and targets by name, and a naive guess beside each target."""

    rows: dict[str, list[list[float]]] = field(
        default_factory=lambda: {t: [] for t in ("drying", "depletion", "yield")}
    )
    targets: dict[str, list[float]] = field(
        default_factory=lambda: {t: [] for t in ("drying", "depletion", "yield")}
    )
    naive: dict[str, list[float]] = field(
        default_factory=lambda: {t: [] for t in ("drying", "depletion", "yield")}
    )


def main() -> int:
    """Train from the command line."""
    parser = argparse.ArgumentParser(prog="fieldstation.season.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the models and their manifest")
    parser.add_argument("--seasons", type=int, default=260, help="simulated seasons (default 260)")
    parser.add_argument("--seed", type=int, default=2026, help="chance of all of it (default 2026)")
    asked = parser.parse_args()
    began = time.perf_counter()
    fitted, held = Harvested(), Harvested()
    for number in range(asked.seasons):
        season(number, asked.seed, held if number % HOLD_OUT_EVERY == 0 else fitted)
        if number % 20 == 19:
            _say(f"{number + 1} seasons, {time.perf_counter() - began:.0f} s")
    data: Data = {target: (fitted.rows[target], fitted.targets[target]) for target in fitted.rows}
    texts = train(data)
    test: Data = {target: (held.rows[target], held.targets[target]) for target in held.rows}
    mean = sum(fitted.targets["yield"]) / len(fitted.targets["yield"])
    held.naive["yield"] = [mean] * len(held.targets["yield"])
    found = scores(texts, test, dict(held.naive))
    about = {
        "made_by": "python -m fieldstation.season.train",
        "seasons": asked.seasons, "seed": asked.seed,
        "rows": {target: len(rows) for target, (rows, _) in data.items()},
        "scores_held_out": found,
    }  # fmt: skip
    write(asked.out, texts, about)
    for target, score in found.items():
        _say(f"{target}: {score}")
    _say(f"{sum(map(len, texts.values())) / 1024:.0f} KB in {time.perf_counter() - began:.0f} s")
    return 0


def season(number: int, seed: int, into: Harvested) -> None:
    """Live one season with one random manner of watering; harvest a row each morning."""
    chance = random.Random(f"season/{seed}/{number}")
    climate = chance.choice(sorted(CLIMATES))
    crop = chance.choice(crop_names())
    soil = chance.choice(sorted(soils()))
    latitude = LATITUDES[climate] + chance.uniform(-4, 4)
    planted_on = date(2025, 3, 15) + timedelta(days=chance.randrange(75))
    station = resolve(
        season_toml(
            crop=crop, planted_on=planted_on, zones=1, seed=number, latitude_deg=latitude,
            elevation_m=200, timezone="UTC", soil=soil,
        )
    )  # fmt: skip
    weather = generate(climate, seed * 1000 + number, planted_on - timedelta(days=2), 260, latitude)
    start = datetime.combine(planted_on, datetime.min.time(), UTC)
    world = World(station, weather, seed * 1000 + number, start, chance.uniform(0.4, 1.0))
    rows = list(_live(station, world, chance))
    potential = station.zones[0].crop.yield_potential_t_ha
    outcome = world.truth()["zones"]["zone1"]["yield_t_ha"] / potential
    for day, (made, depletion, _, _) in enumerate(rows):
        into.rows["depletion"].append(made)
        into.targets["depletion"].append(depletion)
        guess = made[NAMES.index("balance_depletion_frac")]
        into.naive["depletion"].append(guess if guess == guess else 0.4)
        if day % 4 == 0:
            into.rows["yield"].append(made)
            into.targets["yield"].append(outcome)
        for ahead in (1, 2, 3):
            if day + ahead < len(rows) and not any(rows[d][3] for d in range(day, day + ahead)):
                now, later = rows[day][2], rows[day + ahead][2]
                if now is not None and later is not None:
                    into.rows["drying"].append([*made, 24.0 * ahead])
                    into.targets["drying"].append(later - now)
                    into.naive["drying"].append(0.0)


def _live(
    station: Station, world: World, chance: random.Random
) -> Iterator[tuple[list[float], float, float | None, bool]]:
    """Each morning: feature row, true depletion, main probe in parts of the span, and whether water follows."""
    zone = station.zones[0]
    sensing, book = Sensing(station), DayBook(station, UTC)
    trigger, refill = chance.uniform(0.25, 1.1), chance.uniform(0.4, 1.0)
    span = zone.soil.field_capacity_frac - zone.soil.wilting_point_frac
    flow = station.pumps[0].nominal_lpm
    mono_s = 0.0
    for _ in range(zone.crop.season_days):
        for _ in range(24 // ROUND_H):
            world.step(ROUND_H * 3600)
            mono_s += ROUND_H * 3600
            book.add(sensing.take(world.samples(mono_s)))
            if world.at.hour // ROUND_H != MORNING_H // ROUND_H:
                continue
            days, today = book.days(zone.id, world.at), book.today(zone.id, world.at)
            made, _ = row(zone, station.latitude_deg, days, today)
            truth = world.truth()["zones"][zone.id]
            probe = main_probe(zone, days, today)
            dry = truth["depletion_frac"] >= trigger + chance.gauss(0, 0.08) and chance.random() < 0.9
            yield made, truth["depletion_frac"], None if probe is None else probe / span, dry
            if dry:
                gross_mm = min(
                    60.0, refill * max(4.0, truth["depletion_mm"]) / zone.application_efficiency_frac
                )
                seconds = gross_mm * zone.area_m2 / flow * 60
                for line in ("valve:zone1", "pump:main"):
                    world.set_line(line, on=True)
                world.step(seconds)
                mono_s += seconds
                for line in ("pump:main", "valve:zone1"):
                    world.set_line(line, on=False)
                book.credit(zone.id, world.at, gross_mm)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201 -- a command's progress


if __name__ == "__main__":
    sys.exit(main())

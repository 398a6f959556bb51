"""Training rows: many seasons of both families, watered in many strategies, seen as a station sees them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from fieldstation.advice.input import parse_line, plot_from
from fieldstation.learning.history import History
from tests.benchmarks.decisions.drying import Dried, dried
from tests.benchmarks.decisions.field import TEXTURES, Case
from tests.benchmarks.decisions.places import ALLOWED
from tests.benchmarks.decisions.season import FAMILIES
from tests.benchmarks.decisions.view import View

WARPED = 0.45
TRAINED = "barley bean cabbage cotton groundnut maize melon onion pepper potato sorghum soybean sugar_beet sunflower tomato wheat"
TRAINED_CROPS = TRAINED.split()
"""The crops of the shipped models' seasons. A crop added later leaves the drawn seasons, and so the models, as they are."""
MANY = ("clean",) * 9 + (
    "wrong texture",
    "biased probe",
    "stuck probe",
    "no probe",
    "no probe",
    "blocked gauge",
    "no forecast",
    "patchy values",
    "days without power",
)


@dataclass(slots=True)
class Rows:
    """One season's rows: features by morning, and what was true."""

    case: Case
    family: str
    condition: str
    made: list[list[float]] = field(default_factory=list)
    depletion: list[float] = field(default_factory=list)
    drying: list[Dried] = field(default_factory=list)


def family_of(number: int) -> str:
    """Half the seasons are AquaCrop's."""
    return ("aquacrop", "ky", "aquacrop", "plot", "aquacrop", "ky", "aquacrop", "plot")[number % 8]


def case_of(number: int, seed: int) -> Case:
    """A case by number."""
    chance = random.Random(f"train/{seed}/{number}")
    place = chance.choice(sorted(ALLOWED))
    here = ALLOWED[place]
    crop = chance.choice(sorted(here.plantings))
    if family_of(number) != "aquacrop" and chance.random() < 0.75:
        crop = chance.choice(TRAINED_CROPS)  # the two other families know every crop of the table
    year = chance.randrange(here.first_year, here.last_year)
    texture = chance.choice(sorted(TEXTURES))
    warp = (0.0, 1.0, 1.0)
    if chance.random() < WARPED:  # places hotter and drier than any of ours must not be strange
        warp = (chance.uniform(-3, 9), chance.choice((0.1, 0.5, 1.0, 1.5)), chance.uniform(0.85, 1.25))
    return Case(place, year, crop, texture, number, warp)


def season(number: int, seed: int) -> Rows:
    """Live one season with a random irrigation strategy."""
    case = case_of(number, seed)
    chance = random.Random(f"manner/{seed}/{number}")
    family = family_of(number)
    land: Any = FAMILIES[family](case)
    condition = chance.choice(MANY)
    view = View(case, condition)
    history = History(plot_from(view.zone()))
    style = chance.choice(("none", "deficit", "good", "good", "good", "rich", "timer"))
    trigger = {
        "none": 9.0,
        "deficit": chance.uniform(0.6, 0.95),
        "good": chance.uniform(0.3, 0.65),
        "rich": 0.15,
        "timer": 9.0,
    }[style]
    every = chance.randrange(4, 10)
    rows = Rows(case, family, condition)
    mornings = random.Random(f"drying/{seed}/{number}")
    day = 0
    while not land.over:
        line = view.line(land, day)
        if line is not None:
            morning = parse_line(line, 0.0).morning
            history.add(morning)
            if history.balance is not None and history.in_season:
                made = history.row()
                rows.made.append(made)
                rows.depletion.append(land.depletion_frac(min(1.2, history.balance.root_m)))
                rows.drying += dried(land, history, morning, view.bias, mornings)
        depletion, root = land.hidden()
        mm = 0.0
        if depletion > trigger + chance.gauss(0, 0.05):
            mm = chance.uniform(0.4, 1.1) * depletion * (land.fc - land.wp) * 1000 * min(1.2, root) / 0.85
        if style == "timer" and day % every == 0:
            mm = 20.0
        land.give(mm)
        day += 1
    return rows

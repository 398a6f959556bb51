"""The fixed, stratified, seeded sample of season-cases: every place, crop and texture at least five times."""

from __future__ import annotations

import random

from tests.benchmarks.decisions.field import TEXTURES, Case
from tests.benchmarks.decisions.places import ALLOWED


def cases(count: int, seed: int = 7) -> list[Case]:
    """Round the places and crops, with textures and years dealt in turn."""
    chance = random.Random(f"sample/{seed}")
    pairs = [(place, crop) for place in sorted(ALLOWED) for crop in sorted(ALLOWED[place].plantings)]
    chance.shuffle(pairs)
    textures = sorted(TEXTURES)
    chance.shuffle(textures)
    found = []
    for number in range(count):
        place, crop = pairs[number % len(pairs)]
        here = ALLOWED[place]
        years = range(here.first_year, here.last_year)
        found.append(
            Case(place, chance.choice(years), crop, textures[(number * 5 + number // 12) % 12], 9000 + number)
        )
    return found

"""How much of a harvest's weight is dry matter, as it is usually weighed; a start for the form, not a measurement."""

from __future__ import annotations

USUAL_DRY_FRAC = {
    "barley": 0.87, "bean": 0.90, "cabbage": 0.08, "cotton": 0.90, "groundnut": 0.85, "maize": 0.87, "melon": 0.10,
    "onion": 0.13, "pepper": 0.10, "potato": 0.25, "sorghum": 0.87, "soybean": 0.92, "sugar_beet": 0.20,
    "sunflower": 0.92, "tomato": 0.06, "wheat": 0.87,
}  # fmt: skip
"""By crop: one less the moisture of the harvested part that FAO-33 gives (the middle of its range); tomato as AquaCrop has it."""

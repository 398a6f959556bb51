"""One zone as it really is: its ground, its crop, and the water it got."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from fieldstation.domain.station import Zone
from fieldstation.simulation.plant import Plant
from fieldstation.simulation.soil_column import SoilColumn, TrueSoil

TRUE_SOIL_SD_FRAC = 0.012  # how far the real field capacity lies from the table's
BARE_SOIL_FACTOR = 1.05  # wet bare soil against short grass
PROBED_M = (0.15, 0.45, 0.75)


class Plot:
    """Soil and crop of one zone. `waiting_mm` fell or was given, and has yet to soak in."""

    def __init__(self, zone: Zone, available_frac: float, chance: random.Random) -> None:
        self.zone = zone
        self.column = SoilColumn(_true_soil(zone, chance), available_frac)
        self.plant = Plant(zone.crop)
        self.waiting_mm = 0.0
        self.irrigation_mm = 0.0
        self.rain_mm = 0.0
        self.lost_mm = 0.0  # of irrigation, to wind and edges
        self._start_mm = self.column.total_mm

    def irrigate(self, litres: float) -> None:
        """Water from the valve; the zone's application efficiency says how much reaches the ground."""
        gross_mm = litres / self.zone.area_m2
        net_mm = gross_mm * self.zone.application_efficiency_frac
        self.irrigation_mm += gross_mm
        self.lost_mm += gross_mm - net_mm
        self.waiting_mm += net_mm

    def rain(self, mm: float) -> None:
        """Water from the sky."""
        self.rain_mm += mm
        self.waiting_mm += mm

    def soak(self, hours: float, demand_mm: float, on: date) -> None:
        """Live through a time in which the air asked for `demand_mm` (reference evapotranspiration)."""
        day = self.day(on)
        bare = 1.0 - self.plant.cover(day)
        asks = self.plant.uptake(day, demand_mm, self.column)
        water_mm, self.waiting_mm = self.waiting_mm, 0.0
        self.plant.took(self.column.step(hours, water_mm, demand_mm * bare * BARE_SOIL_FACTOR, asks))

    def day(self, on: date) -> int:
        """Days since planting."""
        return (on - self.zone.planted_on).days

    def truth(self, on: date) -> dict[str, Any]:
        """What no station can know; `balance_error_mm` is what the books leave unexplained."""
        day = self.day(on)
        soil, column = self.column.soil, self.column
        root_m = self.plant.root_depth_m(max(0, day))
        taw_mm = (soil.field_capacity_frac - soil.wilting_point_frac) * root_m * 1000
        missing_mm = soil.field_capacity_frac * root_m * 1000 - column.stored_mm(root_m)
        came_mm = self._start_mm + self.irrigation_mm - self.lost_mm + self.rain_mm + column.given_mm
        went_mm = column.drained_mm + column.runoff_mm + column.evaporated_mm + column.transpired_mm
        return {
            "day": day,
            "soil_water_frac": [round(column.theta(depth_m), 4) for depth_m in PROBED_M],
            "layers_mm": [round(mm, 3) for mm in column.water_mm],
            "pond_mm": column.pond_mm,
            "root_m": root_m,
            "taw_mm": taw_mm,
            "depletion_mm": missing_mm,
            "depletion_frac": missing_mm / taw_mm,
            "irrigation_mm": self.irrigation_mm,
            "rain_mm": self.rain_mm,
            "drainage_mm": column.drained_mm,
            "evaporation_mm": column.evaporated_mm,
            "transpiration_mm": column.transpired_mm,
            "runoff_mm": column.runoff_mm,
            "balance_error_mm": came_mm - went_mm - column.total_mm - self.waiting_mm,
            "stress_days": self.plant.stress_days,
            "yield_t_ha": self.plant.yield_t_ha(),
        }

    def dump(self) -> dict[str, Any]:
        """Everything to go on from later, as plain values."""
        return {
            "column": self.column.dump(),
            "plant": self.plant.dump(),
            **{name: getattr(self, name) for name in _BALANCE},
            "start_mm": self._start_mm,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take over a dumped plot. Raises KeyError or ValueError for what is none."""
        self.column.load(state["column"])
        self.plant.load(state["plant"])
        for name in _BALANCE:
            setattr(self, name, float(state[name]))
        self._start_mm = float(state["start_mm"])


_BALANCE = ("waiting_mm", "irrigation_mm", "rain_mm", "lost_mm")


def _true_soil(zone: Zone, chance: random.Random) -> TrueSoil:
    """The zone's soil, off from what the station was told as every field is from its table."""
    declared = zone.soil
    shift = chance.gauss(0, TRUE_SOIL_SD_FRAC)
    stretch = max(0.75, chance.gauss(1.0, 0.06))
    dry = max(0.02, declared.wilting_point_frac + shift / 2)
    full = dry + (declared.field_capacity_frac - declared.wilting_point_frac) * stretch
    return TrueSoil(full, dry, max(declared.saturation_frac, full + 0.08))

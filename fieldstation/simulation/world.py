"""The whole simulated field: weather, soil, plants, water, and what sensors say of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import FieldTruth, Station, Zone
from fieldstation.simulation.faults import Fault, checked
from fieldstation.simulation.hydraulics import Plumbing
from fieldstation.simulation.plant import Plant
from fieldstation.simulation.senses import DHT_FAILS, ProbeSense, dht
from fieldstation.simulation.soil_column import SoilColumn, TrueSoil
from fieldstation.simulation.weather import (
    Weather,
    demand_share,
    evaporative_demand_mm,
    humidity_frac,
    rain_hours,
    temperature_c,
)

HOUR_S = 3600.0
WET_STEP_S = 600.0
SUDDEN_RAIN_MM = 15.0
TRUE_SOIL_SD_FRAC = 0.012  # how far the real field capacity lies from the table's
DEFAULT_TRUTH = FieldTruth(seed=1, kernel="release", tank_l=20000, refill_lpm=30, start_available_frac=0.8)


@dataclass(slots=True)
class _Plot:
    """One zone's ground and crop."""

    zone: Zone
    column: SoilColumn
    plant: Plant
    water_mm: float = 0.0  # irrigation waiting to be soaked in
    irrigation_mm: float = 0.0
    rain_mm: float = 0.0


class World:
    """One field in one weather, deterministic by seed. Time moves only by `step`.

    Irrigation reaches the soil through the zone's application efficiency; the rest is
    lost to wind and edges. Soil is integrated hourly, every ten minutes while water comes.
    """

    def __init__(
        self, station: Station, weather: Weather, seed: int, start_at: datetime, available_frac: float
    ) -> None:
        chance = random.Random(f"field/{seed}")
        truth = station.field or DEFAULT_TRUTH
        self.station = station
        self.at = start_at
        self._weather = weather
        self._seed = seed
        self._tz = ZoneInfo(station.timezone)
        self._chance = random.Random(f"noise/{seed}/{start_at.isoformat()}")
        self.plumbing = {
            pump.id: Plumbing(
                pump,
                [zone.id for zone in station.zones if zone.pump == pump.id],
                truth.tank_l,
                truth.refill_lpm,
                tank_l=truth.tank_l,
            )
            for pump in station.pumps
        }
        self._plots = {zone.id: _plot(zone, available_frac, chance) for zone in station.zones}
        self._senses = {
            probe.device.id: (ProbeSense(probe, chance), zone.id)
            for zone in station.zones
            for probe in zone.probes
        }
        self._unplugged: set[str] = set()
        self._stuck: dict[str, list[Sample]] = {}
        self._last: dict[str, list[Sample]] = {}
        self._rain_unread_mm = 0.0
        self._sudden_mm = 0.0
        self._soaked_at = start_at
        self._on: date | None = None
        self._demand_mm = 0.0
        self._rain_by_hour: dict[int, float] = {}
        self._new_day(start_at.astimezone(self._tz).date())

    # -- time -----------------------------------------------------------------------------

    def step(self, seconds: float) -> None:
        """Let time pass, of any length; relays stay as they are."""
        end = self.at + timedelta(seconds=seconds)
        while True:
            waited = (self.at - self._soaked_at).total_seconds()
            due_s = self._soak_every_s() - waited
            left_s = (end - self.at).total_seconds()
            part_s = min(left_s, max(due_s, 0.0))
            if part_s > 0:
                self._flow(part_s)
                self.at += timedelta(seconds=part_s)
            if due_s <= left_s:
                self._soak()
            else:
                return

    def _soak_every_s(self) -> float:
        """To the next full hour, or ten minutes while anything is wet."""
        if any(plot.water_mm or plot.column.pond_mm for plot in self._plots.values()):
            return WET_STEP_S
        into = self._soaked_at.timestamp() % HOUR_S
        return HOUR_S - into

    def _flow(self, seconds: float) -> None:
        for plumbing in self.plumbing.values():
            for zone, litres in plumbing.step(seconds).items():
                if zone:
                    plot = self._plots[zone]
                    gross_mm = litres / plot.zone.area_m2
                    plot.irrigation_mm += gross_mm
                    plot.water_mm += gross_mm * plot.zone.application_efficiency_frac

    def _soak(self) -> None:
        """Integrate the ground from the last soak until now."""
        hours = (self.at - self._soaked_at).total_seconds() / HOUR_S
        if hours <= 0:
            return
        local = self._soaked_at.astimezone(self._tz)
        self._soaked_at = self.at
        rain_mm = self._rain_by_hour.get(local.hour, 0.0) * hours
        if self._sudden_mm > 0:
            fell = min(self._sudden_mm, SUDDEN_RAIN_MM * hours)
            self._sudden_mm -= fell
            rain_mm += fell
        self._rain_unread_mm += rain_mm
        demand_mm = self._demand_mm * demand_share(local.hour) * hours
        for plot in self._plots.values():
            day = (local.date() - plot.zone.planted_on).days
            plant, column = plot.plant, plot.column
            bare = 1.0 - plant.cover(day)
            asks = plant.uptake(day, demand_mm, column)
            water_mm, plot.water_mm = plot.water_mm + rain_mm, 0.0
            plot.rain_mm += rain_mm
            plant.took(column.step(hours, water_mm, demand_mm * bare * 1.05, asks))
        today = self.at.astimezone(self._tz).date()
        if today != self._on:
            for plot in self._plots.values():
                plot.plant.end_day((local.date() - plot.zone.planted_on).days)
            self._new_day(today)

    def _new_day(self, on: date) -> None:
        self._on = on
        day = self._weather.day(on)
        self._demand_mm = evaporative_demand_mm(day, self.station.latitude_deg, self.station.elevation_m)
        self._rain_by_hour = rain_hours(day, self._seed)

    # -- relays, pumps, tank --------------------------------------------------------------

    def set_line(self, name: str, on: bool) -> None:
        """Move a relay: `pump:<id>` or `valve:<zone>`."""
        kind, _, owner = name.partition(":")
        if kind == "pump":
            self.plumbing[owner].pump_on = on
        elif on:
            self._plumbing_of(owner).open.add(owner)
        else:
            self._plumbing_of(owner).open.discard(owner)

    def line(self, name: str) -> bool:
        """A relay's coil, as driven (a welded contact does not show here)."""
        kind, _, owner = name.partition(":")
        return self.plumbing[owner].pump_on if kind == "pump" else owner in self._plumbing_of(owner).open

    def litres(self, pump: str) -> float:
        """What the flow meter has counted."""
        return self.plumbing[pump].metered_l

    def flow_lpm(self, pump: str) -> float:
        """What really flows past the meter now."""
        return self.plumbing[pump].flow_lpm

    def tank_ok(self, pump: str) -> bool:
        """What the float shows."""
        return self.plumbing[pump].tank_ok

    def _plumbing_of(self, zone: str) -> Plumbing:
        return self.plumbing[self.station.zone(zone).pump]

    # -- sensors --------------------------------------------------------------------------

    def samples(self, mono_s: float) -> list[Sample]:
        """One round of every sensor; rain is what fell since the previous round, in whole tips."""
        if any(plot.water_mm for plot in self._plots.values()):
            self._soak()
        found: list[Sample] = []
        t_c, rh = self.air()
        for sensor, (sense, zone) in self._senses.items():
            theta = self._plots[zone].column.theta(sense.depth_m)
            volts = 0.0 if sensor in self._unplugged else sense.volts(theta, t_c, self._chance)
            found += self._sampled(sensor, mono_s, {Quantity.SOIL_WATER: volts})
        air, rain = self.station.air, self.station.rain
        if air is not None:
            heard = air.id not in self._unplugged and self._chance.random() >= DHT_FAILS
            shown = dht(t_c, rh, air.driver, self._chance) if heard else (None, None)
            found += self._sampled(air.id, mono_s, {Quantity.AIR_T: shown[0], Quantity.AIR_RH: shown[1]})
        if rain is not None:
            found += self._sampled(rain.id, mono_s, {Quantity.RAIN: self.tips(rain.id) * self._mm_per_tip()})
        return found

    def probe_volts(self, sensor: str) -> float:
        """One reading of one probe at its pin, volts."""
        sense, zone = self._senses[sensor]
        if sensor in self._unplugged:
            return 0.0
        return sense.volts(self._plots[zone].column.theta(sense.depth_m), self.air()[0], self._chance)

    def air(self) -> tuple[float, float]:
        """True air temperature (C) and relative humidity (0-1) now."""
        local = self.at.astimezone(self._tz)
        day = self._weather.day(local.date())
        t_c = temperature_c(day, local.hour + local.minute / 60)
        return t_c, humidity_frac(day, t_c)

    def tips(self, sensor: str) -> int:
        """Bucket tips since the last call; a gauge whose wire is off loses them."""
        mm = self._mm_per_tip()
        tips = int(self._rain_unread_mm / mm + 1e-9)
        self._rain_unread_mm -= tips * mm
        return 0 if sensor in self._unplugged else tips

    def unplugged(self, sensor: str) -> bool:
        """Whether a sensor's wire is off."""
        return sensor in self._unplugged

    def _mm_per_tip(self) -> float:
        return float(getattr(self.station.rain and self.station.rain.settings, "mm_per_tip", 0.2))

    def _sampled(self, sensor: str, mono_s: float, values: dict[Quantity, float | None]) -> list[Sample]:
        frozen = self._stuck.get(sensor)
        if frozen is not None:
            if not frozen:
                frozen[:] = self._last.get(sensor, [])
            if frozen:
                return [Sample(sensor, s.quantity, s.value, s.fault, self.at, mono_s) for s in frozen]
        made = [
            Sample(sensor, quantity, value, None if value is not None else Quality.NO_ANSWER, self.at, mono_s)
            for quantity, value in values.items()
        ]
        self._last[sensor] = made
        return made

    # -- faults ---------------------------------------------------------------------------

    def fault(self, name: str, target: str | None = None) -> None:
        """Let something go wrong. Raises ConfigError for an unknown fault or target."""
        self._set(*checked(self.station, name, target), wrong=True)

    def clear(self, name: str | None = None, target: str | None = None) -> None:
        """Mend one fault, or everything."""
        if name is not None:
            self._set(*checked(self.station, name, target), wrong=False)
            return
        self._unplugged.clear()
        self._stuck.clear()
        for plumbing in self.plumbing.values():
            plumbing.drained = plumbing.burst = plumbing.meter_dead = False
            plumbing.blocked.clear()
            plumbing.welded.clear()
            plumbing.tank_l = max(plumbing.tank_l, plumbing.capacity_l / 2)

    def wet(self, zone: str) -> None:
        """Wet a zone's soil to field capacity."""
        self._plots[zone].column.wet()

    def _set(self, fault: Fault, target: str | None, *, wrong: bool) -> None:
        if fault is Fault.RAIN_NOW:
            self._sudden_mm = SUDDEN_RAIN_MM if wrong else 0.0
        elif fault is Fault.UNPLUG and target:
            _member(self._unplugged, target, wrong)
        elif fault is Fault.STUCK and target:
            if wrong:
                self._stuck.setdefault(target, [])
            else:
                self._stuck.pop(target, None)
        elif fault is Fault.BLOCK_VALVE and target:
            _member(self._plumbing_of(target).blocked, target, wrong)
        elif fault is Fault.WELD_RELAY and target:
            kind, _, owner = target.partition(":")
            plumbing = self.plumbing[owner] if kind == "pump" else self._plumbing_of(owner)
            _member(plumbing.welded, target, wrong)
        elif target:
            plumbing = self.plumbing[target]
            if fault is Fault.DRAIN_TANK:
                plumbing.drained = wrong
                plumbing.tank_l = 0.0 if wrong else plumbing.capacity_l / 2
            elif fault is Fault.BURST_PIPE:
                plumbing.burst = wrong
            else:
                plumbing.meter_dead = wrong

    # -- truth ----------------------------------------------------------------------------

    def truth(self) -> dict[str, Any]:
        """What no station can know, as plain values."""
        on = self.at.astimezone(self._tz).date()
        return {
            "at": self.at.isoformat(),
            "pumps": {
                pump: {
                    "tank_l": p.tank_l, "flow_lpm": p.flow_lpm, "passed_l": p.passed_l,
                    "metered_l": p.metered_l, "tank_ok": p.tank_ok,
                }
                for pump, p in self.plumbing.items()
            },
            "zones": {zone: _truth(plot, on) for zone, plot in self._plots.items()},
            "faults": {
                "unplugged": sorted(self._unplugged), "stuck": sorted(self._stuck),
                "welded": sorted(line for p in self.plumbing.values() for line in p.welded),
            },
        }  # fmt: skip

    def dump(self) -> dict[str, Any]:
        """The state of ground, crops and tanks, to go on from later (`load`)."""
        return {
            "at": self.at.isoformat(),
            "seed": self._seed,
            "rain_unread_mm": self._rain_unread_mm,
            "plots": {
                zone: {
                    "water_mm": list(plot.column.water_mm), "pond_mm": plot.column.pond_mm,
                    "vigour": plot.plant.vigour, "biomass": plot.plant.biomass,
                    "stress_days": plot.plant.stress_days, "flowering_stress": plot.plant.flowering_stress,
                    "irrigation_mm": plot.irrigation_mm, "rain_mm": plot.rain_mm,
                }
                for zone, plot in self._plots.items()
            },
            "pumps": {pump: {"tank_l": p.tank_l, "metered_l": p.metered_l} for pump, p in self.plumbing.items()},
        }  # fmt: skip

    def load(self, state: dict[str, Any]) -> None:
        """Take over a dumped state at this world's own time. Raises KeyError for another station's."""
        self._rain_unread_mm = float(state["rain_unread_mm"])
        for zone, kept in state["plots"].items():
            plot = self._plots[zone]
            plot.column.water_mm = [float(value) for value in kept["water_mm"]]
            plot.column.pond_mm = float(kept["pond_mm"])
            plot.plant.vigour, plot.plant.biomass = float(kept["vigour"]), float(kept["biomass"])
            plot.plant.stress_days = int(kept["stress_days"])
            plot.plant.flowering_stress = float(kept["flowering_stress"])
            plot.irrigation_mm, plot.rain_mm = float(kept["irrigation_mm"]), float(kept["rain_mm"])
        for pump, kept in state["pumps"].items():
            self.plumbing[pump].tank_l = float(kept["tank_l"])
            self.plumbing[pump].metered_l = float(kept["metered_l"])


def _plot(zone: Zone, available_frac: float, chance: random.Random) -> _Plot:
    told = zone.soil
    shift = chance.gauss(0, TRUE_SOIL_SD_FRAC)
    stretch = max(0.75, chance.gauss(1.0, 0.06))
    dry = max(0.02, told.wilting_point_frac + shift / 2)
    full = dry + (told.field_capacity_frac - told.wilting_point_frac) * stretch
    soil = TrueSoil(full, dry, max(told.saturation_frac, full + 0.08))
    return _Plot(zone, SoilColumn(soil, available_frac), Plant(zone.crop))


def _truth(plot: _Plot, on: date) -> dict[str, Any]:
    day = (on - plot.zone.planted_on).days
    soil, column = plot.column.soil, plot.column
    root_m = plot.plant.root_depth_m(max(0, day))
    taw_mm = (soil.field_capacity_frac - soil.wilting_point_frac) * root_m * 1000
    missing_mm = soil.field_capacity_frac * root_m * 1000 - column.stored_mm(root_m)
    return {
        "day": day,
        "soil_water_frac": [round(column.theta(d), 4) for d in (0.15, 0.45, 0.75)],
        "root_m": root_m,
        "taw_mm": taw_mm,
        "depletion_mm": missing_mm,
        "depletion_frac": missing_mm / taw_mm,
        "irrigation_mm": plot.irrigation_mm,
        "rain_mm": plot.rain_mm,
        "drainage_mm": column.drained_mm,
        "evaporation_mm": column.evaporated_mm,
        "transpiration_mm": column.transpired_mm,
        "runoff_mm": column.runoff_mm,
        "stress_days": plot.plant.stress_days,
        "yield_t_ha": plot.plant.yield_t_ha(),
    }


def _member(group: set[str], item: str, inside: bool) -> None:
    if inside:
        group.add(item)
    else:
        group.discard(item)

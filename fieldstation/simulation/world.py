"""The whole simulated field: weather, soil, plants, water, and what sensors say of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.reading import Quantity, Sample
from fieldstation.domain.station import FieldTruth, Station
from fieldstation.simulation.faults import Fault, checked, targets
from fieldstation.simulation.hydraulics import DITCH, Plumbing
from fieldstation.simulation.plot import Plot
from fieldstation.simulation.sensors import Sensors
from fieldstation.simulation.weather import Weather, demand_share, evaporative_demand_mm, rain_hours

HOUR_S = 3600.0
WET_STEP_S = 600.0
SUDDEN_RAIN_MM = 15.0
SUDDEN_MM_H = 15.0
DEFAULT_TRUTH = FieldTruth(seed=1, kernel="release", tank_l=20000, refill_lpm=30, start_available_frac=0.8)


class World:
    """One field in one weather, deterministic by seed. Time moves only by `step`.

    `available_frac` is the soil water at the start, 0 wilting point to 1 field capacity, of
    all zones or by zone. Soil is integrated hourly, every ten minutes while water comes.
    Raises ConfigError when the weather does not know the days asked for.
    """

    def __init__(
        self,
        station: Station,
        weather: Weather,
        seed: int,
        start_at: datetime,
        available_frac: float | Mapping[str, float],
    ) -> None:
        chance = random.Random(f"field/{seed}")
        noise = random.Random(f"noise/{seed}/{start_at.isoformat()}")
        truth = station.field or DEFAULT_TRUTH
        self.station = station
        self.plumbing = {
            pump.id: Plumbing(
                pump, [z.id for z in station.zones if z.pump == pump.id], truth.tank_l, truth.refill_lpm
            )
            for pump in station.pumps
        }
        self.behind = {f"pump:{pump.id}": self.plumbing[pump.id] for pump in station.pumps}
        self.behind |= {f"valve:{zone.id}": self.plumbing[zone.pump] for zone in station.zones}
        self.plots = {
            zone.id: Plot(
                zone,
                available_frac if isinstance(available_frac, int | float) else available_frac[zone.id],
                chance,
            )
            for zone in station.zones
        }
        self.sensors = Sensors(station, chance, noise)
        self._weather = weather
        self._seed = seed
        self._tz = ZoneInfo(station.timezone)
        self._now_s = self._soaked_s = start_at.timestamp()  # since 1970: datetimes are slow
        self._sudden_mm = 0.0
        self._wet = False  # whether soil is integrated in short steps
        self._on: date | None = None
        self._over: ConfigError | None = None  # the weather knows no more days
        self._hour = 0
        self._rain_mm_h = 0.0
        self._demand_mm = 0.0
        self._rain_by_hour: dict[int, float] = {}
        self._new_hour()
        self._weather_goes_on()

    @property
    def at(self) -> datetime:
        """The world's own time, UTC."""
        return datetime.fromtimestamp(self._now_s, UTC)

    # -- time -----------------------------------------------------------------------------

    def step(self, seconds: float) -> None:
        """Let time pass, of any length; relays stay as they are. Raises ConfigError when weather ends."""
        self._weather_goes_on()
        end_s = round(self._now_s + seconds, 6)  # as exact as `at` tells it: midnight is midnight
        while True:
            due_s = self._due_s()
            until_s = min(end_s, max(due_s, self._now_s))
            if until_s > self._now_s:
                self._pass(until_s - self._now_s)
                self._now_s = until_s
            if due_s > end_s:
                return
            self._soak()
            if self._now_s < end_s:
                self._weather_goes_on()

    def _weather_goes_on(self) -> None:
        if self._over is not None:
            raise self._over

    def _due_s(self) -> float:
        """When the ground is integrated next: at the full local hour, every ten minutes while wet."""
        if self._wet:
            return min(self._hour_ends_s, self._soaked_s + WET_STEP_S)
        return self._hour_ends_s

    def _pass(self, seconds: float) -> None:
        for plumbing in self.plumbing.values():
            for place, litres in plumbing.step(seconds).items():
                if place != DITCH:
                    self.plots[place].irrigate(litres)
                    self._wet = True
        mm = self._rain_mm_h * seconds / HOUR_S
        if self._sudden_mm > 0:
            fell = min(self._sudden_mm, SUDDEN_MM_H * seconds / HOUR_S)
            self._sudden_mm -= fell
            mm += fell
        if mm > 0:
            self._wet = True
            self.sensors.rained(mm)
            for plot in self.plots.values():
                plot.rain(mm)

    def _soak(self) -> None:
        """Integrate the ground from the last soak until now."""
        seconds = self._now_s - self._soaked_s
        if seconds > 0 and self._on is not None:
            self._soaked_s = self._now_s
            hours = seconds / HOUR_S
            demand_mm = self._demand_mm * demand_share(self._hour) * hours
            self._wet = self.raining or any(p.flow_lpm > 0 for p in self.plumbing.values())
            for plot in self.plots.values():
                plot.soak(hours, demand_mm, self._on)
                self._wet = self._wet or plot.column.pond_mm > 0
        if self._now_s >= self._hour_ends_s:
            self._new_hour()

    def _new_hour(self) -> None:
        local = datetime.fromtimestamp(self._now_s, self._tz)
        self._hour = local.hour
        into_s = local.minute * 60 + local.second + local.microsecond / 1e6
        self._hour_ends_s = self._now_s + HOUR_S - into_s
        today = local.date()
        if today != self._on:
            if self._on is not None:
                for plot in self.plots.values():
                    plot.plant.end_day(plot.day(self._on))
            try:
                self._new_day(today)
            except ConfigError as error:
                self._over = error
                return
        self._rain_mm_h = self._rain_by_hour.get(self._hour, 0.0)
        self._wet = self._wet or self.raining

    def _new_day(self, on: date) -> None:
        day = self._weather.day(on)
        self._on = on
        self._demand_mm = evaporative_demand_mm(day, self.station.latitude_deg, self.station.elevation_m)
        self._rain_by_hour = rain_hours(day, self._seed)

    @property
    def raining(self) -> bool:
        """Whether rain falls now."""
        return self._rain_mm_h > 0 or self._sudden_mm > 0

    # -- relays, pumps, tank --------------------------------------------------------------

    def set_line(self, name: str, on: bool) -> None:
        """Move a relay: `pump:<id>` or `valve:<zone>`."""
        plumbing = self.behind[name]
        if plumbing.driven(name) != on:
            self._soak()  # dry time and wet time are integrated apart
            plumbing.drive(name, on)
            self._wet = self._wet or plumbing.flow_lpm > 0

    def line(self, name: str) -> bool:
        """A relay's coil, as driven (a welded contact does not show here)."""
        return self.behind[name].driven(name)

    def litres(self, pump: str) -> float:
        """What the flow meter has counted."""
        return self.plumbing[pump].metered_l

    def flow_lpm(self, pump: str) -> float:
        """What really flows past the meter now."""
        return self.plumbing[pump].flow_lpm

    def tank_ok(self, pump: str) -> bool:
        """What the float shows; a cut wire shows an empty tank."""
        plumbing = self.plumbing[pump]
        float_switch = plumbing.pump.tank_float
        return plumbing.tank_ok and not (float_switch and float_switch.id in self.sensors.unplugged)

    @property
    def stop_pressed(self) -> bool:
        """What the stop button shows; a cut wire shows a pressed button."""
        button = self.station.guard.stop_button
        return button is not None and button.id in self.sensors.unplugged

    # -- sensors --------------------------------------------------------------------------

    def samples(self, mono_s: float) -> list[Sample]:
        """One round of every sensor; rain is what fell since the previous round, in whole tips."""
        if self._wet:
            self._soak()
        return self.sensors.round(self._theta, self.air(), self.at, mono_s)

    def shows(self, sensor: str) -> dict[Quantity, float] | None:
        """What a sensor shows at a single look (soil in volts, rain since the last look); None when unplugged."""
        return self.sensors.shows(sensor, self._theta(sensor), self.air(), single=True)

    def _theta(self, sensor: str) -> float | None:
        """True soil water where a probe stands, m3/m3; None for no probe."""
        if sensor not in self.sensors.probes:
            return None
        zone, probe = self.sensors.probes[sensor]
        return self.plots[zone].column.theta(probe.depth_m)

    def air(self) -> tuple[float, float]:
        """True air temperature (C) and relative humidity (0-1) now."""
        return self._weather.air(datetime.fromtimestamp(self._now_s, self._tz))

    # -- faults ---------------------------------------------------------------------------

    def fault(self, name: str, target: str | None = None) -> None:
        """Let something go wrong. Raises ConfigError for an unknown fault or target."""
        self._set(*checked(self.station, name, target), wrong=True)

    def clear(self, name: str | None = None, target: str | None = None) -> None:
        """Mend one fault, one kind of fault everywhere, or everything. Raises ConfigError."""
        if name is None:
            for each in Fault:
                self.clear(each.value)
            return
        fault, first = checked(self.station, name, target)
        everywhere: list[str | None] = [*targets(self.station, fault)] or [None]
        for each_target in everywhere if target is None else [first]:
            self._set(fault, each_target, wrong=False)

    def wet(self, zone: str) -> None:
        """Wet a zone's soil to field capacity. Raises ConfigError for an unknown zone."""
        if zone not in self.plots:
            known = ", ".join(self.plots)
            raise ConfigError([Problem("wet", f"no zone {zone!r} here", f"choose: {known}")])
        self.plots[zone].column.wet()

    def _set(self, fault: Fault, target: str | None, *, wrong: bool) -> None:
        if fault is Fault.RAIN_NOW:
            self._soak()
            self._sudden_mm = SUDDEN_RAIN_MM if wrong else 0.0
            self._wet = self._wet or wrong
        elif fault is Fault.UNPLUG and target:
            _member(self.sensors.unplugged, target, wrong)
            for plumbing in self.plumbing.values():
                flow = plumbing.pump.flow
                plumbing.meter_unplugged = flow is not None and flow.meter.id in self.sensors.unplugged
        elif fault is Fault.STUCK and target:
            _member(self.sensors.stuck, target, wrong)
        elif fault is Fault.BLOCK_VALVE and target:
            plumbing = self.behind[f"valve:{target}"]
            _member(plumbing.blocked, target, wrong)
            plumbing.changed()
        elif fault is Fault.WELD_RELAY and target:
            plumbing = self.behind[target]
            _member(plumbing.welded, target, wrong)
            plumbing.changed()
        elif target:
            self._set_pump(fault, self.plumbing[target], wrong=wrong)

    def _set_pump(self, fault: Fault, plumbing: Plumbing, *, wrong: bool) -> None:
        if fault is Fault.DRAIN_TANK:
            if wrong or plumbing.drained:
                plumbing.tank_l = 0.0 if wrong else plumbing.capacity_l / 2
            plumbing.drained = wrong
        elif fault is Fault.BURST_PIPE:
            plumbing.burst = wrong
        elif fault is Fault.DEAD_FLOW_METER:
            plumbing.meter_dead = wrong
        plumbing.changed()

    # -- truth ----------------------------------------------------------------------------

    def truth(self) -> dict[str, Any]:
        """What no station can know, as plain values."""
        on = datetime.fromtimestamp(self._now_s, self._tz).date()
        air_t_c, air_rh_frac = self.air()
        return {
            "at": self.at.isoformat(),
            "air": {"t_c": air_t_c, "rh_frac": air_rh_frac, "raining": self.raining},
            "pumps": {
                pump: {
                    "tank_l": p.tank_l,
                    "flow_lpm": p.flow_lpm,
                    "passed_l": p.passed_l,
                    "metered_l": p.metered_l,
                    "tank_ok": p.tank_ok,
                }
                for pump, p in self.plumbing.items()
            },
            "zones": {zone: plot.truth(on) for zone, plot in self.plots.items()},
            "faults": self.faults(),
        }

    def faults(self) -> dict[str, list[str]]:
        """Targets of every fault in force, by the fault's name."""
        pumps = self.plumbing.values()
        found: dict[Fault, list[str]] = {
            Fault.UNPLUG: sorted(self.sensors.unplugged),
            Fault.STUCK: sorted(self.sensors.stuck),
            Fault.BLOCK_VALVE: sorted(zone for p in pumps for zone in p.blocked),
            Fault.WELD_RELAY: sorted(line for p in pumps for line in p.welded),
            Fault.DRAIN_TANK: [p.pump.id for p in pumps if p.drained],
            Fault.BURST_PIPE: [p.pump.id for p in pumps if p.burst],
            Fault.DEAD_FLOW_METER: [p.pump.id for p in pumps if p.meter_dead],
        }
        return {fault.value: items for fault, items in found.items() if items}

    def dump(self) -> dict[str, Any]:
        """The state of ground, crops and tanks, to go on from later (`load`). Faults are not kept."""
        return {
            "at": self.at.isoformat(),
            "wet": self._wet,
            "soaked_ago_s": self._now_s - self._soaked_s,
            "plots": {zone: plot.dump() for zone, plot in self.plots.items()},
            "pumps": {pump: plumbing.dump() for pump, plumbing in self.plumbing.items()},
            "sensors": self.sensors.dump(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take over a dumped state at this world's own time. Raises ConfigError for another station's."""
        try:
            for zone, plot in self.plots.items():
                plot.load(state["plots"][zone])
            for pump, plumbing in self.plumbing.items():
                plumbing.load(state["pumps"][pump])
            self.sensors.load(state["sensors"])
            # where the ground stood within its step of integration
            self._wet = bool(state.get("wet", False))
            self._soaked_s = self._now_s - float(state.get("soaked_ago_s", 0.0))
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(
                [
                    Problem(
                        "field state",
                        f"does not fit this station ({error!r})",
                        "remove the file to start anew",
                    )
                ]
            ) from error


def _member(group: set[str], item: str, inside: bool) -> None:
    (group.add if inside else group.discard)(item)

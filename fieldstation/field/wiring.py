"""Which pin and which channel carries what: station.toml read from the world's side."""

from __future__ import annotations

import random
from typing import Any

from fieldstation.domain.station import Device, Station
from fieldstation.simulation.dht_train import widths
from fieldstation.simulation.mcp3008 import answer_words
from fieldstation.simulation.world import World

BOUNCES = (0, 0, 1, 2)


class Wiring:
    """Connects the world to pins: relays move contacts, tips and pulses make edges, chips answer."""

    def __init__(self, station: Station, world: World, seed: int) -> None:
        self._station = station
        self._world = world
        self._chance = random.Random(f"pins/{seed}")
        self._relays: dict[int, tuple[str, bool]] = {}
        for pump in station.pumps:
            self._relays[_pin(pump.relay)] = (f"pump:{pump.id}", _high(pump.relay))
        for zone in station.zones:
            self._relays[_pin(zone.valve)] = (f"valve:{zone.id}", _high(zone.valve))
        self._floats = {_pin(p.tank_float): p.id for p in station.pumps if p.tank_float}
        self._meters = {_pin(p.flow.meter): p.id for p in station.pumps if p.flow}
        self._per_l = {p.id: _settings(p.flow.meter).pulses_per_l for p in station.pumps if p.flow}
        self._pulsed = {pump: world.litres(pump) for pump in self._per_l}
        self._button = _pin(station.guard.stop_button) if station.guard.stop_button else None
        self._rain = _pin(station.rain) if station.rain else None
        self._channels = {
            (_settings(probe.device).device, _settings(probe.device).channel): probe.device.id
            for zone in station.zones
            for probe in zone.probes
        }
        self.pressed = False

    @property
    def resting(self) -> dict[int, int]:
        """The level each relay input falls to by its external resistor: OFF."""
        return {pin: int(not high) for pin, (_, high) in self._relays.items()}

    def drove(self, pin: int, level: int) -> None:
        """Move the contact behind a relay input."""
        if pin in self._relays:
            name, high = self._relays[pin]
            self._world.set_line(name, bool(level) is high)

    def outside(self, pin: int) -> int | None:
        """What switches put on an input: 0 for a closed contact to ground, None for an open one."""
        if pin in self._floats:
            return 0 if self._world.tank_ok(self._floats[pin]) else None
        if pin == self._button:
            return None if self.pressed else 0
        return None

    def edges(self) -> list[tuple[int, int]]:
        """Edges that have come since the last call, bounces included, as (pin, level)."""
        found: list[tuple[int, int]] = []
        for pin, pump in self._meters.items():
            passed_l = self._world.litres(pump) - self._pulsed[pump]
            pulses = int(passed_l * self._per_l[pump])
            self._pulsed[pump] += pulses / self._per_l[pump]
            found += [(pin, level) for _ in range(pulses) for level in (0, 1)]
        if self._rain is not None and self._station.rain is not None:
            for _ in range(self._world.tips(self._station.rain.id)):
                for _ in range(1 + self._chance.choice(BOUNCES)):
                    found += [(self._rain, 0), (self._rain, 1)]
        return found

    def spi(self, device: int, words: list[int]) -> list[int]:
        """What the converter answers."""
        volts = {
            channel: self._world.probe_volts(sensor)
            for (chip, channel), sensor in self._channels.items()
            if chip == device
        }
        return answer_words(words, volts)

    def dht(self, pin: int, trigger_us: int) -> list[int]:
        """The pulse train of the sensor on this pin; empty when it is unplugged or wrongly woken."""
        air = self._station.air
        if air is None or pin != _pin(air) or self._world.unplugged(air.id):
            return []
        if trigger_us < (10000 if air.driver == "dht11" else 800):
            return []
        t_c, rh = self._world.air()
        return widths(t_c, rh, air.driver, self._chance)


def _settings(device: Device) -> Any:
    return device.settings


def _pin(device: Device) -> int:
    return int(_settings(device).pin)


def _high(device: Device) -> bool:
    return bool(_settings(device).active_high)

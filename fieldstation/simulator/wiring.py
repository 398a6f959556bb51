"""Which pin and which channel carries what: station.toml read from the world's side."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from fieldstation.domain.station import Device, Station
from fieldstation.simulation.dht_train import widths
from fieldstation.simulation.mcp3008 import MCP3008
from fieldstation.simulation.noise import counts
from fieldstation.simulation.world import World
from fieldstation.simulator.contact import Contact
from fieldstation.simulator.pulses import Edge, FlowPulses, RainTips

FLOAT_BOUNCES_S = 0.25
BUTTON_BOUNCES_S = 0.02
TRIGGER_US = {"dht11": 10000, "dht22": 800}  # a shorter pull does not wake the sensor


class Wiring:
    """Connects the world to pins: relays move contacts, tips and pulses make edges, chips answer."""

    def __init__(self, station: Station, world: World, seed: int, clock: Callable[[], float]) -> None:
        self._world = world
        self._clock = clock
        self._chance = random.Random(f"pins/{seed}")
        self.pressed = False  # the stop button, by hand
        self._relays = {_pin(pump.relay): (f"pump:{pump.id}", _high(pump.relay)) for pump in station.pumps}
        self._relays |= {_pin(zone.valve): (f"valve:{zone.id}", _high(zone.valve)) for zone in station.zones}
        self._floats = {_pin(pump.tank_float): pump.id for pump in station.pumps if pump.tank_float}
        self._button = _pin(station.guard.stop_button) if station.guard.stop_button else None
        self._contacts = {
            pin: Contact(FLOAT_BOUNCES_S, self._chance, clock, closed=self._closed(pin))
            for pin in self._floats
        }
        if self._button is not None:
            self._contacts[self._button] = Contact(
                BUTTON_BOUNCES_S, self._chance, clock, closed=self._closed(self._button)
            )
        self._meters = [
            FlowPulses(_pin(p.flow.meter), p.id, float(_settings(p.flow.meter).pulses_per_l), world, clock())
            for p in station.pumps
            if p.flow
        ]
        self._gauge = RainTips(_pin(station.rain), world, self._chance, clock()) if station.rain else None
        self._air = station.air
        self._channels = {
            (_settings(probe.device).device, _settings(probe.device).channel): probe.device.id
            for zone in station.zones
            for probe in zone.probes
        }

    @property
    def resting(self) -> dict[int, int]:
        """The level each relay input falls to by its external resistor: OFF."""
        return {pin: int(not high) for pin, (_, high) in self._relays.items()}

    @property
    def tips_waiting(self) -> int:
        """Tips of the gauge that have yet to be sent: it cannot tip faster than it swings."""
        return self._gauge.waiting if self._gauge else 0

    def drove(self, pin: int, level: int) -> None:
        """Move the contact behind a relay input."""
        if pin in self._relays:
            name, high = self._relays[pin]
            self._world.set_line(name, bool(level) is high)

    def outside(self, pin: int) -> int | None:
        """What a switch puts on an input: 0 for a closed contact to ground, None for an open one."""
        contact = self._contacts.get(pin)
        if contact is None:
            return None
        contact.move(closed=self._closed(pin))
        return 0 if contact.reads_closed() else None

    def edges(self) -> list[Edge]:
        """Edges that have come since the last call, bounces included, by time."""
        now_s = self._clock()
        found: list[Edge] = []
        for meter in self._meters:
            found += meter.until(now_s)
        if self._gauge is not None:
            found += self._gauge.until(now_s)
        for pin, contact in self._contacts.items():
            contact.move(closed=self._closed(pin))
            found += contact.edges(pin, now_s)
        return sorted(found, key=lambda edge: edge[2])

    def spi(self, port: int, device: int, words: list[int]) -> list[int]:
        """What the converter at this chip select answers; nothing but zeros where there is none."""
        if port != 0 or not any(device == chip for chip, _ in self._channels):
            return [0] * len(words)

        def counts_of(channel: int) -> int:
            sensor = self._channels.get((device, channel))
            return 0 if sensor is None else counts(self._world.probe_volts(sensor))  # a pull-down on each

        return MCP3008(counts_of).transfer(words)

    def dht(self, pin: int, trigger_us: int) -> list[int]:
        """The pulse train of the sensor on this pin; empty when it is unplugged or was not woken."""
        if self._air is None or pin != _pin(self._air) or trigger_us < TRIGGER_US[self._air.driver]:
            return []
        shown = self._world.air_shows()
        return [] if shown is None else widths(*shown, self._air.driver, self._chance)

    def _closed(self, pin: int) -> bool:
        if pin in self._floats:
            return self._world.tank_ok(self._floats[pin])
        return not (self.pressed or self._world.stop_pressed)


def _settings(device: Device) -> Any:
    return device.settings


def _pin(device: Device) -> int:
    return int(_settings(device).pin)


def _high(device: Device) -> bool:
    return bool(_settings(device).active_high)

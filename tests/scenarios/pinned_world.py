"""The simulated world behind its pins: the season's loop sees it only through the real drivers."""

from __future__ import annotations

import dataclasses
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fieldstation.domain.reading import Sample
from fieldstation.domain.station import Station
from fieldstation.drivers.load import build
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.guard.inputs import DeviceInputs
from fieldstation.guard.lines import RelayLines
from fieldstation.simulation.world import World
from fieldstation.simulator.board import Board
from fieldstation.simulator.server import FieldServer
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.pins import PinLink
from fieldstation.wire.unix import connect, listen


class PinnedWorld(World):
    """A World that is its plain self until `plug_in`; from then on a field process would be no different."""

    plugged: Plugged | None = None

    def plug_in(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Serve this world at its pins and open every driver of the station on them."""
        self.plugged = Plugged(self, path, monkeypatch)

    def step(self, seconds: float) -> None:
        super().step(seconds) if self.plugged is None else self.plugged.advance(seconds)

    def samples(self, mono_s: float) -> list[Sample]:
        return super().samples(mono_s) if self.plugged is None else self.plugged.read(self.at, mono_s)

    def set_line(self, name: str, on: bool) -> None:
        if self.plugged is None or self.plugged.serving():
            super().set_line(name, on)
        else:
            self.plugged.relays.drive(name, on)

    def line(self, name: str) -> bool:
        if self.plugged is None or self.plugged.serving():
            return super().line(name)
        return bool(self.plugged.relays.read(name))

    def litres(self, pump: str) -> float:
        if self.plugged is None or self.plugged.serving():
            return super().litres(pump)
        return self.plugged.read_inputs().pumps[pump].litres or 0.0

    def tank_ok(self, pump: str) -> bool:
        if self.plugged is None or self.plugged.serving():
            return super().tank_ok(pump)
        return self.plugged.read_inputs().pumps[pump].tank_ok is True


class Plugged:
    """The field's server in a thread, and the station's own drivers on its pins."""

    def __init__(self, world: World, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._world = world
        station: Station = world.station
        wiring = Wiring(station, world, 1, time.monotonic)
        board = Board("release", wiring.outside, wiring.resting, wiring.drove)
        self._path = path
        self._server = FieldServer(listen(path), world, wiring, board, manual=True)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._order = PinLink(path, "clock")
        self._pins = open_pins("simulated", path, "station")
        self.relays = RelayLines(station, self._pins, SystemClock())
        self._inputs = DeviceInputs(station, self._pins, SystemClock())
        self._meters = {pump.id: pump.flow.meter.settings for pump in station.pumps if pump.flow}
        self._sensors = [build(device, self._pins, SystemClock()) for device in station.sensors]
        for sensor in self._sensors:
            sensor.open()
        # the sensor's pauses are lived on the world's clock: two real seconds a reading would be minutes
        clock = SimpleNamespace(sleep=lambda _: None, monotonic=lambda: world.at.timestamp())
        monkeypatch.setattr(sys.modules["adafruit_dht"], "time", clock)
        assert self.relays.faults == {}

    def serving(self) -> bool:
        """Whether the caller is the field itself."""
        return threading.current_thread() is self._thread

    def advance(self, seconds: float) -> None:
        """Let the world pass some time, and wait until its last tip and pulse have reached the drivers."""
        if self.serving():
            World.step(self._world, seconds)
            return
        before = {pump: litres.litres or 0.0 for pump, litres in self.read_inputs().pumps.items()}
        was = {pump: World.litres(self._world, pump) for pump in before}
        state = self._order.call({"do": "advance", "seconds": seconds})
        deadline = time.monotonic() + 30
        while state["tips_waiting"]:
            state = self._order.call({"do": "state"})
            assert time.monotonic() < deadline, "a tip never came"
        for pump, settings in self._meters.items():
            passed = World.litres(self._world, pump) - was[pump]
            pulse_l = 1.0 / settings.pulses_per_l  # type: ignore[attr-defined] # a Settings
            while (self.read_inputs().pumps[pump].litres or 0.0) - before[pump] < passed - 1.01 * pulse_l:
                assert time.monotonic() < deadline, "a pulse never came"

    def read_inputs(self) -> Any:
        """What the guard's inputs say."""
        return self._inputs.read_inputs(0.0)

    def read(self, at: datetime, mono_s: float) -> list[Sample]:
        """One round of every sensor, dated by the season's clock."""
        return [
            dataclasses.replace(sample, at=at, mono_s=mono_s)
            for sensor in self._sensors
            for sample in sensor.read()
        ]

    def close(self) -> None:
        """Let everything go."""
        for sensor in self._sensors:
            sensor.close()
        self._inputs.close()
        self.relays.close()
        self._pins.close()
        self._order.close()
        waker = connect(self._path, 1.0)
        self._stop.set()
        waker.close()
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._server.turn()

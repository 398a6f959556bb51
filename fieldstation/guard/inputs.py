"""The guard's inputs over their drivers: flow meters, tank floats, the stop button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError, cause
from fieldstation.domain.station import Device, Station
from fieldstation.drivers.load import build
from fieldstation.drivers.pins.backend import Pins
from fieldstation.safety.moment import Inputs, PumpInputs


class DeviceInputs:
    """One look asks every device; what fails is None, which the rules take as its unsafe side."""

    def __init__(self, station: Station, pins: Pins, clock: Clock) -> None:
        self._pins, self._clock = pins, clock
        self.faults: dict[str, str] = {}
        self._meters = {p.id: self._open(p.flow.meter) for p in station.pumps if p.flow}
        self._floats = {p.id: self._open(p.tank_float) for p in station.pumps if p.tank_float}
        self._pumps = [pump.id for pump in station.pumps]
        button = station.guard.stop_button
        self._button = self._open(button) if button else None

    def read_inputs(self, mono_s: float) -> Inputs:
        """One look at everything."""
        del mono_s
        return Inputs({pump: self._pump(pump) for pump in self._pumps}, self._pressed())

    def close(self) -> None:
        """Let every line go."""
        for device in (*self._meters.values(), *self._floats.values(), self._button):
            if device is not None:
                device.close()

    def _open(self, device: Device) -> Any:
        driver = build(device, self._pins, self._clock)
        try:
            driver.open()
        except DeviceError as error:
            self.faults[device.id] = cause(error)
            return None
        return driver

    def _pump(self, pump: str) -> PumpInputs:
        meter, tank = self._meters.get(pump), self._floats.get(pump)
        tank_ok = None if tank is None else self._asked(tank, lambda: tank.has_water)
        if meter is None:
            return PumpInputs(None, None, tank_ok)
        age_s = meter.heard_age_s
        if age_s is None:
            self.faults[meter.id] = "the pins tell of no pulses any more"
        else:
            self.faults.pop(meter.id, None)
        return PumpInputs(meter.litres, age_s, tank_ok)

    def _pressed(self) -> bool | None:
        button = self._button
        return None if button is None else self._asked(button, lambda: button.is_pressed)

    def _asked(self, driver: Any, ask: Callable[[], bool]) -> bool | None:
        try:
            answer = ask()
        except DeviceError as error:
            self.faults[driver.id] = cause(error)
            return None
        self.faults.pop(driver.id, None)
        return answer

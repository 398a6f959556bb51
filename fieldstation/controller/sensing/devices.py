"""Which drivers the controller opens, and in which strategy."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from fieldstation import log
from fieldstation.controller.sensing.poll import SensorDriver, Sensors
from fieldstation.domain.clock import Clock
from fieldstation.domain.station import Device, Station
from fieldstation.drivers.child import ChildDriver
from fieldstation.drivers.load import BrokenDriver, build, driver, is_blocking, measures
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.wire.places import Places


def attach(sensors: Sensors, station: Station, places: Places, clock: Clock) -> None:
    """Hand every sensor of the station to `sensors`; a driver that may hang gets a child of its own."""
    opened = functools.cache(lambda: open_pins(station.pins, places.field_socket, "controller"))
    one_at_a_time = threading.Lock()

    def pins() -> Pins:
        """The one back end of this process: sensors that share a chip must share its lock."""
        with one_at_a_time:  # each sensor's thread asks, and a cache alone would open two
            return opened()

    for broken in station.broken:
        try:
            driver(broken.driver)
        except BrokenDriver:
            log.exception("driver_broken", sensor=broken.id, driver=broken.driver)
    for device in station.sensors:
        make: Callable[[], SensorDriver]
        if is_blocking(device.driver):
            make = functools.partial(ChildDriver, device, station.pins, places.field_socket, clock)
        else:
            make = functools.partial(_driver, device, pins, clock)
        sensors.add(device.id, measures(device.driver), make)


def _driver(device: Device, pins: Callable[[], Pins], clock: Clock) -> SensorDriver:
    driver: SensorDriver = build(device, pins(), clock)
    return driver

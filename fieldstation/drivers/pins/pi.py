"""The Pi's own pins through lgpio. No board has run this yet; a recording stand-in has.

Traps handled here: gpiozero's lgpio pin claims every output LOW before it writes the wanted
level (an active-low relay clicks at every start); an exception in an edge callback kills
lgpio's only notify thread; gpiozero falls back to software SPI, or to another pin library,
with no more than a warning.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins import pi_pulses
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.lgpio_door import chip_number, edges_heard, load_lgpio


def open_pins() -> Pins:
    """The header's pins. Raises StationError with what to install or to enable."""
    asked = os.environ.get("GPIOZERO_PIN_FACTORY", "lgpio")
    if asked != "lgpio":
        raise StationError(f"GPIOZERO_PIN_FACTORY is {asked!r}; this station drives pins by lgpio: unset it")
    lgpio = load_lgpio()
    from gpiozero import Device, GPIOZeroError
    from gpiozero.pins.lgpio import LGPIOFactory, LGPIOPin

    class RelaySafePin(LGPIOPin):  # type: ignore[misc] # gpiozero has no types
        """Claims an output at its level, without the LOW that gpiozero drives first."""

        def output_with_state(self, state: float) -> None:
            handle = self.factory._handle  # noqa: SLF001 -- as gpiozero's own pin class does
            lgpio.gpio_claim_output(handle, self._number, int(bool(state)))

        def _call_when_changed(self, *edge: Any) -> None:
            with contextlib.suppress(Exception):  # it would end the notify thread for every pin
                super()._call_when_changed(*edge)

    class HardwareSPIFactory(LGPIOFactory):  # type: ignore[misc] # gpiozero has no types
        """Never bit-bangs SPI: that would claim four pins and read a thousand times slower."""

        def _get_spi_class(self, shared: bool, hardware: bool) -> Any:
            if not hardware:
                raise StationError("SPI is not enabled; add dtparam=spi=on to config.txt and restart")
            return super()._get_spi_class(shared, hardware)

    try:
        factory = HardwareSPIFactory(chip=chip_number(lgpio))
    except (lgpio.error, OSError) as error:
        raise StationError(
            f"the GPIO chip cannot be opened ({error}); is this user in group gpio?"
        ) from error
    factory.pin_class = RelaySafePin
    Device.pin_factory = factory
    errors = (OSError, StationError, GPIOZeroError, lgpio.error)
    return Pins(factory, pi_pulses.load, lambda: edges_heard(lgpio), factory.close, errors)

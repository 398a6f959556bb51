"""The Pi's own pins through lgpio. No board has run this yet; a recording fake has.

Three traps are handled here. gpiozero's lgpio pin claims every output LOW before it writes the
wanted level, so an active-low relay would click at every start. The GPIO chip's number moved
between kernels, so it is found by its label. And lgpio leaves a FIFO in the working directory,
which must be writable (the unit gives it a runtime directory).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.buses import Buses

LABELS = ("pinctrl-bcm2711", "pinctrl-rp1", "pinctrl-bcm2835")
CHIPS = Path("/sys/bus/gpio/devices")


def chip_number(chips: Path = CHIPS) -> int:
    """The number of the chip that carries the header's pins. Raises StationError."""
    seen = []
    for chip in sorted(chips.glob("gpiochip*")):
        for label_file in (chip / "label", *chip.glob("gpio/gpiochip*/label"), chip / "of_node" / "name"):
            try:
                label = label_file.read_text().strip().strip("\0")
            except OSError:
                continue
            seen.append(label)
            if label in LABELS:
                return int(chip.name.removeprefix("gpiochip"))
    return _by_ioctl(seen)


def _by_ioctl(seen: list[str]) -> int:
    """Ask each chip for its label through lgpio, which every kernel answers."""
    import lgpio

    for number in range(16):
        if not Path(f"/dev/gpiochip{number}").exists():
            continue
        handle = lgpio.gpiochip_open(number)
        try:
            label = lgpio.gpio_get_chip_info(handle)[3]
        finally:
            lgpio.gpiochip_close(handle)
        seen.append(str(label))
        if label in LABELS:
            return number
    raise StationError(f"no GPIO chip of a Raspberry Pi here (saw: {', '.join(seen) or 'none'})")


def open_pins() -> Pins:
    """The header's pins. Raises StationError with what to install or to enable."""
    if not os.access(Path.cwd(), os.W_OK):
        raise StationError(f"{Path.cwd()}: lgpio needs a writable working directory; start elsewhere")
    try:
        import lgpio
        from gpiozero import Device
        from gpiozero.pins.lgpio import LGPIOFactory, LGPIOPin
    except ImportError as error:
        raise StationError(
            f"lgpio is missing ({error}); install with: pip install 'fieldstation[pi]'"
        ) from error

    class RelaySafePin(LGPIOPin):  # type: ignore[misc] # gpiozero has no types
        """Claims an output at its level, without the LOW that gpiozero drives first."""

        def output_with_state(self, state: float) -> None:
            lgpio.gpio_claim_output(self.factory._handle, self._number, int(bool(state)))  # noqa: SLF001

    try:
        factory = LGPIOFactory(chip=chip_number())
    except (lgpio.error, OSError) as error:
        raise StationError(
            f"the GPIO chip cannot be opened ({error}); is this user in group gpio?"
        ) from error
    factory.pin_class = RelaySafePin
    Device.pin_factory = factory  # gpiozero closes at exit what this one still holds

    return Pins(factory, _blinka_pin, Buses().chip, lambda: True, factory.close)


def _blinka_pin(pin: int) -> Any:
    os.environ["BLINKA_SKIP_DEPENDENCY_CHECK"] = "1"  # on a terminal Blinka offers to run pip itself
    import board

    return getattr(board, f"D{pin}")

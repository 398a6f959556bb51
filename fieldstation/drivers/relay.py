"""A relay: one output line whose off level is driven before anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.binding import setting
from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.drivers.parts.board import Board
from fieldstation.drivers.parts.opened import Opened

ROLE = "relay"
MEASURES: dict[Quantity, float] = {}
BLOCKING = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A relay input. Wire an external resistor that pulls it to OFF: a dead Pi drives nothing."""

    pin: int = setting("BCM pin of the relay input", pin=True)
    active_high: bool = setting("true when a high level closes the relay", default=True)


class Driver(Opened[Settings]):
    """Opens OFF, reads back its own line, closes OFF."""

    def open(self) -> None:
        """Claim the line at its OFF level. Raises DeviceError."""
        from gpiozero import GPIOZeroError, OutputDevice

        try:
            self._held = OutputDevice(
                self._settings.pin,
                active_high=self._settings.active_high,
                initial_value=False,
                pin_factory=self._pins.factory,
            )
        except (GPIOZeroError, OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"relay {self.id}: {error}") from error

    def on(self) -> None:
        """Close the contact. Raises DeviceError."""
        self._set(on=True)

    def off(self) -> None:
        """Open the contact. Raises DeviceError."""
        self._set(on=False)

    @property
    def is_on(self) -> bool:
        """The line's own level, read back. Raises DeviceError."""
        try:
            return bool(self._now_open.value)
        except (OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"relay {self.id}: {error}") from error

    def close(self) -> None:
        """Drive OFF, then let the line go. Safe to call twice."""
        if self._held is None:
            return
        try:
            self._held.off()
        finally:
            super().close()

    def _set(self, *, on: bool) -> None:
        try:
            (self._now_open.on if on else self._now_open.off)()
        except (OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"relay {self.id}: {error}") from error


def simulate(settings: Settings, board: Board, switch: Callable[[bool], None]) -> None:
    """A relay board's input, with an external resistor that pulls it to OFF."""
    high = settings.active_high
    board.output(settings.pin, int(not high), lambda level: switch(bool(level) is high))

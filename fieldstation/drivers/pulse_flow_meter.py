"""A flow meter that closes a contact for every so many millilitres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.binding import setting
from fieldstation.domain.reading import Quantity
from fieldstation.drivers.parts.board import Board, Edge
from fieldstation.drivers.parts.line import Line

ROLE = "flow_meter"
MEASURES: dict[Quantity, float] = {}
BLOCKING = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A pulse output to ground (open collector or reed)."""

    pin: int = setting("BCM pin of the pulse line", pin=True)
    pulses_per_l: float = setting("pulses per litre, from the meter's plate or a bucket test", gt=0, le=2000)


class Driver(Line):
    """Counts pulses. Every edge counts: this device does not bounce within its rated flow."""

    _pulses = 0

    def open(self) -> None:
        """Start counting. Raises DeviceError."""
        self._claim(self._pulse)

    @property
    def litres(self) -> float:
        """The running total since opening."""
        pulses_per_l: float = self._settings.pulses_per_l
        return self._pulses / pulses_per_l

    @property
    def heard_age_s(self) -> float | None:
        """0 while edges can arrive; None once the pin back end has lost its line."""
        return 0.0 if self._held is not None and self._pins.alive() else None

    def _pulse(self) -> None:
        self._pulses += 1


def simulate(settings: Settings, board: Board, litres: Callable[[], float]) -> None:
    """A meter on a pipe through which so many litres have passed."""
    board.edges(FlowPulses(settings, litres, board.now_s()))


class FlowPulses:
    """The model's pulses: clean, and even over the time in which the water passed."""

    waiting = 0

    def __init__(self, settings: Settings, litres: Callable[[], float], now_s: float) -> None:
        self._settings, self._litres = settings, litres
        self._sent_l = litres()
        self._until_s = now_s

    def until(self, now_s: float) -> list[Edge]:
        """Edges of the pulses since the last call."""
        from_s, self._until_s = self._until_s, now_s
        pulses = int((self._litres() - self._sent_l) * self._settings.pulses_per_l + 1e-9)
        if pulses <= 0:
            return []
        self._sent_l += pulses / self._settings.pulses_per_l
        half_s = (now_s - from_s) / pulses / 2
        return [(self._settings.pin, step % 2, from_s + (step + 1) * half_s) for step in range(2 * pulses)]

"""The engine's doors: a ledger, relay lines, inputs. Real ones here, virtual ones in `season`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from fieldstation.safety.moment import Inputs


class Ledger(Protocol):
    """Durable memory."""

    def load(self) -> dict[str, Any]:
        """What was saved last. Raises LedgerError when there is nothing trustworthy."""

    def save(self, memory: dict[str, Any]) -> None:
        """Keep it durably before returning. Raises LedgerError."""


class Lines(Protocol):
    """Relay lines by name: `pump:<id>`, `valve:<zone>`."""

    @property
    def faults(self) -> Mapping[str, str]:
        """Why a line cannot be driven or read, by its name."""

    def drive(self, name: str, on: bool) -> None:
        """Drive one line. Raises DeviceError."""

    def read(self, name: str) -> bool | None:
        """The line's own level as on or off; None when it cannot be read."""


class GuardInputs(Protocol):
    """The inputs of pumps and the stop button (relay lines are read by the engine)."""

    @property
    def faults(self) -> Mapping[str, str]:
        """Why a device does not answer, by its id."""

    def read_inputs(self, mono_s: float) -> Inputs:
        """One look at every input; a device that fails is None. Never raises, never waits."""

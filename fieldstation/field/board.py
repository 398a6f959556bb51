"""The header of the simulated Pi: lines with owners, pulls and a kernel that keeps or drops them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Line:
    owner: int | None = None
    output: bool = False
    level: int = 0
    pull: str = "floating"


class Board:
    """Lines outlive their owners. `kernel` is what happens then: `release` or `persist`.

    `outside` gives the level that the world puts on an input (None: nothing connected);
    `resting` the level an undriven line falls to by its own resistor; `drove` hears of
    every level a relay input sees, driven or fallen back to.
    """

    def __init__(
        self,
        kernel: str,
        outside: Callable[[int], int | None],
        resting: dict[int, int],
        drove: Callable[[int, int], None],
    ) -> None:
        self.kernel = kernel
        self._outside = outside
        self._resting = resting
        self._drove = drove
        self._lines = {pin: _Line(level=resting.get(pin, 0)) for pin in range(28)}

    def claim_output(self, owner: int, pin: int, level: int) -> str | None:
        """Take a line as output at a level, in one act; an error text when someone else holds it."""
        error = self._claim(owner, pin)
        if error is None:
            line = self._lines[pin]
            line.output, line.level = True, level
            self._drove(pin, level)
        return error

    def claim_input(self, owner: int, pin: int, pull: str) -> str | None:
        """Take a line as input; a relay on it falls back to its resistor."""
        error = self._claim(owner, pin)
        if error is None:
            self._let_float(pin, pull)
        return error

    def free(self, owner: int, pin: int) -> str | None:
        """Give a line back as input without pull."""
        error = self._claim(owner, pin)
        if error is None:
            self._let_float(pin, "floating")
            self._lines[pin].owner = None
        return error

    def write(self, owner: int, pin: int, level: int) -> str | None:
        """Set an output's level."""
        line = self._lines[pin]
        if line.owner != owner or not line.output:
            return f"pin {pin} is not your output"
        line.level = level
        self._drove(pin, level)
        return None

    def read(self, pin: int) -> int:
        """A line's level: driven, or by the world, or by a pull, or by its resistor."""
        line = self._lines[pin]
        if line.output:
            return line.level
        outside = self._outside(pin)
        if outside is not None:
            return outside
        if line.pull != "floating":
            return int(line.pull == "up")
        return self._resting.get(pin, 0)

    def owner_died(self, owner: int) -> None:
        """What the kernel does with the lines of a process that is gone."""
        for pin, line in self._lines.items():
            if line.owner == owner:
                line.owner = None
                if line.output and self.kernel == "persist":
                    continue
                self._let_float(pin, "floating")

    def _claim(self, owner: int, pin: int) -> str | None:
        if pin not in self._lines:
            return f"no pin {pin}"
        line = self._lines[pin]
        if line.owner not in (None, owner):
            return f"busy: pin {pin} is held by another process"
        line.owner = owner
        return None

    def _let_float(self, pin: int, pull: str) -> None:
        line = self._lines[pin]
        was_output, line.output, line.pull = line.output, False, pull
        if was_output and pin in self._resting:
            line.level = self._resting[pin]
            self._drove(pin, line.level)

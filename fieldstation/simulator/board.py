"""The header of the simulated Pi: lines with owners, pulls and a kernel that keeps or drops them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

PINS = 28
KERNELS = ("release", "persist")
PULLS = ("up", "down", "floating")
T = TypeVar("T", int, str)


@dataclass(eq=False, slots=True)
class Owner:
    """A process that holds lines, as long as its connection lives."""

    name: str = "a nameless process"


@dataclass(slots=True)
class _Line:
    owner: Owner | None = None
    output: bool = False
    level: int = 0
    pull: str = "floating"


class PinError(Exception):
    """What the kernel answers to a request it cannot grant."""


class Board:
    """Lines outlive their owners. `kernel` is what happens then: `release` or `persist`.

    - `outside` gives the level that the world puts on an input. None: an open contact.
    - `resting` is the level to which an undriven relay input falls by its own resistor.
    - `drove` hears of every level that a relay input sees, driven or fallen back to.
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
        self._lines = {pin: _Line() for pin in range(PINS)}

    def claim_output(self, owner: Owner, pin: int, level: int) -> None:
        """Take a line as output at a level, in one act. Raises PinError when someone else holds it."""
        line = self._claim(owner, pin)
        line.output, line.level = True, _checked(level, (0, 1), "level")
        self._drove(pin, level)

    def claim_input(self, owner: Owner, pin: int, pull: str) -> None:
        """Take a line as input; a relay on it falls back to its resistor. Raises PinError."""
        line = self._claim(owner, pin)
        self._let_float(pin, line, _checked(pull, PULLS, "pull"))

    def free(self, owner: Owner, pin: int) -> None:
        """Give a line back as input without pull. Raises PinError."""
        line = self._claim(owner, pin)
        self._let_float(pin, line, "floating")
        line.owner = None

    def write(self, owner: Owner, pin: int, level: int) -> None:
        """Set an output's level. Raises PinError when it is not this owner's output."""
        line = self._line(pin)
        if line.owner is not owner or not line.output:
            raise PinError(f"pin {pin} is not an output of {owner.name}")
        line.level = _checked(level, (0, 1), "level")
        self._drove(pin, level)

    def read(self, pin: int) -> int:
        """A line's level: driven, or by a contact, or by a resistor. Raises PinError.

        A relay board's own 10 k resistor is stronger than the Pi's 50 k pull.
        """
        line = self._line(pin)
        if line.output:
            return line.level
        outside = self._outside(pin)
        if outside is not None:
            return outside
        if pin in self._resting:
            return self._resting[pin]
        return int(line.pull == "up")

    def owner_died(self, owner: Owner) -> None:
        """What the kernel does with the lines of a process that is gone."""
        for pin, line in self._lines.items():
            if line.owner is owner:
                line.owner = None
                if not line.output or self.kernel == "release":
                    self._let_float(pin, line, "floating")

    def holders(self) -> dict[str, dict[str, str | int | None]]:
        """Every line that is held or still driven: who holds it, as what, at which level."""
        return {
            str(pin): {
                "owner": line.owner.name if line.owner else None,
                "function": "output" if line.output else "input",
                "level": self.read(pin),
            }
            for pin, line in self._lines.items()
            if line.owner is not None or line.output
        }

    def _line(self, pin: int) -> _Line:
        line = self._lines.get(pin)
        if line is None:
            raise PinError(f"there is no pin {pin}")
        return line

    def _claim(self, owner: Owner, pin: int) -> _Line:
        line = self._line(pin)
        if line.owner not in (None, owner):
            raise PinError(f"busy: pin {pin} is held by {line.owner.name}")
        line.owner = owner
        return line

    def _let_float(self, pin: int, line: _Line, pull: str) -> None:
        was_output, line.output, line.pull = line.output, False, pull
        if was_output and pin in self._resting:
            self._drove(pin, self._resting[pin])


def _checked(value: T, allowed: tuple[T, ...], what: str) -> T:
    if value not in allowed:
        raise PinError(f"{what} {value!r} is none of {allowed}")
    return value

"""A tipping-bucket rain gauge: a reed that closes for an instant at every tip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from fieldstation.binding import setting
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.parts.board import Board, Edge, Look
from fieldstation.drivers.parts.line import Line
from fieldstation.drivers.parts.samples import take
from fieldstation.drivers.pins.backend import Pins

MEASURES = {Quantity.RAIN: 0.3}  # mm: one tip of a usual bucket
CUT = {Quantity.RAIN: 0.0}  # a cut wire sounds like dry weather
BLOCKING = False
SWING_S = 0.4  # a bucket cannot tip again sooner
CLOSED_S = 0.05  # a tip closes the reed so long
BOUNCES = (0, 0, 1, 2)
BOUNCE_S = 0.001


@dataclass(frozen=True, slots=True)
class Settings:
    """A reed to ground. The depth of one tip is on the gauge's plate; there is no usual one."""

    pin: int = setting("BCM pin of the reed", pin=True)
    mm_per_tip: float = setting("rain depth of one tip in mm", gt=0, le=5)
    lockout_s: float = setting("a tip's own bouncing lasts less than this", default=0.3, ge=0.02, le=2)


class Driver(Line):
    """Counts tips, at most one per lock-out; `read` gives the mm since the previous read."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        super().__init__(id, settings, pins, clock)
        self._tips = 0
        self._read_tips = 0
        self._tipped_s = float("-inf")

    def open(self) -> None:
        """Start counting. Raises DeviceError."""
        self._claim(self._tip)

    def read(self) -> list[Sample]:
        """Rain since the previous read; a fault when tips can no longer be heard."""
        return take(self.id, self._clock, MEASURES, self._since_last)

    def _since_last(self) -> dict[Quantity, float]:
        if self._now_open is None or not self._pins.alive():
            raise DeviceError(Quality.NO_ANSWER, "the pins tell of no edges any more")
        tips, self._read_tips = self._tips - self._read_tips, self._tips
        return {Quantity.RAIN: tips * self._settings.mm_per_tip}

    def _tip(self) -> None:
        now_s = self._clock.mono_s()
        if now_s - self._tipped_s >= self._settings.lockout_s:
            self._tips += 1
            self._tipped_s = now_s


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """Whole tips of the rain (mm) that waits in the funnel."""
    del chance
    tips = int(truth[Quantity.RAIN] / settings.mm_per_tip + 1e-9)
    return {Quantity.RAIN: tips * settings.mm_per_tip}


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """A reed on a bucket. `look` gives the tips (mm) since it was last asked."""
    board.edges(RainTips(settings, look, board))


class RainTips:
    """The model's reed: closes for an instant at each tip, and bounces."""

    def __init__(self, settings: Settings, look: Look, board: Board) -> None:
        self._settings, self._look, self._chance = settings, look, board.chance
        self._next_s = board.now_s()
        self.waiting = 0

    def until(self, now_s: float) -> list[Edge]:
        """Edges of a tip that is due; further tips wait until the bucket has swung back."""
        shown = self._look() or CUT
        self.waiting += round(shown[Quantity.RAIN] / self._settings.mm_per_tip)
        if not self.waiting or now_s < self._next_s:
            return []
        self.waiting -= 1
        self._next_s = now_s + SWING_S
        pin, at_s, found = self._settings.pin, now_s - CLOSED_S - 0.01, list[Edge]()
        for _ in range(self._chance.choice(BOUNCES)):
            found += [(pin, 0, at_s), (pin, 1, at_s + BOUNCE_S)]
            at_s += 2 * BOUNCE_S
        return [*found, (pin, 0, at_s), (pin, 1, at_s + CLOSED_S)]

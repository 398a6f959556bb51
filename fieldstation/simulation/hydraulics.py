"""Tank, pump, pipes, valves and the contacts that the relays move."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.station import Pump

SHUT_OFF = 1.2  # pressure at no flow, in parts of that with one zone open: the pump's curve, see `_delivered`
BURST_OPENING = 6.0  # a burst pipe against one zone's emitters
GRAVITY = 0.15  # an open valve lets this part through with the pump off, from the tank's height
TANK_LOW_FRAC = 0.05
DITCH = ""  # where the water of a burst pipe goes


class Plumbing:
    """One pump with its tank and its zones' valves. Levels in litres, flows in litres a minute."""

    def __init__(self, pump: Pump, zones: list[str], capacity_l: float, refill_lpm: float) -> None:
        self.pump = pump
        self.zones = zones
        self.capacity_l = capacity_l
        self.refill_lpm = refill_lpm
        self.tank_l = capacity_l
        self.meter_dead = False
        self.meter_unplugged = False
        self.metered_l = 0.0
        self.passed_l = 0.0
        self.drained = False
        self.burst = False
        self.blocked: set[str] = set()
        self.welded: set[str] = set()
        self._closed: set[str] = set()  # relays driven so that their contact is closed
        self._flows: dict[str, float] = {}
        self._total_lpm = 0.0

    def drive(self, line: str, on: bool) -> None:
        """Drive a relay's coil: `pump:<id>` or `valve:<zone>`."""
        (self._closed.add if on else self._closed.discard)(line)
        self.changed()

    def driven(self, line: str) -> bool:
        """A relay's coil, as driven (a welded contact does not show here)."""
        return line in self._closed

    def contact(self, line: str) -> bool:
        """Whether the contact behind a relay line is closed."""
        return line in self._closed or line in self.welded

    def changed(self) -> None:
        """Work the flows out anew, after a contact moved or a fault came or went."""
        through = [zone for zone in self.zones if self.contact(f"valve:{zone}") and zone not in self.blocked]
        self._flows = {}
        if self.contact(f"pump:{self.pump.id}"):
            openings = dict.fromkeys(through, 1.0)
            if self.burst:
                openings[DITCH] = BURST_OPENING
            whole = sum(openings.values())
            if whole:
                lpm = self.pump.nominal_lpm * _delivered(whole)
                self._flows = {place: lpm * opening / whole for place, opening in openings.items()}
        elif through:
            self._flows = {zone: self.pump.nominal_lpm * GRAVITY / len(through) for zone in through}
        self._total_lpm = sum(self._flows.values())

    @property
    def flow_lpm(self) -> float:
        """Flow past the meter now."""
        return self._total_lpm if self.tank_l > 0 else 0.0

    @property
    def tank_ok(self) -> bool:
        """What the float shows."""
        return self.tank_l > TANK_LOW_FRAC * self.capacity_l

    def step(self, seconds: float) -> dict[str, float]:
        """Let water flow for a time with contacts as they are; litres by place."""
        minutes = seconds / 60.0
        refill_l = 0.0 if self.drained else self.refill_lpm * minutes
        given: dict[str, float] = {}
        used_l = 0.0
        if self._flows and self.tank_l > 0:
            wanted_l = self._total_lpm * minutes
            used_l = min(wanted_l, self.tank_l + refill_l)
            part = used_l / wanted_l * minutes
            given = {place: lpm * part for place, lpm in self._flows.items()}
            self.passed_l += used_l
            if not (self.meter_dead or self.meter_unplugged):
                self.metered_l += used_l
        self.tank_l = max(0.0, min(self.capacity_l, self.tank_l + refill_l - used_l))
        return given

    def dump(self) -> dict[str, Any]:
        """Levels and counters; relays and faults are not kept."""
        return {"tank_l": self.tank_l, "metered_l": self.metered_l, "passed_l": self.passed_l}

    def load(self, state: dict[str, Any]) -> None:
        """Take over dumped levels and counters."""
        self.tank_l = min(self.capacity_l, float(state["tank_l"]))
        self.metered_l = float(state["metered_l"])
        self.passed_l = float(state.get("passed_l", self.metered_l))


def _delivered(opening: float) -> float:
    """Flow through an opening of so many zones' emitters, in parts of the flow through one.

    The pump's pressure falls with the square of its flow from a shut-off pressure S times
    that at one zone, h = S - (S - 1) q^2; emitters pass q = opening sqrt(h). Solved for q.

    >>> round(_delivered(1), 3), round(_delivered(2), 3), round(_delivered(6), 3)
    (1.0, 1.633, 2.295)
    """
    return float(opening * (SHUT_OFF / (1 + opening * opening * (SHUT_OFF - 1))) ** 0.5)

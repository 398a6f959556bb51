"""Tank, pump, pipes, valves and the contacts that the relays move."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldstation.domain.station import Pump

TWO_VALVES = 1.35  # a pump delivers more into two zones than into one, but not twice as much
BURST = 2.4
GRAVITY = 0.15  # an open valve lets this part through with the pump off, from the tank's height
TANK_LOW_FRAC = 0.05


@dataclass(slots=True)
class Plumbing:
    """One pump with its tank and its zones' valves. Levels in litres, flows in litres a minute."""

    pump: Pump
    zones: list[str]
    capacity_l: float
    refill_lpm: float
    tank_l: float = 0.0
    drained: bool = False
    burst: bool = False
    blocked: set[str] = field(default_factory=set)
    pump_on: bool = False
    open: set[str] = field(default_factory=set)
    welded: set[str] = field(default_factory=set)
    meter_dead: bool = False
    metered_l: float = 0.0
    passed_l: float = 0.0

    def contact(self, line: str) -> bool:
        """Whether the contact behind a relay line is closed."""
        kind, _, owner = line.partition(":")
        driven = self.pump_on if kind == "pump" else owner in self.open
        return driven or line in self.welded

    def flows_lpm(self) -> dict[str, float]:
        """Flow into each zone now; the key `""` is what a burst pipe loses."""
        if self.tank_l <= 0:
            return {}
        through = [zone for zone in self.zones if self.contact(f"valve:{zone}") and zone not in self.blocked]
        full = self.pump.nominal_lpm
        if not self.contact(f"pump:{self.pump.id}"):
            return dict.fromkeys(through, full * GRAVITY) if through else {}
        flows = {zone: full * (TWO_VALVES if len(through) > 1 else 1.0) / len(through) for zone in through}
        if self.burst:
            flows = {zone: flow * 0.3 for zone, flow in flows.items()}
            flows[""] = full * BURST
        return flows

    def step(self, seconds: float) -> dict[str, float]:
        """Let water flow for a time with contacts as they are; litres by zone."""
        flows = self.flows_lpm()
        total_lpm = sum(flows.values())
        minutes = seconds / 60.0
        wanted_l = total_lpm * minutes
        refill_l = 0.0 if self.drained else self.refill_lpm * minutes
        share = 1.0 if wanted_l <= self.tank_l + refill_l else (self.tank_l + refill_l) / wanted_l
        given = {zone: flow * minutes * share for zone, flow in flows.items()}
        used_l = wanted_l * share
        self.tank_l = max(0.0, min(self.capacity_l, self.tank_l + refill_l - used_l))
        self.passed_l += used_l
        if not self.meter_dead:
            self.metered_l += used_l
        return given

    @property
    def flow_lpm(self) -> float:
        """Flow past the meter now."""
        return sum(self.flows_lpm().values())

    @property
    def tank_ok(self) -> bool:
        """What the float shows."""
        return self.tank_l > TANK_LOW_FRAC * self.capacity_l

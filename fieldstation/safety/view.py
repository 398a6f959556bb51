"""What an interlock may look at: one zone, one pump, one moment. It can change nothing."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.run import Code
from fieldstation.domain.station import GuardSettings, Pump, Zone
from fieldstation.safety.flow import FlowWatch
from fieldstation.safety.memory import Memory
from fieldstation.safety.moment import Inputs, Moment, PumpInputs


@dataclass(frozen=True, slots=True)
class View:
    """`run_on_s` is None before a run, else the seconds its water has been on.

    `now_s` is the memory's time. `air_t_c` and
    `air_age_s` came with the lease and have aged since.
    """

    zone: Zone
    pump: Pump
    settings: GuardSettings
    memory: Memory
    inputs: Inputs
    flow: FlowWatch
    moment: Moment
    now_s: float
    air_t_c: float | None
    air_age_s: float | None
    busy_zones: int
    ledger_ok: bool
    line_fault: bool
    run_on_s: float | None = None

    @property
    def running(self) -> bool:
        """Whether the question is about a run that is open."""
        return self.run_on_s is not None

    @property
    def pump_inputs(self) -> PumpInputs:
        """What this pump's devices say."""
        return self.inputs.pumps.get(self.pump.id, PumpInputs())


@dataclass(frozen=True, slots=True)
class No:
    """A refusal. `wait_s` tells when asking again may help; `latches` what a person must clear."""

    code: Code
    wait_s: float | None = None
    latch_zone: bool = False
    latch_pump: bool = False
    at_once: bool = False  # every line off now, valve included, instead of pump first and then valve

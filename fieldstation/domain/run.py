"""Water really given, and the codes of why it ended or was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Code(StrEnum):
    """The one list of reasons the guard gives for refusing or ending water."""

    DONE = "done"  # the asked time or litres are reached
    ENDED = "ended"  # the controller asked for the end
    STOPPED = "stopped"  # STOP is latched
    STOP_BUTTON = "stop_button"  # the physical button is pressed, or its wire is cut
    LEASE_EXPIRED = "lease_expired"
    INTERRUPTED = "interrupted"  # the guard restarted during the run
    LEDGER = "ledger"  # the ledger cannot be read or written
    TANK_LOW = "tank_low"
    NO_FLOW = "no_flow"
    TOO_MUCH_FLOW = "too_much_flow"
    LEAK = "leak"  # flow while everything is off
    FROST = "frost"
    AIR_UNKNOWN = "air_unknown"  # in a frost month
    STALE_INPUT = "stale_input"
    LINE_FAULT = "line_fault"  # a relay line does not read back as driven
    PUMP_BUSY = "pump_busy"
    LONGEST_RUN = "longest_run"
    MIN_REST = "min_rest"
    MAX_STARTS = "max_starts"
    LITRES_PER_DAY = "litres_per_day"
    SECONDS_PER_DAY = "seconds_per_day"
    UNKNOWN_ZONE = "unknown_zone"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the guard closed it. Litres are by flow meter, or by time without one.

    `seq` counts runs in the guard's ledger and never repeats within one ledger.
    """

    id: str
    seq: int
    zone: str
    origin: str  # "auto" or "manual"
    started_at: datetime
    ended_at: datetime
    on_s: float
    litres: float
    measured: bool  # litres come from the flow meter
    stop_reason: Code

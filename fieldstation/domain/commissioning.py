"""What a technician tries before a station may be left alone with a pump."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    """In the order they are tried. Steps marked "each" are done once a zone or sensor (`of`)."""

    CLOCK = "clock"
    STORAGE = "storage"
    SENSORS = "sensors"
    RELAY = "relay"  # each zone: the right valve opened, and water came
    LEAK = "leak"  # everything shut, nothing flows
    FLOW = "flow"  # bucket test
    FAIL_SAFE = "fail_safe"  # the controller is killed while water runs
    STOP = "stop"  # STOP pressed, and what it did
    SIGNAL = "signal"  # the phone reached the page from the far end of the field
    ALERT = "alert"  # a test message was typed back
    SIGNED = "signed"  # the report, with a name and a note


class Outcome(StrEnum):
    """What came of a step."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # with a note that says why


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the record lists it. `tried`: whether any step was."""

    id: str
    first_at: datetime
    last_at: datetime
    signed: bool
    tried: bool


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step tried; of one visit, step and `of` the last counts."""

    visit: str
    step: Step
    outcome: Outcome
    at: datetime
    by: str
    of: str = ""
    note: str = ""
    values: dict[str, float | str] = field(default_factory=dict)

"""What a person should look at, as codes; the page turns each into a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fieldstation.domain.decision import Value


class AlertCode(StrEnum):
    """The one list of alerts. One alert per cause, shown until the cause is gone."""

    GUARD_SILENT = "guard_silent"  # values: none
    STOP_LATCHED = "stop_latched"  # by
    LATCHED = "latched"  # code (a `Code`), pump or zone: a person must look and resume
    LEDGER = "ledger"  # the guard cannot keep its ledger: no water
    SENSOR_BAD = "sensor_bad"  # sensor, quality
    NO_GOOD_PROBE = "no_good_probe"  # zone has no usable soil reading
    AIR_UNKNOWN = "air_unknown"
    PLANNER_FAILED = "planner_failed"  # code, detail
    LEARNING_FAILED = "learning_failed"  # code, detail: the model in charge stays
    RECORD_FAILED = "record_failed"  # code, detail: readings are not being kept
    RECORD_RESTORED = "record_restored"  # detail: a damaged record was set aside
    CLOCK_UNTRUSTED = "clock_untrusted"
    WATER_REFUSED = "water_refused"  # code (a `Code`), zone: wanted, not given
    RUN_CUT = "run_cut"  # code (a `Code`), zone: the last run ended early
    HOLDING = "holding"  # zone: no rung can decide, no water is given


@dataclass(frozen=True, slots=True)
class Alert:
    """One open alert. `since` is when its cause was first seen."""

    code: AlertCode
    since: datetime
    zone: str | None = None
    values: dict[str, Value] = field(default_factory=dict)

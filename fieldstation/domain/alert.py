"""What a person should look at, as codes; the page turns each into a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fieldstation.domain.decision import Value


class Severity(StrEnum):
    """How much it matters, least first."""

    NOTE = "note"  # worth knowing; water goes on as well as before
    WARNING = "warning"  # something works less well, or will soon
    URGENT = "urgent"  # no water can be given, or water may be lost

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Severity).index(self)


class AlertCode(StrEnum):
    """The one list of alerts. One alert per cause, open until the cause is gone.

    `detail` is the cause in words, for the technician: English, at most 300 characters.
    """

    GUARD_SILENT = "guard_silent"  # detail: nobody listens, or nobody can read the answer
    CONTROLLER_SILENT = "controller_silent"  # detail, likewise; only the page can see it
    STOP_LATCHED = "stop_latched"  # by
    LATCHED = "latched"  # code (a `Code`), pump or zone: a person must look and resume
    LEDGER = "ledger"  # detail: the guard cannot keep its ledger, so there is no water
    TANK_LOW = "tank_low"  # pump: its float says so
    DEVICE_BAD = "device_bad"  # device (a meter, float, button or relay line of the guard), detail
    SENSOR_BAD = "sensor_bad"  # sensor, quality, detail
    NO_GOOD_PROBE = "no_good_probe"  # zone has no usable soil reading
    AIR_UNKNOWN = "air_unknown"
    PLANNER_FAILED = "planner_failed"  # code, detail
    LEARNING_FAILED = "learning_failed"  # code, detail: the model in charge stays
    RECORD_FAILED = "record_failed"  # code, detail: readings are not being kept
    RECORD_RESTORED = "record_restored"  # detail: a damaged record was set aside
    DISK_NEARLY_FULL = "disk_nearly_full"  # free_mb
    RESTARTED_OFTEN = "restarted_often"  # times, in the last hour
    CLOCK_UNTRUSTED = "clock_untrusted"
    WATER_REFUSED = "water_refused"  # code (a `Code`), zone: wanted, not given
    RUN_CUT = "run_cut"  # code (a `Code`), litres, zone: the last run ended early
    HOLDING = "holding"  # reason, zone: no rung can decide, no water is given

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return _SEVERITY.get(self, Severity.WARNING)


_SEVERITY = {
    AlertCode.GUARD_SILENT: Severity.URGENT,
    AlertCode.CONTROLLER_SILENT: Severity.URGENT,
    AlertCode.LATCHED: Severity.URGENT,
    AlertCode.LEDGER: Severity.URGENT,
    AlertCode.DEVICE_BAD: Severity.URGENT,
    AlertCode.RECORD_FAILED: Severity.URGENT,  # a decision that is not on record asks for no water
    AlertCode.HOLDING: Severity.URGENT,
    AlertCode.PLANNER_FAILED: Severity.NOTE,
    AlertCode.LEARNING_FAILED: Severity.NOTE,
    AlertCode.RECORD_RESTORED: Severity.NOTE,
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One cause, from its first sight (`since`) until it is gone (`ended_at`).

    `id` is its row on record, None while the record has not taken it. What people did with it
    and how it ended are no part of what it is: two with one cause and one first sight are equal.
    """

    code: AlertCode
    since: datetime
    zone: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    clock_trusted: bool = field(default=True, compare=False)  # of `since`
    id: int | None = field(default=None, compare=False)
    ended_at: datetime | None = field(default=None, compare=False)
    seen_at: datetime | None = field(default=None, compare=False)
    seen_by: str | None = field(default=None, compare=False)
    quiet_until: datetime | None = field(default=None, compare=False)  # snoozed

    def quiet(self, now: datetime) -> bool:
        """Whether somebody wants to hear nothing of it for now."""
        return self.quiet_until is not None and now < self.quiet_until


def subject(code: AlertCode, values: Mapping[str, Value]) -> str | None:
    """What makes two alerts of one code and zone two causes: the sensor, or pump and latch.

    >>> subject(AlertCode.SENSOR_BAD, {"sensor": "air", "quality": "stuck"})
    'air'
    >>> subject(AlertCode.LATCHED, {"pump": "main", "code": "leak"})
    'main leak'
    """
    if code is AlertCode.LATCHED:
        return f"{values.get('pump') or ''} {values.get('code')}".strip()
    found = values.get("sensor") or values.get("device") or values.get("pump")
    return None if found is None else str(found)

"""What people ask of a zone: pause, skip, a little less. An adjustment can only ask; every limit stands above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from fieldstation.binding import read
from fieldstation.domain.decision import Value
from fieldstation.domain.settings import Settings, SettingValue

ADJUSTMENT_FRACS = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""A little less or more: no other steps, so that nobody adjusts a zone to its bounds unawares."""
ADJUSTMENT_SETTINGS = (
    "automatic",
    "nudge_frac",
    "pause_until",
    "quiet_from",
    "quiet_until",
    "day_cap_mm",
    "skip_next",
    "skipped_at",
)
"""The settings of a zone that are adjustments."""
SKIP_HOLDS = timedelta(hours=18)
"""A used skip holds so long: past the evening's plan of the same day, not past the next morning's."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who asked, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Adjustments:
    """All that people ask of one zone, by the names of the settings it is kept under. The default asks nothing.

    `pause_until` is the first local day that may be watered again. Quiet hours are local and may span
    midnight; both ends or neither. `skipped_at` is when the last skip was used. `said` is by setting.
    """

    automatic: bool = True
    nudge_frac: float = 0.0
    pause_until: date | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    day_cap_mm: float | None = None
    skip_next: bool = False
    skipped_at: datetime | None = None
    said: Mapping[str, Said] = field(default_factory=dict)

    def by(self, name: str) -> str | None:
        """Who asked for this; None where nobody knows any more."""
        said = self.said.get(name)
        return None if said is None else said.by

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The quiet hours, from and until."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        return self.quiet_from, self.quiet_until

    def paused(self, today: date, *, trusted: bool) -> bool:
        """Whether a pause is in force. Without a clock to believe, one that was asked for holds: never more water."""
        return self.pause_until is not None and (not trusted or today < self.pause_until)

    def pause_over(self, today: date, *, trusted: bool) -> bool:
        """Whether a pause has ended by itself and may be forgotten."""
        return self.pause_until is not None and not self.paused(today, trusted=trusted)

    def held(self, today: date, *, trusted: bool) -> bool:
        """Whether nothing is watered whatever the field needs."""
        return not self.automatic or self.paused(today, trusted=trusted)

    def skipping(self, now: datetime) -> bool:
        """Whether a watering that is due now is skipped: asked for, or used so lately that it is still the same one.

        A clock set back to before its use ends a skip; nothing holds for ever by mistake.
        """
        if self.skip_next:
            return True
        return self.skipped_at is not None and timedelta(0) <= now - self.skipped_at < SKIP_HOLDS


def adjustments_of(settings: Settings, zone: str) -> Adjustments:
    """What people ask of a zone, of all that is set."""
    stored = {name: settings.lookup(name, zone) for name in ADJUSTMENT_SETTINGS}
    said = {name: Said(one.by, one.at) for name, one in stored.items() if one is not None}
    if not said:
        return UNASKED
    return replace(
        read(Adjustments, {name: settings.get(name, zone) for name in ADJUSTMENT_SETTINGS}), said=said
    )


UNASKED = Adjustments()
"""Nobody asks anything."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Settings of one zone that change together, and how the audit log tells it: `who` did `what`, with `details`.

    `by` is whose request it is; `who` is another one only for what ended by itself.
    """

    zone: str
    what: str
    by: str
    values: Mapping[str, SettingValue]
    details: Mapping[str, Value] = field(default_factory=dict)
    who: str | None = None

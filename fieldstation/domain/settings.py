"""What people may set while the station runs: names, kinds, bounds, defaults, and who may.

Pins, pumps and limits are not here: they live in station.toml, and a setting may only tighten them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Annotated, Any

from fieldstation.binding import BindingError, Bounds, plain, read_value
from fieldstation.binding.words import wanted
from fieldstation.domain.alert import Severity
from fieldstation.domain.people import Role
from fieldstation.domain.station import LANGUAGES

SettingValue = bool | float | str | tuple[str, ...] | None
"""What a setting may hold. Dates, times and instants are ISO texts, so that a value is its own JSON."""

TEXT_MAX = 500
TEXTS_MAX = 20
URL = r"https?://([^/?#\s]*@)?(\[[0-9a-fA-F:.]+\]|[^/?#@:\[\]\s]+)(:\d{1,5})?([/?#]\S*)?"
Text = Annotated[str, Bounds(min_len=1, max_len=TEXT_MAX)]


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One thing that may be set: its type, default and bounds. `per_zone`: of a zone, else of the station."""

    type: Any
    default: SettingValue = None
    bounds: Bounds = Bounds()
    per_zone: bool = False
    needs: Role = Role.FARMER
    secret: bool = False  # may carry a password: neither shown, nor told, nor in the audit log

    @property
    def none(self) -> bool:
        """Whether it may be unset."""
        return self.default is None

    def checked(self, value: object) -> SettingValue:
        """The value as it is kept. Raises ValueError with what it must be."""
        if value is None and self.none:
            return None
        try:
            found = plain(read_value(self.type, self.bounds, value))
        except BindingError:
            raise ValueError(f"must be {wanted(self.type, self.bounds)}") from None
        return tuple(found) if isinstance(found, list) else found


def _station(
    type: Any, default: SettingValue = None, *, technician: bool = True, secret: bool = False, **bounds: Any
) -> SettingSpec:
    return SettingSpec(
        type, default, Bounds(**bounds), needs=Role.TECHNICIAN if technician else Role.FARMER, secret=secret
    )


def _zone(type: Any, default: SettingValue = None, **bounds: Any) -> SettingSpec:
    return SettingSpec(type, default, Bounds(**bounds), per_zone=True)


SETTINGS: Mapping[str, SettingSpec] = MappingProxyType(
    {
        "language": _station(str, technician=False, choices=LANGUAGES),
        "units": _station(str, "metric", technician=False, choices=("metric", "us")),
        "viewer_sees": _station(bool, True),
        "stop_needs_login": _station(bool, False),
        "webhook_url": _station(
            str, secret=True, max_len=TEXT_MAX, pattern=URL, doc="an address such as https://example.org/hook"
        ),
        "webhook_secret": _station(Text, secret=True),
        "apprise_urls": _station(tuple[Text, ...], (), secret=True, max_len=TEXTS_MAX),
        "alerts_min": _station(Severity, "warning"),
        "automatic": _zone(bool, True),
        "nudge_frac": _zone(float, 0.0, ge=-0.2, le=0.2),
        "pause_until": _zone(date),
        "quiet_from": _zone(time),
        "quiet_until": _zone(time),
        "day_cap_mm": _zone(float, ge=0, le=100),
        "skip_next": _zone(bool, False),
        "skipped_at": _zone(datetime),
    }
)
"""Every setting by name. A new one is a line here."""


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """A value in force: what, who said so, when, and whether the clock could be believed then."""

    value: SettingValue
    by: str
    at: datetime
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is set now, by name and zone (None for the station's own); the rest has its default."""

    stored: Mapping[tuple[str, str | None], StoredSetting] = field(default_factory=dict)

    def get(self, name: str, zone: str | None = None) -> SettingValue:
        """The value in force. Raises KeyError for a name that no setting has."""
        spec = SETTINGS[name]
        found = self.stored.get((name, zone))
        return spec.default if found is None else found.value

    def lookup(self, name: str, zone: str | None = None) -> StoredSetting | None:
        """Who set it, or None while it is as it came."""
        return self.stored.get((name, zone))

    def on(self, name: str, zone: str | None = None) -> bool:
        """A yes-or-no setting."""
        return self.get(name, zone) is True

    def station(self) -> dict[str, SettingValue]:
        """Every setting of the station with its value, but for the secret ones."""
        return {
            name: self.get(name) for name, spec in SETTINGS.items() if not spec.per_zone and not spec.secret
        }

    def of(self, zone: str) -> dict[str, SettingValue]:
        """Every setting of a zone with its value."""
        return {name: self.get(name, zone) for name, spec in SETTINGS.items() if spec.per_zone}

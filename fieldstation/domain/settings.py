"""What people may set while the station runs: names, kinds, bounds, defaults, and who may.

Pins, pumps and limits are not here: they live in station.toml, and a setting may only tighten them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit

from fieldstation.domain.alert import Severity
from fieldstation.domain.people import Role

SettingValue = bool | float | str | tuple[str, ...] | None
"""What a setting may hold. Dates, times and instants are ISO texts, so that a value is its own JSON."""

TEXT_MAX = 500
TEXTS_MAX = 20


class Kind(StrEnum):
    """What a value must look like."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    NUMBER = "number"
    DATE = "date"  # YYYY-MM-DD
    CLOCK = "clock"  # HH:MM, local
    INSTANT = "instant"  # ISO 8601 with its zone
    URL = "url"  # http or https
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that may be set. `per_zone`: of a zone, else of the station. `none`: may be unset."""

    kind: Kind
    default: SettingValue = None
    per_zone: bool = False
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    needs: Role = Role.FARMER
    secret: bool = False  # may carry a password: neither shown, nor told, nor in the trail

    @property
    def none(self) -> bool:
        """Whether it may be unset."""
        return self.default is None

    def checked(self, value: object) -> SettingValue:
        """The value as it is kept. Raises ValueError with what it must be."""
        if value is None and self.none:
            return None
        return _CHECKS[self.kind](self, value)


WISHES: Mapping[str, Wish] = MappingProxyType(
    {
        "language": Wish(Kind.ONE_OF, choices=("en", "es", "fr", "hi", "ar")),
        "units": Wish(Kind.ONE_OF, "metric", choices=("metric", "us")),
        "viewer_sees": Wish(Kind.YES_NO, True, needs=Role.TECHNICIAN),
        "stop_needs_login": Wish(Kind.YES_NO, False, needs=Role.TECHNICIAN),
        "webhook_url": Wish(Kind.URL, needs=Role.TECHNICIAN, secret=True),
        "webhook_secret": Wish(Kind.TEXT, needs=Role.TECHNICIAN, secret=True),
        "apprise_urls": Wish(Kind.TEXTS, (), needs=Role.TECHNICIAN, secret=True),
        "alerts_min": Wish(Kind.ONE_OF, "warning", choices=tuple(Severity), needs=Role.TECHNICIAN),
        "automatic": Wish(Kind.YES_NO, True, per_zone=True),
        "nudge_frac": Wish(Kind.NUMBER, 0.0, per_zone=True, low=-0.2, high=0.2),
        "pause_until": Wish(Kind.DATE, per_zone=True),
        "quiet_from": Wish(Kind.CLOCK, per_zone=True),
        "quiet_until": Wish(Kind.CLOCK, per_zone=True),
        "day_cap_mm": Wish(Kind.NUMBER, per_zone=True, low=0, high=100),
        "skip_next": Wish(Kind.YES_NO, False, per_zone=True),
        "skipped_at": Wish(Kind.INSTANT, per_zone=True),
    }
)
"""Every setting by name. A new one is a line here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in force: what, who said so, when, and whether the clock could be believed then."""

    value: SettingValue
    by: str
    at: datetime
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is set now, by name and zone (None for the station's own); the rest has its default."""

    kept: Mapping[tuple[str, str | None], Kept] = field(default_factory=dict)

    def get(self, name: str, zone: str | None = None) -> SettingValue:
        """The value in force. Raises KeyError for a name that no setting has."""
        wish = WISHES[name]
        found = self.kept.get((name, zone))
        return wish.default if found is None else found.value

    def said(self, name: str, zone: str | None = None) -> Kept | None:
        """Who set it, or None while it is as it came."""
        return self.kept.get((name, zone))

    def on(self, name: str, zone: str | None = None) -> bool:
        """A yes-or-no setting."""
        return self.get(name, zone) is True

    def station(self) -> dict[str, SettingValue]:
        """Every setting of the station with its value, but for the secret ones."""
        return {
            name: self.get(name) for name, wish in WISHES.items() if not wish.per_zone and not wish.secret
        }

    def of(self, zone: str) -> dict[str, SettingValue]:
        """Every setting of a zone with its value."""
        return {name: self.get(name, zone) for name, wish in WISHES.items() if wish.per_zone}


def _yes_no(_: Wish, value: object) -> SettingValue:
    if value is True or value is False:
        return value
    raise ValueError("must be yes or no (true or false)")


def _one_of(wish: Wish, value: object) -> SettingValue:
    if value not in wish.choices:
        raise ValueError(f"must be one of {', '.join(wish.choices)}")
    return str(value)


def _number(wish: Wish, value: object) -> SettingValue:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("must be a number")
    if not wish.low <= value <= wish.high:
        raise ValueError(f"must lie in {wish.low:g} to {wish.high:g}")
    return float(value)


def _date(_: Wish, value: object) -> SettingValue:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2026-07-01") from None


def _clock(_: Wish, value: object) -> SettingValue:
    try:
        found = time.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("must be a time such as 21:30") from None
    if found.tzinfo is not None:
        raise ValueError("must be a local time such as 21:30")
    return found.strftime("%H:%M")


def _instant(_: Wish, value: object) -> SettingValue:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("must be an instant such as 2026-07-01T04:30:00Z") from None
    if found.tzinfo is None:
        raise ValueError("must be an instant with its zone, such as 2026-07-01T04:30:00Z")
    return found.isoformat()


def _url(_: Wish, value: object) -> SettingValue:
    text = _text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("must be an address such as https://example.org/hook") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(text) > TEXT_MAX:
        raise ValueError("must be an address such as https://example.org/hook")
    return text


def _one_text(_: Wish, value: object) -> SettingValue:
    text = _text(value)
    if not 0 < len(text) <= TEXT_MAX:
        raise ValueError(f"must be a text of 1 to {TEXT_MAX} letters")
    return text


def _texts(_: Wish, value: object) -> SettingValue:
    if not isinstance(value, list | tuple) or len(value) > TEXTS_MAX:
        raise ValueError(f"must be a list of at most {TEXTS_MAX} texts")
    if not all(isinstance(one, str) and 0 < len(one) <= TEXT_MAX for one in value):
        raise ValueError(f"must be texts of 1 to {TEXT_MAX} letters")
    return tuple(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("must be a text")


_CHECKS = {
    Kind.YES_NO: _yes_no,
    Kind.ONE_OF: _one_of,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CLOCK: _clock,
    Kind.INSTANT: _instant,
    Kind.URL: _url,
    Kind.TEXT: _one_text,
    Kind.TEXTS: _texts,
}

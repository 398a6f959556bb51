"""The hours in which a zone may be watered: its own, less the quiet ones that people asked for. Never wider."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from fieldstation.domain.adjustment import Adjustments
from fieldstation.domain.station import Zone
from fieldstation.policies.facts import ZoneFacts


def next_window(facts: ZoneFacts, at: datetime) -> datetime:
    """The first instant from `at` on at which the zone may be watered by its local hours.

    Where quiet hours leave no time at all, an instant of the zone's own hours; `open_minutes` tells that case.
    """
    quiet = facts.adjustments.quiet
    found = _opened(facts, at)
    local = found.astimezone(facts.timezone)
    if quiet is not None and within(local.time(), *quiet):
        # the end of the quiet hours, or the opening after it; quiet as well only where no time is left
        found = _opened(facts, _next(local, quiet[1]).astimezone(at.tzinfo))
    return found


def open_minutes(zone: Zone, adjustments: Adjustments) -> int:
    """How many minutes of a day the zone may be watered in."""
    quiet = adjustments.quiet
    minutes = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
    return sum(_open(zone, now) and not (quiet and within(now, *quiet)) for now in minutes)


def within(now: time, first: time, last: time) -> bool:
    """Whether a local time is in [first, last), which may span midnight; equal ends hold nothing.

    >>> within(time(23), time(22), time(6)), within(time(6), time(22), time(6)), within(time(12), time(9), time(9))
    (True, False, False)
    """
    return first <= now < last if first <= last else now >= first or now < last


def _open(zone: Zone, now: time) -> bool:
    return zone.water_from == zone.water_until or within(now, zone.water_from, zone.water_until)


def _opened(facts: ZoneFacts, at: datetime) -> datetime:
    local = at.astimezone(facts.timezone)
    if _open(facts.zone, local.time()):
        return at
    return _next(local, facts.zone.water_from).astimezone(at.tzinfo)


def _next(local: datetime, clock: time) -> datetime:
    """The next local instant that shows this time."""
    found = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)

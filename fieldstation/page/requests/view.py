"""What people ask of a zone, as sentences, and what the buttons beside them would ask for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo

from fieldstation.agronomy.application import run_s
from fieldstation.domain.adjustment import ADJUSTMENT_FRACS
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.zone import Adjustment, AdjustmentName, ManualWatering
from fieldstation.language.sentences import Words
from fieldstation.page.sources import StationSnapshot

MINUTES = (5, 10, 20)
PAUSES_DAYS = (1, 3, 7)
ENDS = {
    AdjustmentName.PAUSE: "resume",
    AdjustmentName.AUTOMATIC_OFF: "resume",
    AdjustmentName.SKIP: "unskip",
    AdjustmentName.SKIPPED: "unskip",
}
"""The button that takes an adjustment back; the others end by a new amount, or on the zone's own screen."""


@dataclass(frozen=True, slots=True)
class ActiveRequest:
    """One thing that somebody asks, in a sentence; `end` names the button that takes it back."""

    text: str
    since: str
    end: str | None


@dataclass(frozen=True, slots=True)
class Hand:
    """Water asked for by hand."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What `_requests.html` shows of a zone; `silent` while the controller says nothing. `less` and `more` are the next steps."""

    silent: bool
    requests: list[ActiveRequest] = field(default_factory=list)
    hand: Hand | None = None
    flowing: bool = False
    held: bool = False
    skips: bool = False
    less: float | None = None
    more: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it asks for, its words, whether that is so now, and what it comes to."""

    value: str | float
    word: str
    now: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class ZoneAsked:
    """What `requests.html` shows: every request with what it stands at; no pause ends before `first`."""

    zone: Zone
    asked_now: Asked
    fracs: list[Choice]
    pauses: list[Choice]
    first: str


@dataclass(frozen=True, slots=True)
class Water:
    """What `water.html` shows: how long it may be, or why not. `key` makes a second press harmless."""

    zone: Zone
    silent: bool
    flowing: bool
    stopped: bool
    left: str
    choices: list[Choice]
    key: str


def asked(zone: Zone, snapshot: StationSnapshot, words: Words) -> Asked:
    """What people ask of a zone now."""
    live = snapshot.zone(zone.id)
    if live is None:
        return Asked(silent=True)
    names = {one.name for one in live.adjustments}
    fracs = [float(one.value or 0.0) for one in live.adjustments if one.name is AdjustmentName.NUDGE]
    frac = fracs[0] if fracs else 0.0
    at = min(range(len(ADJUSTMENT_FRACS)), key=lambda n: abs(ADJUSTMENT_FRACS[n] - frac))
    return Asked(
        silent=False,
        requests=[_active_request(one, words) for one in live.adjustments],
        hand=_hand(live.manual_watering, words),
        flowing=live.run is not None,
        held=bool(names & {AdjustmentName.PAUSE, AdjustmentName.AUTOMATIC_OFF}),
        skips=bool(names & {AdjustmentName.SKIP, AdjustmentName.SKIPPED}),
        less=ADJUSTMENT_FRACS[at - 1] if at > 0 else None,
        more=ADJUSTMENT_FRACS[at + 1] if at + 1 < len(ADJUSTMENT_FRACS) else None,
    )


def zone_asked(zone: Zone, snapshot: StationSnapshot, words: Words, tz: tzinfo) -> ZoneAsked:
    """What may be asked of a zone."""
    set_now = snapshot.controller.settings.zones.get(zone.id, {}) if snapshot.controller else {}
    found = set_now.get("nudge_frac")
    frac = found if isinstance(found, float) else 0.0
    today = snapshot.now.astimezone(tz).date()
    days = [today + timedelta(days=days) for days in PAUSES_DAYS]
    return ZoneAsked(
        zone=zone,
        asked_now=asked(zone, snapshot, words),
        fracs=[Choice(one, amount(one, words), abs(one - frac) < 0.001) for one in ADJUSTMENT_FRACS],
        pauses=[Choice(on.isoformat(), words.date(on, weekday=True)) for on in days],
        first=(today + timedelta(days=1)).isoformat(),
    )


def water_view(zone: Zone, station: Station, snapshot: StationSnapshot, words: Words) -> Water:
    """The lengths to choose from: five minutes or more, within every limit."""
    live = snapshot.zone(zone.id)
    pump = station.pump(zone.pump)
    room_mm = live.room_mm if live else 0.0
    left_s = run_s(room_mm, zone.area_m2, pump.nominal_lpm)
    most_s = min(left_s, zone.limits.longest_run_s, pump.limits.longest_run_s)
    choices = []
    for n in MINUTES:
        if n * 60 <= most_s:
            litres = pump.nominal_lpm * n
            about = words.say("requests", "about", litres=litres, mm=litres / zone.area_m2)
            choices.append(Choice(n, words.minutes(n), about=about))
    begins = snapshot.controller.manual_key if snapshot.controller else ""
    return Water(
        zone=zone,
        silent=live is None,
        flowing=live is not None and live.run is not None,
        stopped=snapshot.stopped,
        left=words.say("requests", "left", mm=room_mm),
        choices=choices,
        key=f"{begins}.{secrets.token_hex(8)}",
    )


def amount(frac: float, words: Words) -> str:
    """A little less or more in words."""
    if not frac:
        return words.say("requests", "as_decided")
    return words.say("requests", "less_by" if frac < 0 else "more_by", frac=abs(frac))


def _active_request(one: Adjustment, words: Words) -> ActiveRequest:
    name, value = one.name, one.value
    code = f"said_{name}"
    values: dict[str, str | float] = {"by": one.by or words.say("requests", "somebody")}
    if name is AdjustmentName.PAUSE:
        values["until"] = words.date(date.fromisoformat(str(value)), weekday=True)
    elif name is AdjustmentName.NUDGE:
        frac = float(value or 0.0)
        code = "said_less" if frac < 0 else "said_more"
        values["frac"] = abs(frac)
    elif name is AdjustmentName.QUIET:
        values["from"], values["until"] = str(value).split("/")
    elif name is AdjustmentName.DAY_CAP:
        values["mm"] = float(value or 0.0)
    since = words.say("requests", "since", when=words.when(one.since)) if one.since else ""
    return ActiveRequest(words.say("requests", code, **values), since, ENDS.get(name))


def _hand(hand: ManualWatering | None, words: Words) -> Hand | None:
    if hand is None:
        return None
    code = hand.code or ""
    why = words.say("refused" if words.knows("refused", code) else "code", code) if code else ""
    text = words.say("requests", f"hand_{hand.state}", by=hand.by, why=why.rstrip(".।"))
    return Hand(hand.state.value, text)

"""What people ask of a zone, as sentences, and what the buttons beside them would ask for."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from typing import Any

from fieldstation.agronomy.application import run_s
from fieldstation.domain.nudge import NUDGE_FRACS
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.zone import Adjustment, AdjustmentName, ManualWatering
from fieldstation.language.sentences import Words
from fieldstation.page.sources import Picture

MINUTES = (5, 10, 20)
PAUSES_DAYS = (1, 3, 7)
ENDS = {
    AdjustmentName.PAUSE: "resume",
    AdjustmentName.AUTOMATIC_OFF: "resume",
    AdjustmentName.SKIP: "unskip",
    AdjustmentName.SKIPPED: "unskip",
}
"""The button that takes a nudge back; the others end by a new amount, or on the zone's own screen."""


def nudges_view(zone: Zone, picture: Picture, words: Words) -> dict[str, Any]:
    """What `_nudges.html` shows of a zone; `silent` while the controller says nothing."""
    live = picture.zone(zone.id)
    if live is None:
        return {"silent": True, "wishes": [], "hand": None, "flowing": False, "less": None, "more": None}
    asked = live.adjustments
    names = {one.name for one in asked}
    frac = next((float(one.value or 0.0) for one in asked if one.name is AdjustmentName.NUDGE), 0.0)
    at = min(range(len(NUDGE_FRACS)), key=lambda n: abs(NUDGE_FRACS[n] - frac))
    return {
        "silent": False,
        "wishes": [_asked(one, words) for one in asked],
        "hand": _hand(live.manual_watering, words),
        "flowing": live.run is not None,
        "held": bool(names & {AdjustmentName.PAUSE, AdjustmentName.AUTOMATIC_OFF}),
        "skips": bool(names & {AdjustmentName.SKIP, AdjustmentName.SKIPPED}),
        "less": NUDGE_FRACS[at - 1] if at > 0 else None,
        "more": NUDGE_FRACS[at + 1] if at + 1 < len(NUDGE_FRACS) else None,
    }


def zone_nudges_view(zone: Zone, picture: Picture, words: Words, tz: tzinfo) -> dict[str, Any]:
    """What `nudges.html` shows: every wish with what it stands at."""
    view = nudges_view(zone, picture, words)
    set_now = picture.controller.settings.zones.get(zone.id, {}) if picture.controller else {}
    found = set_now.get("nudge_frac")
    frac = found if isinstance(found, float) else 0.0
    today = picture.now.astimezone(tz).date()
    return {
        **view,
        "zone": {"id": zone.id, "name": zone.name},
        "fracs": [
            {"value": one, "word": amount(one, words), "now": abs(one - frac) < 0.001} for one in NUDGE_FRACS
        ],
        "pauses": [_day(today + timedelta(days=days), words) for days in PAUSES_DAYS],
        "first": (today + timedelta(days=1)).isoformat(),
    }


def water_view(zone: Zone, station: Station, picture: Picture, words: Words) -> dict[str, Any]:
    """What `water.html` shows: how long it may be, or why not."""
    live = picture.zone(zone.id)
    pump = station.pump(zone.pump)
    room_mm = live.room_mm if live else 0.0
    left_s = run_s(room_mm, zone.area_m2, pump.nominal_lpm)
    most_s = min(left_s, zone.limits.longest_run_s, pump.limits.longest_run_s)
    choices = [
        {
            "minutes": n,
            "word": words.minutes(n),
            "about": words.say(
                "nudges", "about", litres=pump.nominal_lpm * n, mm=pump.nominal_lpm * n / zone.area_m2
            ),
        }
        for n in MINUTES
        if n * 60 <= most_s
    ]
    return {
        "zone": {"id": zone.id, "name": zone.name},
        "silent": live is None,
        "flowing": live is not None and live.run is not None,
        "stopped": picture.stopped,
        "left": words.say("nudges", "left", mm=room_mm),
        "choices": choices,
        "hand": _hand(live.manual_watering if live else None, words),
        "mark": picture.controller.manual_key if picture.controller else "",
    }


def amount(frac: float, words: Words) -> str:
    """A little less or more in words."""
    if not frac:
        return words.say("nudges", "as_decided")
    return words.say("nudges", "less_by" if frac < 0 else "more_by", frac=abs(frac))


def _day(on: date, words: Words) -> dict[str, str]:
    return {"value": on.isoformat(), "word": words.date(on, weekday=True)}


def _asked(one: Adjustment, words: Words) -> dict[str, Any]:
    name, value = one.name, one.value
    code = f"said_{name}"
    values: dict[str, str | float] = {"by": one.by or words.say("nudges", "somebody")}
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
    since = words.when(one.since) if one.since else ""
    return {
        "name": name,
        "text": words.say("nudges", code, **values),
        "since": words.say("nudges", "since", when=since) if since else "",
        "end": ENDS.get(name),
    }


def _hand(hand: ManualWatering | None, words: Words) -> dict[str, Any] | None:
    if hand is None:
        return None
    code = hand.code or ""
    why = words.say("refused" if words.knows("refused", code) else "code", code) if code else ""
    text = words.say("nudges", f"hand_{hand.state}", by=hand.by, why=why.rstrip(".।"))
    return {"state": hand.state.value, "text": text}

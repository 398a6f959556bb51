"""What every screen has: the station's name, what is wrong, whether water runs, STOP."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.station import Station
from fieldstation.page.gather import Picture
from fieldstation.page.sentences import Words
from fieldstation.page.status import controller_alive, status


def frame(station: Station, picture: Picture, words: Words) -> dict[str, Any]:
    """What `frame.html` shows around a screen."""
    names = {zone.id: zone.name for zone in station.zones}
    return {
        "name": station.name,
        "as_of": words("as_of", time=words.clock(picture.now, seconds=True)),
        "alerts": _alerts(status(station, picture)["alerts"], words, names),
        "bar": _bar(picture, words, names),
        "banner": _banner(picture, words),
        "running": bool((picture.guard or {}).get("runs")),
    }


def _alerts(alerts: list[dict[str, Any]], words: Words, names: dict[str, str]) -> list[str]:
    found = []
    for alert in alerts:
        values = dict(alert["values"])
        if "code" in values:
            group = "why" if alert["code"] in {"planner_failed", "learning_failed"} else "code"
            values["code"] = words.say(group, str(values["code"]))
        if "quality" in values:
            values["quality"] = words.say("quality", str(values["quality"]))
        zone = alert["zone"]
        values["zone"] = names.get(zone, zone) if zone else values.get("pump") or ""
        found.append(words.say("alert", alert["code"], **values).strip())
    return found


def _bar(picture: Picture, words: Words, names: dict[str, str]) -> dict[str, Any]:
    guard = picture.guard
    if guard is None:
        return {"state": "unknown", "text": words("stop_unknown"), "resume": False}
    if guard.get("stop_latched"):
        return {"state": "stopped", "text": words("stopped"), "resume": True}
    runs = guard.get("runs") or []
    latched = bool(guard.get("latches"))
    if runs:
        run = runs[0]
        text = words(
            "running", zone=names.get(run["zone"], run["zone"]), minutes_on=round(run["on_s"] / 60),
            minutes=words.minutes(run["planned_s"] / 60), litres=run["litres"],
        )  # fmt: skip
        return {"state": "running", "text": text, "resume": latched}
    if any(line["on"] is not False for line in guard.get("lines", {}).values()):
        return {"state": "unknown", "text": words("stop_running"), "resume": latched}
    return {"state": "quiet", "text": words("stop_quiet"), "resume": latched}


def _banner(picture: Picture, words: Words) -> str | None:
    if picture.guard is None:
        return words("guard_silent_head")
    if not controller_alive(picture):
        return words("controller_silent")
    return None

"""An alert in the reader's words: what it is, what it means for watering, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from fieldstation.domain.decision import Value
from fieldstation.language.sentences import Words


class Described(Protocol):
    """What is needed of an alert: open, solved, or told in a message."""

    @property
    def code(self) -> str | None:
        """An AlertCode, or one of an older release."""

    @property
    def zone(self) -> str | None:
        """Its zone's id."""

    @property
    def values(self) -> Mapping[str, Value]:
        """What fills its sentence."""


_OWN_CODES = {"planner_failed", "learning_failed", "record_failed"}
"""Their `code` is a word of the station's own, not one of the guard's reasons."""
_OWN_STEPS = _OWN_CODES - {"record_failed"}
"""What to do is the same whatever their `code`."""


def what(alert: Described, words: Words, names: Mapping[str, str]) -> str:
    """The alert as a sentence; `names` are of the zones."""
    values: dict[str, Any] = dict(alert.values)
    if "code" in values:
        group = "why" if alert.code in _OWN_CODES else "code"
        values["code"] = words.say(group, str(values["code"]))
    if "quality" in values:
        values["quality"] = words.say("quality", str(values["quality"]))
    zone = alert.zone
    values["zone"] = names.get(zone, zone) if zone else values.get("pump") or ""
    return words.say("alert", alert.code or "", **values).strip()


def detail(alert: Described) -> str:
    """The cause as devices and libraries told it, in English, for the technician; empty where there is none."""
    return str(alert.values.get("detail") or "")


def effect(alert: Described, words: Words) -> str:
    """What it means for watering."""
    return words.say("alerts_effect", alert.code or "")


def steps(alert: Described, words: Words) -> list[str]:
    """What to do, in order: for its own cause where that has steps, else for the alert."""
    code, cause = alert.code or "", str(alert.values.get("code"))
    by_cause = code not in _OWN_STEPS and words.knows("alerts_cause", cause)
    text = words.say("alerts_cause", cause) if by_cause else words.say("alerts_steps", code)
    return [line for line in text.splitlines() if line.strip()]

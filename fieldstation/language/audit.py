"""What people did, from the audit log's codes and values to the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fieldstation.domain.decision import Value
from fieldstation.domain.settings import SETTINGS
from fieldstation.language.sentences import LANGUAGES, Words


def describe_audit_entry(what: str, values: Mapping[str, Value], words: Words) -> str:
    """What someone did, to stand after a name: `gave Ben a role: Farmer`."""
    shown: dict[str, Any] = dict(values)
    if "role" in shown:
        shown["role"] = words.say("role", str(shown["role"]))
    for name, group in (("kind", "calibration"), ("step", "step"), ("outcome", "outcome")):
        if name in shown:
            shown[name] = words.say(group, str(shown[name]))
    for name in ("until", "on"):
        if name in shown:
            shown[name] = _day(str(shown[name]), words)
    if isinstance(shown.get("frac"), float):
        shown["frac"] = ("+" if shown["frac"] > 0 else "") + words.percent(shown["frac"])
    if what == "setting":
        name = str(shown.get("name"))
        shown = {"name": words.say("setting", name), "value": _value(name, shown.get("value"), words)}
    return words.say("audit", what, **shown)


def _value(name: str, value: Any, words: Words) -> str:
    """A setting's value as a person reads it; a secret is not kept."""
    if name in SETTINGS and SETTINGS[name].secret:  # the audit log does not keep it
        return words.say("setting", "value_hidden")
    if value is None or value == "":
        return words.say("setting", "value_none")
    if isinstance(value, int | float):
        return (
            words.depth(value)
            if name.endswith("_mm")
            else words.percent(value)
            if name.endswith("_frac")
            else words.number(value, 0)
        )
    if name == "language":
        return LANGUAGES.get(str(value), str(value))
    if words.knows("setting", f"value_{value}"):
        return words.say("setting", f"value_{value}")
    return _day(str(value), words)


def _day(text: str, words: Words) -> str:
    try:
        return words.date(date.fromisoformat(text))
    except ValueError:
        return text

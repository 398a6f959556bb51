"""`fieldstation field ...`: orders to a running simulated field."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.errors import ConfigError, PeerSilent, Problem
from fieldstation.simulation.faults import Fault
from fieldstation.wire.client import call
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

USAGE = (
    "fault NAME [TARGET] | clear [NAME [TARGET]] | state | wet ZONE | rain | press | let_go"
    " | kernel release|persist | advance SECONDS"
)
DEADLINE_S = 10.0  # a month's advance takes a moment


def order(places: Places, action: str, *words: str) -> dict[str, Any]:
    """Do one action and give the field's state after it, as `USAGE` says.

    A fault's name alone is an action too: `unplug north_soil`. Raises ConfigError for what
    the field does not know, with what it knows; PeerSilent when no field runs.
    """
    try:
        answer = call(places.field_socket, _message(action, words), DEADLINE_S)
    except PeerSilent as error:
        raise PeerSilent(f"{error}; start it with `fieldstation demo` or `fieldstation run`") from error
    if "error" in answer:
        raise ConfigError([Problem(f"field {action}", str(answer["error"]), f"usage: field {USAGE}")])
    return answer


def _message(action: str, words: tuple[str, ...]) -> Message:
    if action in {fault.value for fault in Fault}:
        action, words = "fault", (action, *words)
    if action == "rain":
        action, words = "fault", (Fault.RAIN_NOW.value, *words)
    first, second = (*words, None, None)[:2]
    if len(words) > (2 if action in ("fault", "clear") else 1):
        raise ConfigError(
            [Problem(f"field {action}", f"too many words: {' '.join(words)}", f"usage: {USAGE}")]
        )
    if action in ("fault", "clear"):
        return {"do": action, "name": first, "target": second}
    if action == "wet":
        return {"do": "wet", "zone": first}
    if action == "kernel":
        return {"do": "kernel", "policy": first}
    if action in ("press", "let_go"):
        return {"do": "press", "pressed": action == "press"}
    if action == "advance":
        return {"do": "advance", "seconds": _number(first)}
    if action == "state":
        return {"do": "state"}
    raise ConfigError([Problem("field", f"{action!r} is not known", f"usage: {USAGE}")])


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None

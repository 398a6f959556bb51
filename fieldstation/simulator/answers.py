"""What the field answers to one message of one owner: pins first, then orders for the world."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from fieldstation.domain.errors import ConfigError
from fieldstation.drivers.pins.backend import Place
from fieldstation.simulation.world import World
from fieldstation.simulator.board import KERNELS, Board, Owner, PinError
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.line import Message

LONGEST_ADVANCE_S = 31 * 86400.0
MOST_BYTES = 256  # of one exchange with a chip


class Answers:
    """Never raises for a bad message: the answer is then `{"error": ...}`."""

    def __init__(self, world: World, wiring: Wiring, board: Board, *, manual: bool) -> None:
        self._world, self._wiring, self._board = world, wiring, board
        self._manual = manual
        self._pin_orders: dict[str, Callable[[Owner, Message], None]] = {
            "claim_output": lambda owner, m: board.claim_output(owner, _whole(m, "pin"), _whole(m, "level")),
            "claim_input": lambda owner, m: board.claim_input(owner, _whole(m, "pin"), _word(m, "pull")),
            "free": lambda owner, m: board.free(owner, _whole(m, "pin")),
            "write": lambda owner, m: board.write(owner, _whole(m, "pin"), _whole(m, "level")),
        }
        self._world_orders: dict[str, Callable[[Message], None]] = {
            "fault": lambda m: world.fault(_word(m, "name"), m.get("target")),
            "clear": lambda m: world.clear(m.get("name"), m.get("target")),
            "wet": lambda m: world.wet(_word(m, "zone")),
            "press": self._press,
            "kernel": self._kernel,
            "advance": self._advance,
            "state": lambda _: None,
        }

    def answer(self, owner: Owner, message: Message) -> Message:
        """The answer to one message; the world has been moved to now."""
        try:
            return self._answer(owner, message)
        except (PinError, ConfigError) as error:
            return {"error": str(error)}

    def _answer(self, owner: Owner, message: Message) -> Message:
        do = message.get("do")
        if do == "read":
            return {"level": self._board.read(_whole(message, "pin"))}
        if do == "chip":
            count = min(_whole(message, "count"), MOST_BYTES)
            return {"bytes": list(self._wiring.exchange(_place(message), _sent(message), count))}
        if do == "pulses":
            train = self._wiring.pulse_train(_whole(message, "pin"), _whole(message, "trigger_us"))
            return {"widths": train}
        if do == "hello":
            owner.name = _word(message, "process")[:40]
            return {"ok": True}
        if isinstance(do, str) and do in self._pin_orders:
            self._pin_orders[do](owner, message)
            return {"ok": True}
        if isinstance(do, str) and do in self._world_orders:
            self._world_orders[do](message)
            return self._state()
        known = ", ".join(
            ["hello", "read", "chip", "pulses", "watch", *self._pin_orders, *self._world_orders]
        )
        raise PinError(f"unknown order {do!r}; known: {known}")

    def _press(self, message: Message) -> None:
        self._wiring.pressed = bool(message.get("pressed", True))

    def _kernel(self, message: Message) -> None:
        policy = _word(message, "policy")
        if policy not in KERNELS:
            raise PinError(f"no kernel policy {policy!r}; choose release or persist")
        self._board.kernel = policy

    def _advance(self, message: Message) -> None:
        seconds = message.get("seconds")
        if not self._manual:
            raise PinError("this field lives in real time and cannot be advanced")
        if type(seconds) not in (int, float) or not 0 <= float(seconds or 0) <= LONGEST_ADVANCE_S:
            raise PinError(f"seconds must be a number from 0 to {LONGEST_ADVANCE_S:g}")
        self._world.step(float(seconds or 0))

    def _state(self) -> Message:
        names = list(self._world.behind)
        return {
            "ok": True,
            "kernel": self._board.kernel,
            "lines": {name: self._world.line(name) for name in names},
            "pins": self._board.holders(),
            "tips_waiting": self._wiring.waiting,
            **self._world.truth(),
        }


def _whole(message: Message, key: str) -> int:
    value: Any = message.get(key)
    if type(value) is not int or not math.isfinite(value):
        raise PinError(f"{key} must be a whole number, not {value!r}")
    return int(value)


def _place(message: Message) -> Place:
    at = message.get("at")
    if not isinstance(at, list) or not 2 <= len(at) <= 3 or not all(type(part) in (str, int) for part in at):
        raise PinError(f"at must be a place such as ['i2c', 1, 68], not {at!r}")
    return tuple(at)


def _sent(message: Message) -> bytes:
    sent = message.get("send")
    if not isinstance(sent, list) or not all(type(w) is int and 0 <= w <= 255 for w in sent[:MOST_BYTES]):
        raise PinError("send must be bytes")
    return bytes(sent[:MOST_BYTES])


def _word(message: Message, key: str) -> str:
    value = message.get(key)
    if not isinstance(value, str):
        raise PinError(f"{key} must be a text, not {value!r}")
    return value

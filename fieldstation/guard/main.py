"""The guard's process: ten looks a second, questions in between, lines off on every way out."""

from __future__ import annotations

import gc
import time
from collections import deque

from fieldstation import log
from fieldstation.domain.station import Station
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.guard.engine import Engine
from fieldstation.guard.inputs import DeviceInputs
from fieldstation.guard.ledger import FileLedger, new_ledger
from fieldstation.guard.lines import RelayLines, relays_of
from fieldstation.guard.notify import notify
from fieldstation.safety.budgets import spent_everywhere
from fieldstation.safety.memory import Memory
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.ending import end_signals
from fieldstation.wire.line import Message
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places
from fieldstation.wire.serve import Server
from fieldstation.wire.unix import listen

TICK_S = 0.1
ALIVE_EVERY_S = 2.0


class Lateness:
    """How late ticks come, over the last minutes."""

    def __init__(self) -> None:
        self._late_s: deque[float] = deque(maxlen=3000)

    def add(self, late_s: float) -> None:
        """Note one tick."""
        self._late_s.append(late_s)

    def p99_s(self) -> float:
        """The 99th percentile in seconds; 0 before the first tick."""
        if not self._late_s:
            return 0.0
        ranked = sorted(self._late_s)
        return ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]


def main(station: Station, places: Places) -> int:
    """Run until SIGTERM or SIGINT. Returns 0 when every line was read back off. Raises StationError."""
    log.start("guard")
    lock = Lock(places.sockets / "guard.lock")
    stopping = end_signals()
    clock = SystemClock()
    pins = open_pins(station.pins, places.field_socket, "guard")
    lines = RelayLines(station, pins, clock)
    inputs = DeviceInputs(station, pins, clock)
    ledger = FileLedger(places.ledger)
    engine = Engine(station, ledger, lines, inputs, clock)
    if not engine.machine.ledger_ok:
        log.error(
            "no_ledger", detail=engine.ledger_words, so="no water", do="fieldstation guard --new-ledger"
        )
    late = Lateness()

    def answer(message: Message) -> Message:
        found = engine.handle(message)
        if message.get("verb") == "status":
            found["tick_late_p99_s"] = round(late.p99_s(), 4)
        return found

    off = False
    try:
        server = Server(listen(places.guard_socket), answer)
        gc.collect()
        gc.freeze()  # what exists now stays: later collections have little to look at
        engine.tick()
        notify("READY=1")
        log.info("ready", lines=len(relays_of(station)))
        _loop(engine, server, late, stopping)
        server.close()
    finally:
        off = engine.close()
        inputs.close()
        lines.close()
        pins.close()
        ledger.close()
        lock.close()
        (log.info if off else log.error)("stopped", every_line_off=off)
    return 0 if off else 1


def _loop(engine: Engine, server: Server, late: Lateness, stopping: list[int]) -> None:
    due_s = time.monotonic()
    alive_s = 0.0
    while not stopping:
        due_s += TICK_S
        server.serve_for(due_s - time.monotonic())
        now_s = time.monotonic()
        late.add(max(0.0, now_s - due_s))
        engine.tick()
        if now_s - alive_s >= ALIVE_EVERY_S:
            notify("WATCHDOG=1")  # only a tick that came to its end says so
            alive_s = now_s
        if now_s - due_s > TICK_S:
            due_s = now_s  # after a stall, do not hurry through the missed ticks


def start_ledger(station: Station, places: Places, *, first: bool) -> str:
    """Start a new ledger by a person's hand; what was done, as a sentence. Raises StationError.

    `first` is for an installation that has never watered: no ledger and no record may
    exist. Any other new ledger begins with today's budgets spent, because nobody knows
    what was given already.
    """
    lock = Lock(places.sockets / "guard.lock")
    try:
        if first and not places.ledger.exists() and not places.record.exists():
            new_ledger(places.ledger, Memory().as_dict())
            return f"{places.ledger}: first ledger started; nothing has been given today"
        aside = new_ledger(places.ledger, spent_everywhere(station).as_dict())
        kept = f" (the old one is kept as {aside.name})" if aside else ""
        return f"{places.ledger}: new ledger started with today's water counted as given{kept}"
    finally:
        lock.close()

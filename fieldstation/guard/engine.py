"""The machine at work: questions in, ledger before relays, lines driven and read back.

One thread, no waiting of its own; `main` gives it ticks and messages in real time,
`season` on a virtual clock.
"""

from __future__ import annotations

import uuid
from contextlib import suppress

from fieldstation.binding import plain
from fieldstation.domain.clock import Clock
from fieldstation.domain.decision import Value
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.run import Code
from fieldstation.domain.station import Pump, Station
from fieldstation.domain.status.guard import (
    GuardStatus,
    LatchStatus,
    LeaseAnswer,
    LineStatus,
    PumpStatus,
    ResumeAnswer,
    RunStatus,
    StopAnswer,
)
from fieldstation.guard.journal import Journal
from fieldstation.guard.ledger import LedgerError
from fieldstation.guard.ports import GuardInputs, Ledger, Lines
from fieldstation.safety.budgets import budgets, spent_everywhere
from fieldstation.safety.machine import LEASE_S, Machine
from fieldstation.safety.memory import Memory, memory_from
from fieldstation.safety.moment import Inputs, Moment
from fieldstation.safety.runs import Ask, RunState
from fieldstation.wire.line import Message

CHECKPOINT_S = 300.0
"""While water runs. A lost checkpoint costs nobody water: a cut run counts as if it had run to its limit."""
RETRY_SAVE_S = 5.0


class Engine:
    """Owns the machine and its doors."""

    def __init__(
        self, station: Station, ledger: Ledger, lines: Lines, inputs: GuardInputs, clock: Clock
    ) -> None:
        self._station = station
        self._ledger = ledger
        self._lines = lines
        self._inputs = inputs
        self._clock = clock
        self._driven: dict[str, bool] = {}
        self._on_since: dict[str, float] = {}
        self._saved_s = float("-inf")
        self._read_inputs = Inputs()
        self.boot_id = str(uuid.uuid4())
        self.ledger_words = ""
        moment = self._moment()
        memory, readable = self._load(ledger)
        self.machine = Machine(station, memory, moment, ledger_ok=readable)
        self._journal = Journal(self.machine)
        self._readable = readable
        self._drive()
        if readable:
            self._save(moment.mono_s)

    # -- time -----------------------------------------------------------------------------

    def tick(self) -> None:
        """Read every input and line, let the machine judge, drive, and keep the memory."""
        moment = self._moment()
        look = self._inputs.read_inputs(moment.mono_s)
        self._read_inputs = Inputs(
            look.pumps, look.stop_button, {name: self._read(name) for name in self._driven}
        )
        self.machine.tick(self._read_inputs, moment)
        self._drive()
        self._save_if_due(moment.mono_s)
        self._journal.look(self.machine, self.faults, self.ledger_words)

    @property
    def faults(self) -> dict[str, str]:
        """Why devices of the guard do not answer, by their ids."""
        return {**self._inputs.faults, **self._lines.faults}

    @property
    def busy(self) -> bool:
        """Whether every second counts."""
        return self.machine.busy

    def close(self) -> bool:
        """Every line off, read back; whether all of them are. Open runs are closed as interrupted later."""
        moment = self._moment()
        for run_id in list(self.machine.runs):
            self.machine.end(run_id, moment)
        off = True
        for name in self.machine.lines():
            self._drive_one(name, on=False)
        for name in self._driven:
            off = off and self._read(name) is False
        self.machine.dirty = True
        self._save(moment.mono_s)
        return off

    # -- questions ------------------------------------------------------------------------

    def handle(self, message: Message) -> Message:
        """Answer one question. Anything malformed is answered, never raised."""
        command = message.get("verb")
        if command == "stop":
            return _plain(self._stop(str(message.get("by", "unknown"))[:40]))
        try:
            if command == "status":
                return _plain(self.status())
            if command == "start":
                return _plain(self._start(message))
            if command == "renew":
                return _plain(self._renew(message))
            if command == "end":
                self.machine.end(str(message["id"]), self._moment())
                self._drive()
                return {"ended": True}
            if command == "resume":
                return _plain(self._resume())
        except (KeyError, TypeError, ValueError) as error:
            return {"error": f"malformed {command}: {error!r}"}
        return {"error": f"unknown command {command!r}; known: status, start, renew, end, stop, resume"}

    def _stop(self, by: str) -> StopAnswer:
        moment = self._moment()
        self.machine.stop(by, moment)
        self._drive()  # the lines first, the latch after
        lines = self._lines_now(moment.mono_s)
        if self.machine.dirty:  # a repeated STOP has nothing new to keep
            self._save(moment.mono_s)
        self._journal.stopped(by)
        return StopAnswer(all(line.on is False for line in lines.values()), lines)

    def _resume(self) -> ResumeAnswer:
        moment = self._moment()
        no = self.machine.resume(moment)
        if no is None and not self._save(moment.mono_s):
            self.machine.unresume()
            no = Code.LEDGER
        return ResumeAnswer(no is None, no)

    def _start(self, message: Message) -> LeaseAnswer:
        moment = self._moment()
        ask = Ask(
            id=str(message["id"])[:64],
            zone=str(message["zone"]),
            origin="manual" if message.get("origin") == "manual" else "auto",
            max_s=_number(message["max_s"]),
            max_l=None if message.get("max_l") is None else _number(message["max_l"]),
            air_t_c=_maybe(message.get("air_t_c")),
            air_age_s=_maybe(message.get("air_t_age_s")),
        )
        no = self.machine.start(ask, moment)
        if no is None:
            if self._save(moment.mono_s):
                self.machine.confirm(ask.id, moment)
                self._drive()
                return LeaseAnswer(True, LEASE_S)
            self.machine.withdraw(ask.id)
            return LeaseAnswer(False, reason=Code.LEDGER)
        self._drive()
        self._journal.refused(ask.zone, no.code)
        wait: dict[str, Value] = {} if no.wait_s is None else {"wait_s": round(no.wait_s, 1)}
        return LeaseAnswer(False, reason=no.code, values=wait)

    def _renew(self, message: Message) -> LeaseAnswer:
        moment = self._moment()
        run_id = str(message["id"])
        air_t_c, age_s = _maybe(message.get("air_t_c")), _maybe(message.get("air_t_age_s"))
        if self.machine.renew(run_id, air_t_c, age_s, moment):
            run = self.machine.runs[run_id]
            return LeaseAnswer(True, LEASE_S, round(run.kept.litres, 2), round(run.kept.on_s, 1), run.phase)
        self._drive()
        ended = [run for run in self.machine.memory.closed if run.id == run_id]
        reason = ended[-1].stop_reason if ended else Code.BAD_REQUEST
        closing = self.machine.runs.get(run_id)
        if closing is not None and closing.ending is not None:
            reason = closing.ending
        return LeaseAnswer(False, reason=reason)

    def status(self) -> GuardStatus:
        """Everything the guard knows of now."""
        moment = self._moment()
        machine, memory = self.machine, self.machine.memory
        return GuardStatus(
            alive=True,
            boot_id=self.boot_id,
            stop_latched=memory.stopped_by is not None,
            latched_by=memory.stopped_by,
            stops=machine.stops,
            lines=self._lines_now(moment.mono_s),
            inputs={pump.id: self._pump(pump) for pump in self._station.pumps},
            stop_button=self._read_inputs.stop_button,
            ledger_ok=machine.ledger_ok,
            latches=tuple(
                LatchStatus(latch.code, latch.pump, latch.zone, round(memory.t_s - latch.since_s))
                for latch in memory.latches
            ),
            runs=tuple(self._run(run, moment) for run in machine.runs.values()),
            closed=tuple(memory.closed),
            budgets=budgets(self._station, memory),
            faults=self.faults,
            ledger_detail=self.ledger_words,
        )

    def _pump(self, pump: Pump) -> PumpStatus:
        look = self._read_inputs.pumps.get(pump.id)
        flow_lpm = _round(self.machine.flow_lpm(pump.id)) if pump.flow else None
        return PumpStatus(flow_lpm, look.tank_ok if look else None)

    def _run(self, run: RunState, moment: Moment) -> RunStatus:
        kept, left_s = run.kept, self._lease_left_s(run.renewed_mono_s, moment)
        return RunStatus(
            kept.id,
            kept.seq,
            kept.zone,
            kept.origin,
            kept.started_at,
            kept.planned_s,
            round(kept.on_s, 1),
            round(kept.litres, 2),
            run.phase,
            left_s,
        )

    def _lines_now(self, mono_s: float) -> dict[str, LineStatus]:
        leases = {}
        for run in self.machine.runs.values():
            left_s = self._lease_left_s(run.renewed_mono_s, self._moment())
            leases[f"pump:{run.kept.pump}"] = leases[f"valve:{run.kept.zone}"] = left_s
        lines = {}
        for name in self._driven:
            on, since_s = self._read(name), self._on_since.get(name)
            for_s = round(mono_s - since_s, 1) if on and since_s is not None else None
            lines[name] = LineStatus(on, for_s, leases.get(name) if on else None)
        return lines

    def _lease_left_s(self, renewed_mono_s: float, moment: Moment) -> float:
        return round(max(0.0, LEASE_S - (moment.mono_s - renewed_mono_s)), 1)

    # -- doors ----------------------------------------------------------------------------

    def _moment(self) -> Moment:
        return Moment(self._clock.mono_s(), self._clock.now(), self._clock.trusted())

    def _drive(self) -> None:
        """Offs before ons, pumps before valves: no instant has a pump on against shut valves."""
        wanted = self.machine.lines()
        if wanted == self._driven == self._read_inputs.lines:
            return
        changed = [name for name, on in wanted.items() if self._driven.get(name) is not on]
        for name in sorted(changed, key=lambda name: wanted[name]):
            self._drive_one(name, on=wanted[name])
        for name, on in wanted.items():  # a line that did not obey is told again
            if not on and name not in changed and self._read_inputs.lines.get(name) is not False:
                self._drive_one(name, on=False)

    def _drive_one(self, name: str, *, on: bool) -> None:
        with suppress(DeviceError):  # `faults` of the lines say so; what was asked for stands
            self._lines.drive(name, on)
        if on and not self._driven.get(name):
            self._on_since[name] = self._clock.mono_s()
        self._driven[name] = on

    def _read(self, name: str) -> bool | None:
        try:
            return self._lines.read(name)
        except DeviceError:
            return None

    def _load(self, ledger: Ledger) -> tuple[Memory, bool]:
        try:
            return memory_from(ledger.load()), True
        except (LedgerError, ValueError) as error:
            self.ledger_words = str(error)
            return spent_everywhere(self._station), False

    def _save_if_due(self, mono_s: float) -> None:
        due_s = RETRY_SAVE_S if not self.machine.ledger_ok else CHECKPOINT_S
        waiting = self.machine.dirty and self.machine.ledger_ok
        if waiting or ((self.machine.runs or self.machine.dirty) and mono_s - self._saved_s >= due_s):
            self._save(mono_s)

    def _save(self, mono_s: float) -> bool:
        """Make the memory durable; an unreadable ledger is never written over."""
        self._saved_s = mono_s
        if not self._readable:
            return False
        try:
            self._ledger.save(self.machine.memory.as_dict())
        except LedgerError as error:
            self.ledger_words = str(error)
            self.machine.ledger_ok = False
            self.machine.dirty = True
            return False
        self.ledger_words = ""
        self.machine.ledger_ok = True
        self.machine.dirty = False
        return True


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"not a number: {value!r}")
    return float(value)


def _maybe(value: object) -> float | None:
    return None if value is None else _number(value)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _plain(answer: GuardStatus | LeaseAnswer | StopAnswer | ResumeAnswer) -> Message:
    message: Message = plain(answer)
    return message

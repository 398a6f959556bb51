"""What changed in the guard since it was last looked at, as lines of the log. It decides nothing and never waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldstation import log
from fieldstation.domain.run import Code, Run
from fieldstation.safety.machine import Machine

AS_ASKED = {Code.DONE, Code.ENDED}
WAITED_OUT = {Code.PUMP_BUSY, Code.MIN_REST}


class Journal:
    """Compares the machine with what it was at the look before."""

    def __init__(self, machine: Machine) -> None:
        self._closed = max((run.seq for run in machine.memory.closed), default=-1)
        self._runs: set[str] = set()
        self._latches: set[tuple[Code, str, str]] = set()
        self._stopped_by: str | None = None
        self._faults: dict[str, str] = {}
        self._ledger = ""
        self._refused: dict[str, Code] = {}

    def look(self, machine: Machine, faults: Mapping[str, str], ledger: str) -> None:
        """Log what is new. `faults` are causes by device; `ledger` is why it cannot be kept, or empty."""
        memory = machine.memory
        for run in (run for run_id, run in machine.runs.items() if run_id not in self._runs):
            log.info(
                "run_began",
                zone=run.kept.zone,
                origin=run.kept.origin,
                longest_s=run.kept.planned_s,
                run=run.kept.id,
            )
            self._refused.pop(run.kept.zone, None)
        self._runs = set(machine.runs)
        for closed in memory.closed:
            if closed.seq > self._closed:
                self._closed = closed.seq
                self._ended(closed)
        if memory.stopped_by != self._stopped_by:
            if memory.stopped_by is None:
                log.info("stop_lifted")
            self._stopped_by = memory.stopped_by
        latches = {(latch.code, latch.pump or "", latch.zone or "") for latch in memory.latches}
        for code, pump, zone in sorted(latches - self._latches):
            log.error("latched", code=code, pump=pump or None, zone=zone or None)
        for code, pump, zone in sorted(self._latches - latches):
            log.info("latch_lifted", code=code, pump=pump or None, zone=zone or None)
        self._latches = latches
        self._devices(faults)
        if ledger != self._ledger:
            if ledger:
                log.error("ledger_not_kept", detail=ledger, so="no water")
            else:
                log.info("ledger_kept_again")
            self._ledger = ledger

    def stopped(self, by: str) -> None:
        """Log a STOP, the tenth of a row too."""
        self._stopped_by = by
        log.warning("stop", by=by)

    def refused(self, zone: str, code: Code) -> None:
        """Log a refusal, once until it is another one or water was given."""
        if self._refused.get(zone) is not code and len(self._refused) < 100:
            self._refused[zone] = code
            write: Callable[..., None] = log.info if code in WAITED_OUT else log.warning
            write("run_refused", zone=zone, code=code.value)

    def _ended(self, run: Run) -> None:
        write: Callable[..., None] = log.info if run.stop_reason in AS_ASKED else log.warning
        write(
            "run_ended",
            zone=run.zone,
            stop_reason=run.stop_reason.value,
            on_s=run.on_s,
            litres=run.litres,
            run=run.id,
        )

    def _devices(self, faults: Mapping[str, str]) -> None:
        for device, why in faults.items():
            if self._faults.get(device) != why:
                log.error("device_lost", device=device, detail=why)
        for device in self._faults.keys() - faults.keys():
            log.info("device_back", device=device)
        self._faults = dict(faults)

"""Is water allowed to flow now? The guard's rules as a state machine without any I/O.

Off is the state that needs nothing. `lines()` says what every relay should be. All are off unless a run was
granted, is durable, and is still permitted at this tick.

The off-path, in one place: `tick` asks every interlock of every open run -> `_finish`
takes the pump off at once -> the valve follows after the lead -> the run is closed and
booked. STOP and obedience faults take both off in the same instant.
"""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.domain.station import Station
from fieldstation.domain.status.guard import Phase
from fieldstation.safety.flow import FlowWatch
from fieldstation.safety.interlocks.longest_run import longest_run_s
from fieldstation.safety.memory import DAY_S, Latch, Memory, OpenRun
from fieldstation.safety.moment import Inputs, Moment, PumpInputs, known
from fieldstation.safety.order import first_no
from fieldstation.safety.runs import Ask, RunState
from fieldstation.safety.view import No, View

LEASE_S = 10.0
DRY_TRIPS_TO_LATCH = 3
STEP_S = 2.0
AT_ONCE = float("-inf")
"""Marks a closing run whose valve does not wait for the lead."""


class Machine:
    """The rules. The caller gives time and inputs, keeps the memory durable, drives the lines."""

    def __init__(self, station: Station, memory: Memory, moment: Moment, *, ledger_ok: bool = True) -> None:
        self._station = station
        self._mono_at_boot_s = moment.mono_s
        self._zones = {zone.id: zone for zone in station.zones}
        self._pumps = {pump.id: pump for pump in station.pumps}
        self._flow = {pump.id: FlowWatch(pump.flow) for pump in station.pumps}
        self._valves = {
            pump.id: [f"valve:{zone.id}" for zone in station.zones if zone.pump == pump.id]
            for pump in station.pumps
        }
        self._all_off = {f"pump:{pump}": False for pump in self._pumps} | {
            f"valve:{zone}": False for zone in self._zones
        }
        self._faulty_since: dict[str, float] = {}
        self._fault_pumps: set[str] = set()
        self._inputs = Inputs()
        self._lifted: tuple[str | None, list[Latch], dict[str, list[float]]] = (None, [], {})
        self._ticked_s: float | None = None
        self._moment = moment
        self.memory = memory
        self.ledger_ok = ledger_ok
        self.runs: dict[str, RunState] = {}
        self.dirty = True  # the memory differs from what was saved
        self.stops = 0  # how often STOP was latched since the start
        self._boot(moment)

    # -- time ---------------------------------------------------------------------------

    def _boot(self, moment: Moment) -> None:
        memory = self.memory
        if memory.wall is not None and memory.trusted and moment.trusted:
            away_s = (moment.wall - memory.wall).total_seconds()
            memory.t_s += max(0.0, away_s)
        self._base_s = memory.t_s
        for run in memory.open:
            # no one saw how long it really ran: it counts as if it had run to its limit
            zone, pump = self._zones.get(run.zone), self._pumps.get(run.pump)
            run.on_s = max(run.on_s, run.planned_s)
            if zone is not None and pump is not None:
                run.litres = max(run.litres, pump.nominal_lpm * run.on_s / 60.0)
            memory.count(run, memory.t_s)
            memory.close(run, moment.wall, Code.INTERRUPTED, measured=False)
        memory.open = []
        self._stamp(moment)

    def _stamp(self, moment: Moment) -> float:
        before, self._moment = self._moment, moment
        memory = self.memory
        stepped_s = (moment.wall - before.wall).total_seconds() - (moment.mono_s - before.mono_s)
        if abs(stepped_s) > STEP_S or moment.trusted != before.trusted:
            self.dirty = True  # the ledger must know the new clock before a restart compares with it
        memory.t_s = self._base_s + (moment.mono_s - self._mono_at_boot_s)
        memory.wall, memory.trusted = moment.wall, moment.trusted
        return memory.t_s

    # -- what may be asked --------------------------------------------------------------

    def start(self, ask: Ask, moment: Moment) -> No | None:
        """Ask for a run. None means granted: make the memory durable, then `confirm` it."""
        now_s = self._stamp(moment)
        zone = self._zones.get(ask.zone)
        if zone is None:
            return No(Code.UNKNOWN_ZONE)
        max_s, max_l = known(ask.max_s), known(ask.max_l)
        if max_s is None or max_s <= 0 or (ask.max_l is not None and (max_l is None or max_l <= 0)):
            return No(Code.BAD_REQUEST)
        if not ask.id or ask.id in self.runs or any(run.id == ask.id for run in self.memory.closed):
            return No(Code.BAD_REQUEST)
        if any(run.kept.zone == zone.id for run in self.runs.values()):
            return No(Code.PUMP_BUSY)
        pump = self._pumps[zone.pump]
        air_age_s = known(ask.air_age_s)
        no = first_no(self._view(zone.id, now_s, moment, ask.air_t_c, air_age_s))
        if no is not None:
            self._latch(no, zone.id, pump.id, now_s)
            return no
        self.memory.seq += 1
        kept = OpenRun(
            id=ask.id,
            seq=self.memory.seq,
            zone=zone.id,
            pump=pump.id,
            origin=ask.origin,
            started_at=moment.wall.replace(microsecond=0),
            start_s=now_s,
            planned_s=min(max_s, longest_run_s(zone, pump)),
            on_s=0.0,
            litres=0.0,
        )
        air_at_s = None if air_age_s is None else now_s - air_age_s
        self.runs[ask.id] = RunState(
            kept, Phase.GRANTED, max_s, max_l, moment.mono_s, now_s, ask.air_t_c, air_at_s
        )
        self.memory.open.append(kept)
        self.dirty = True
        return None

    def confirm(self, run_id: str, moment: Moment) -> None:
        """The start is durable: the valve may open."""
        run = self.runs[run_id]
        if run.phase is Phase.GRANTED:
            self._enter(run, Phase.OPENING, self._stamp(moment))

    def withdraw(self, run_id: str) -> None:
        """The start could not be made durable: it never was."""
        run = self.runs.pop(run_id)
        self.memory.open.remove(run.kept)
        self.memory.seq -= 1

    def renew(self, run_id: str, air_t_c: float | None, air_age_s: float | None, moment: Moment) -> bool:
        """Keep a lease alive; never a longer run. False when the run is over or ending."""
        now_s = self._stamp(moment)
        run = self.runs.get(run_id)
        if run is None or run.ending is not None:
            return False
        if moment.mono_s - run.renewed_mono_s > LEASE_S:
            self._finish(run, No(Code.LEASE_EXPIRED), now_s)
            return False
        run.renewed_mono_s = moment.mono_s
        age_s = known(air_age_s)
        run.air_t_c = air_t_c
        run.air_at_s = None if age_s is None else now_s - age_s
        return True

    def end(self, run_id: str, moment: Moment) -> None:
        """End a run early; unknown and ended runs are no error."""
        now_s = self._stamp(moment)
        run = self.runs.get(run_id)
        if run is not None:
            self._finish(run, No(Code.ENDED), now_s)

    def stop(self, by: str, moment: Moment) -> None:
        """STOP: every line off in this instant, latched until `resume`. Never refused."""
        now_s = self._stamp(moment)
        if self.memory.stopped_by is None:
            self.memory.stopped_by = by
            self.stops += 1
            self.dirty = True
        for run in list(self.runs.values()):
            self._finish(run, No(Code.STOPPED, at_once=True), now_s)
        self._reap(now_s)

    def resume(self, moment: Moment) -> Code | None:
        """Clear STOP and latches; refused while the stop button is pressed or the ledger is bad.

        None means cleared: make the memory durable, or `unresume`.
        """
        self._stamp(moment)
        if self._station.guard.stop_button is not None and self._inputs.stop_button is not False:
            return Code.STOP_BUTTON
        if not self.ledger_ok:
            return Code.LEDGER
        self._lifted = (self.memory.stopped_by, self.memory.latches, self.memory.dry_trips)
        self.memory.stopped_by = None
        self.memory.latches = []
        self.memory.dry_trips = {}
        self._fault_pumps.clear()
        self._faulty_since.clear()
        self.dirty = True
        return None

    def unresume(self) -> None:
        """The resume could not be made durable: it never was."""
        self.memory.stopped_by, self.memory.latches, self.memory.dry_trips = self._lifted

    # -- the tick -----------------------------------------------------------------------

    def tick(self, inputs: Inputs, moment: Moment) -> None:
        """Look at the world, count what flowed, and end every run that an interlock refuses."""
        now_s = self._stamp(moment)
        elapsed_s = 0.0 if self._ticked_s is None else max(0.0, now_s - self._ticked_s)
        self._ticked_s = now_s
        wanted = self.lines()
        self._inputs = inputs
        self._obeyed(inputs, wanted, now_s)
        for pump in self._station.pumps:
            name = f"pump:{pump.id}"
            all_off = not (wanted[name] or any(wanted[valve] for valve in self._valves[pump.id]))
            watch = self._flow[pump.id]
            look = inputs.pumps.get(pump.id, PumpInputs())
            watch.update(now_s, look, pump_on=wanted[name], all_off=all_off)
            self._credit(pump.id, watch, elapsed_s)
            if watch.leak(now_s):
                self._latch(No(Code.LEAK, latch_pump=True), None, pump.id, now_s)
        if self._station.guard.stop_button is not None and inputs.stop_button is True:
            self.stop("button", moment)
        for run in list(self.runs.values()):
            self._live(run, now_s, moment)
        self._reap(now_s)

    def lines(self) -> dict[str, bool]:
        """What every relay line should be: pumps first, so that off is driven pump before valve."""
        lines = dict(self._all_off)
        for run in self.runs.values():
            shut_now = run.phase is Phase.GRANTED or run.phase_since_s == AT_ONCE
            if not shut_now:
                lines[f"valve:{run.kept.zone}"] = True
            if run.phase is Phase.WATERING:
                lines[f"pump:{run.kept.pump}"] = True
        return lines

    @property
    def busy(self) -> bool:
        """Whether anything is on or a timer runs, so that every second counts."""
        return bool(self.runs) or bool(self._faulty_since) or any(w.suspicious for w in self._flow.values())

    def flow_lpm(self, pump: str) -> float | None:
        """The flow of a pump now, None while unknown."""
        return self._flow[pump].lpm

    # -- how a run lives and ends ---------------------------------------------------------

    def _live(self, run: RunState, now_s: float, moment: Moment) -> None:
        pump = self._pumps[run.kept.pump]
        if run.ending is None:
            no = self._reason_to_end(run, now_s, moment)
            if no is not None:
                self._finish(run, no, now_s)
        if run.phase is Phase.OPENING and now_s - run.phase_since_s >= pump.valve_lead_s:
            self._enter(run, Phase.WATERING, now_s)

    def _reason_to_end(self, run: RunState, now_s: float, moment: Moment) -> No | None:
        if moment.mono_s - run.renewed_mono_s > LEASE_S:
            return No(Code.LEASE_EXPIRED)
        age_s = None if run.air_at_s is None else now_s - run.air_at_s
        no = first_no(self._view(run.kept.zone, now_s, moment, run.air_t_c, age_s, run))
        if no is not None:
            return no
        if run.kept.on_s >= run.kept.planned_s:
            return No(Code.DONE if run.asked_s <= run.kept.planned_s else Code.LONGEST_RUN)
        if run.max_l is not None and run.kept.litres >= run.max_l:
            return No(Code.DONE)
        return None

    def _finish(self, run: RunState, no: No, now_s: float) -> None:
        """Take the water away. The first reason stands; a harder one still closes the valve at once."""
        opened = run.phase is not Phase.GRANTED
        if run.ending is None:
            run.ending = no.code
            self._latch(no, run.kept.zone, run.kept.pump, now_s)
            self._count_dry(run.kept.pump, no.code, now_s)
            self._enter(run, Phase.CLOSING, now_s)
        if no.at_once or not opened:
            run.phase_since_s = AT_ONCE

    def _reap(self, now_s: float) -> None:
        for run_id, run in list(self.runs.items()):
            lead_s = self._pumps[run.kept.pump].valve_lead_s
            if run.phase is not Phase.CLOSING or now_s - run.phase_since_s < lead_s:
                continue
            del self.runs[run_id]
            self.memory.open.remove(run.kept)
            self.memory.count(run.kept, now_s)
            measured = self._pumps[run.kept.pump].flow is not None
            assert run.ending is not None
            self.memory.close(run.kept, self._moment.wall, run.ending, measured=measured)
            self.dirty = True

    def _enter(self, run: RunState, phase: Phase, now_s: float) -> None:
        run.phase, run.phase_since_s = phase, now_s

    def _credit(self, pump_id: str, watch: FlowWatch, elapsed_s: float) -> None:
        pump = self._pumps[pump_id]
        fed = [run for run in self.runs.values() if run.kept.pump == pump_id]
        watering = [run for run in fed if run.phase is Phase.WATERING]
        for run in watering:
            run.kept.on_s += elapsed_s
        if pump.flow is not None:
            takers = watering or [run for run in fed if run.phase is Phase.CLOSING]
            for run in takers:
                run.kept.litres += watch.passed_l / len(takers)
        else:
            for run in watering:
                run.kept.litres += pump.nominal_lpm * elapsed_s / 60.0 / len(watering)

    def _count_dry(self, pump_id: str, code: Code, now_s: float) -> None:
        trips = self.memory.dry_trips
        if code in (Code.DONE, Code.LONGEST_RUN):
            trips.pop(pump_id, None)
        elif code is Code.NO_FLOW:
            recent = [at for at in trips.get(pump_id, []) if at > now_s - DAY_S]
            trips[pump_id] = [*recent, now_s]
            if len(trips[pump_id]) >= DRY_TRIPS_TO_LATCH:
                self._latch(No(code, latch_pump=True), None, pump_id, now_s)

    def _latch(self, no: No, zone: str | None, pump: str, now_s: float) -> None:
        on_pump, on_zone = pump if no.latch_pump else None, zone if no.latch_zone else None
        if on_pump is None and on_zone is None:
            return
        known_latches = {(latch.code, latch.pump, latch.zone) for latch in self.memory.latches}
        if (no.code, on_pump, on_zone) not in known_latches:
            self.memory.latches.append(Latch(no.code, on_pump, on_zone, now_s))
            self.dirty = True

    # -- what an interlock sees -----------------------------------------------------------

    def _obeyed(self, inputs: Inputs, wanted: dict[str, bool], now_s: float) -> None:
        """A line that reads otherwise than driven for two looks is a fault of its pump."""
        if not self._faulty_since and inputs.lines == wanted:
            return
        for name, want in wanted.items():
            if inputs.lines.get(name) is want:
                self._faulty_since.pop(name, None)
            elif now_s > self._faulty_since.setdefault(name, now_s):
                kind, _, owner = name.partition(":")
                pump = owner if kind == "pump" else self._zones[owner].pump
                self._fault_pumps.add(pump)
                self._latch(No(Code.LINE_FAULT, latch_pump=True), None, pump, now_s)

    def _view(
        self,
        zone_id: str,
        now_s: float,
        moment: Moment,
        air_t_c: float | None,
        air_age_s: float | None,
        run: RunState | None = None,
    ) -> View:
        zone = self._zones[zone_id]
        pump = self._pumps[zone.pump]
        return View(
            zone=zone,
            pump=pump,
            settings=self._station.guard,
            memory=self.memory,
            inputs=self._inputs,
            flow=self._flow[pump.id],
            moment=moment,
            now_s=now_s,
            air_t_c=air_t_c,
            air_age_s=air_age_s,
            busy_zones=sum(other.kept.pump == pump.id for other in self.runs.values()),
            ledger_ok=self.ledger_ok,
            line_fault=pump.id in self._fault_pumps,
            run_on_s=None if run is None else run.kept.on_s,
        )

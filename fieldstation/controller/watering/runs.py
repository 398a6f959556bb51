"""From a Decision to water: ask the guard, renew the lease, credit what was really delivered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from fieldstation import log
from fieldstation.controller.guard_door import Air, Guard, GuardDoor
from fieldstation.domain.clock import Clock
from fieldstation.domain.decision import Decision
from fieldstation.domain.errors import PeerSilent, cause
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Station
from fieldstation.domain.status.guard import GuardStatus, LeaseAnswer
from fieldstation.domain.status.zone import Refusal

RENEW_EVERY_S = 3.0  # a third of the guard's lease, so that two lost renewals cost nothing
POLL_EVERY_S = 5.0
POLL_IDLE_S = 15.0
PATIENT_S = 900.0
"""The guard's rests this short are waited out in silence: the zones before simply took their turn."""
ASK_AGAIN_S = 300.0
ASK_AGAIN_SOON_S = 5.0
ASK_SOON = frozenset({Code.PUMP_BUSY, Code.AIR_UNKNOWN})
"""Over in a moment as a rule: another zone is just finishing on the same pump; the air is read within seconds of a start."""
WANTED_FOR = timedelta(hours=12)
CLOSE_WITHIN_S, CLOSE_POLL_S = 5.0, 0.2


def _never(zone: str) -> bool:
    del zone
    return False


def _nothing() -> None:
    return None


@dataclass(slots=True)
class _Want:
    decision: Decision
    max_l: float
    ask_at_mono_s: float
    refused: Code | None = None


@dataclass(slots=True)
class _Open:
    zone: str
    renewed_mono_s: float
    origin: str
    max_s: float
    ending: bool = False  # the guard is taking it back; its litres are not final yet


class Watering:
    """Wants and open runs. The guard alone decides whether water flows."""

    def __init__(
        self,
        station: Station,
        clock: Clock,
        guard: Guard | GuardDoor,
        air: Callable[[], Air],
        on_run: Callable[[Run], None],
        on_refusal: Callable[[str, Refusal], None],
        poll_idle_s: float = POLL_IDLE_S,
    ) -> None:
        self._station = station
        self._clock = clock
        self._guard = GuardDoor.to(guard)
        self._air = air
        self._on_run = on_run
        self._on_refusal = on_refusal
        self._poll_idle_s = poll_idle_s
        self._wants: dict[str, _Want] = {}
        self._open: dict[str, _Open] = {}
        self._recorded: set[str] = set()
        self._stops: tuple[str, int] | None = None  # the guard's boot, and its STOPs since
        self._latched = False
        self._polled_mono_s = float("-inf")
        self.status: GuardStatus | None = None  # the newest, None while the guard is silent
        self.silent = ""  # why it gave no answer, or none that can be read
        self.refusals: dict[str, Refusal] = {}
        self.forgotten = 0  # how often a STOP took everything back
        self.quiet: Callable[[str], bool] = _never  # hours in which people want no automatic watering
        self.resumed: Callable[[], None] = _nothing  # what follows a STOP that was lifted

    @property
    def idle(self) -> bool:
        """Whether nothing is open and nothing is waiting to be asked."""
        return not self._open and not self._wants

    @property
    def watering(self) -> bool:
        """Whether a run of ours is open, or closed by the guard but not yet credited."""
        return bool(self._open)

    def wants(self, zone: str) -> Decision | None:
        """The decision that waits for water in this zone."""
        want = self._wants.get(zone)
        return want.decision if want else None

    def planned_s(self, run_id: str) -> float | None:
        """What one of our runs was to last; None for one that is not ours or was closed and told of."""
        run = self._open.get(run_id)
        return run.max_s if run else None

    def next_mono_s(self) -> float | None:
        """When a waiting want is next worth a tick, on the monotonic clock; None without wants."""
        if not self._wants:
            return None
        now, mono = self._clock.now(), self._clock.mono_s()
        waits = []
        for want in self._wants.values():
            start = want.decision.start_at or now
            waits.append(max(want.ask_at_mono_s, mono + (start - now).total_seconds()))
        return min(waits)

    def accept(self, decision: Decision) -> None:
        """A new decision replaces whatever still waited for its zone; an open run is left to finish."""
        self.drop(decision.zone)
        if decision.depth_mm <= 0 or decision.start_at is None:
            self.refusals.pop(decision.zone, None)
            return
        zone = self._station.zone(decision.zone)
        nominal_l = self._station.pump(zone.pump).nominal_lpm * decision.run_s / 60
        wanted_l = decision.depth_mm * zone.area_m2
        self._wants[zone.id] = _Want(decision, min(wanted_l, nominal_l * 1.5), self._clock.mono_s())

    def drop(self, zone: str) -> None:
        """Nothing waits for this zone any more; an open run is left to finish."""
        self._wants.pop(zone, None)

    def forget(self) -> None:
        """STOP: nothing that waited may start later."""
        self._wants.clear()
        self.forgotten += 1

    def tick(self) -> None:
        """Renew what runs, ask for what is due, and look at what the guard has closed."""
        mono = self._clock.mono_s()
        for run_id, run in list(self._open.items()):
            if run.ending:
                continue
            if run.origin == "auto" and self.quiet(run.zone):
                with suppress(PeerSilent):
                    self.end(run.zone)
            elif mono - run.renewed_mono_s >= RENEW_EVERY_S:
                self._renew(run_id, run, mono)
        now = self._clock.now()
        for zone, want in list(self._wants.items()):
            start = want.decision.start_at
            if start is None or now - start > WANTED_FOR:
                del self._wants[zone]
            elif now >= start and mono >= want.ask_at_mono_s and not self.quiet(zone):
                self._request_start(zone, want, mono)
        if mono - self._polled_mono_s >= (POLL_EVERY_S if self._open else self._poll_idle_s):
            self.poll()

    def poll(self) -> None:
        """Ask the guard how things are, and record the runs it has closed since last time."""
        self._polled_mono_s = self._clock.mono_s()
        self.silent = ""
        try:
            status = self.status = self._guard.status()
        except PeerSilent as error:
            self._lost(error)
            return
        stops = (status.boot_id, status.stops)
        between = self._stops is not None and stops[0] == self._stops[0] and stops != self._stops
        was_latched, self._latched = self._latched, status.stop_latched
        self._stops = stops
        if self._latched or between:  # also a STOP that was lifted between two looks
            self.forget()
        if not self._latched and (was_latched or between):
            self.resumed()
        for run in status.closed:
            if run.id not in self._recorded:
                self._recorded.add(run.id)
                if run.stop_reason is Code.STOPPED:  # also when the latch was lifted between two looks
                    self.forget()
                self._on_run(run)
        going = {run.id for run in status.runs}
        self._open = {run_id: run for run_id, run in self._open.items() if run_id in going}

    def _lost(self, error: PeerSilent) -> None:
        self.status, self.silent = None, cause(error)

    def seen(self, runs: Iterable[str]) -> None:
        """These runs are on record already (called once at start)."""
        self._recorded.update(runs)

    def _renew(self, run_id: str, run: _Open, mono: float) -> None:
        try:
            answer = self._guard.renew(run_id, self._air())
        except PeerSilent as error:
            self._lost(error)
            return
        run.renewed_mono_s = mono
        if not answer.permitted:
            run.ending = True
            self.poll()

    def start(self, run_id: str, zone: str, origin: str, max_s: float, max_l: float) -> LeaseAnswer:
        """Ask the guard for a run; when permitted its lease is renewed from now on. Raises PeerSilent."""
        try:
            answer = self._guard.start(run_id, zone, origin, max_s, max_l, self._air())
        except PeerSilent as error:
            self._lost(error)
            raise
        if answer.permitted:
            self.refusals.pop(zone, None)
            self._open[run_id] = _Open(zone, self._clock.mono_s(), origin, max_s)
            log.info("run_began", zone=zone, origin=origin, longest_s=max_s, most_l=max_l, run=run_id)
            self.poll()
        return answer

    def end(self, zone: str) -> bool:
        """Ask the guard to end our run in this zone; False when there is none.

        Raises PeerSilent: then the lease, not renewed from now on, ends it.
        """
        mine = [run_id for run_id, run in self._open.items() if run.zone == zone]
        for run_id in mine:
            self._open[run_id].ending = True
            self._guard.end(run_id)
        if mine:
            self.poll()
        return bool(mine)

    def close(self, wait: Callable[[float], None]) -> None:
        """End what runs, so that the guard books the water really given and not the most it can have been.

        Waits until the guard has closed it, at most five seconds. If the guard is silent, the lease ends it.
        """
        with suppress(PeerSilent):
            for zone in {run.zone for run in self._open.values()}:
                self.end(zone)
        until_s = self._clock.mono_s() + CLOSE_WITHIN_S
        while self._open and self.status is not None and self._clock.mono_s() < until_s:
            wait(CLOSE_POLL_S)
            self.poll()

    def _request_start(self, zone: str, want: _Want, mono: float) -> None:
        try:
            answer = self.start(str(uuid.uuid4()), zone, "auto", want.decision.run_s, want.max_l)
        except PeerSilent:
            want.ask_at_mono_s = mono + ASK_AGAIN_SOON_S
            return
        if answer.permitted:
            self._wants.pop(zone, None)
            return
        code = answer.reason or Code.BAD_REQUEST
        wait_s = ASK_AGAIN_S if answer.wait_s is None else answer.wait_s
        want.ask_at_mono_s = mono + (ASK_AGAIN_SOON_S if code in ASK_SOON else min(wait_s, ASK_AGAIN_S))
        resting = code is Code.MIN_REST and wait_s <= PATIENT_S
        refusal = Refusal(code, self._clock.now().replace(microsecond=0), answer.values)
        if code is Code.PUMP_BUSY or resting:
            return
        self.refusals[zone] = refusal
        if want.refused is not code:  # the same no again is no news
            want.refused = code
            self._on_refusal(zone, refusal)
        if code is Code.STOPPED:
            self._latched = True
            self.forget()

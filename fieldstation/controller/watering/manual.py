"""Water now: a person asks, the guard judges, the run lives by its lease like any other.

Nothing of this is on record until water has flowed. A request that does not start within a minute is
dropped, and the screen says so. A restart forgets them all. No command is ever kept, so none can fire after
a power cut.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fieldstation.agronomy.application import run_s as seconds_of
from fieldstation.controller.watering.runs import Watering
from fieldstation.domain.clock import Clock
from fieldstation.domain.decision import Value
from fieldstation.domain.errors import PeerSilent
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Station
from fieldstation.domain.status.zone import HandState

GIVE_UP_S = 60.0
AGAIN_S = 5.0
LEAST_S = 60.0
KEYS = 500
"""Forms remembered, so that the same one sent again waters nothing twice."""
MOST_OF_NOMINAL = 1.5  # litres for the time, where a pump gives more than its name says


@dataclass(slots=True)
class Hand:
    """One request for water, and what became of it. `code` is why it waits, was dropped or ended."""

    zone: str
    by: str
    run_s: float
    max_l: float
    asked_at: datetime
    asked_mono_s: float
    state: HandState = HandState.WAITING
    run_id: str | None = None
    code: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    changed_mono_s: float = 0.0
    stops: int = 0  # how often everything had been taken back when it was asked

    @property
    def open(self) -> bool:
        """Whether water flows or may still flow for it."""
        return self.state in (HandState.WAITING, HandState.RUNNING)


class ByHand:
    """The requests of this run of the controller. `room_mm` is what a zone's day has left, gross depth."""

    def __init__(
        self,
        station: Station,
        clock: Clock,
        watering: Watering,
        room_mm: Callable[[str], float],
        on_change: Callable[[Hand], None],
    ) -> None:
        self.run_id = uuid.uuid4().hex[:12]  # a form of another run of the controller has another one
        self._station = station
        self._clock = clock
        self._watering = watering
        self._room_mm = room_mm
        self._on_change = on_change
        self._hands: dict[str, Hand] = {}
        self._keys: OrderedDict[str, Hand] = OrderedDict()

    def of(self, zone: str) -> Hand | None:
        """The newest request for this zone."""
        return self._hands.get(zone)

    def existing(self, key: str, zone: str) -> Hand | None:
        """What this form, or another for the same zone, has brought about already."""
        hand = self._hands.get(zone)
        return self._keys.get(key) or (hand if hand is not None and hand.open else None)

    def bounded_s(self, zone_id: str, asked_s: float) -> float:
        """Seconds a zone may be watered now, at most what is asked; 0 when the day has no whole minute left."""
        zone = self._station.zone(zone_id)
        pump = self._station.pump(zone.pump)
        left_s = seconds_of(max(0.0, self._room_mm(zone_id)), zone.area_m2, pump.nominal_lpm)
        found_s = min(asked_s, zone.limits.longest_run_s, pump.limits.longest_run_s, left_s)
        return found_s if found_s >= LEAST_S else 0.0

    def start(self, zone_id: str, by: str, run_s: float, key: str) -> Hand:
        """Ask the guard for water now. `run_s` is from `bounded_s`; a form sent again gives what it gave before."""
        known = self.existing(key, zone_id)
        if known is None:
            zone = self._station.zone(zone_id)
            nominal_l = self._station.pump(zone.pump).nominal_lpm * run_s / 60
            most_l = min(nominal_l * MOST_OF_NOMINAL, max(0.0, self._room_mm(zone_id)) * zone.area_m2)
            known = Hand(zone_id, by, run_s, most_l, self._clock.now(), self._clock.mono_s())
            self._watering.poll()  # a STOP of before takes back only what was asked before
            known.stops = self._watering.forgotten
            self._hands[zone_id] = known
            self._try(known)
        self._keys[key] = known
        while len(self._keys) > KEYS:
            self._keys.popitem(last=False)
        return known

    def end(self, zone_id: str) -> bool:
        """End the zone's run, or take back a request that waits; False when there is neither. Raises PeerSilent."""
        hand = self._hands.get(zone_id)
        if hand is not None and hand.state is HandState.WAITING:
            self._change(hand, HandState.DROPPED, Code.ENDED.value)
            return True
        return self._watering.end(zone_id)

    def closed(self, run: Run) -> bool:
        """The guard closed a run; whether it was one of ours."""
        hand = self._hands.get(run.zone)
        if hand is None or hand.run_id != run.id:
            return False
        self._change(hand, HandState.ENDED, run.stop_reason.value)
        return True

    def tick(self) -> None:
        """Ask again for what waits, for a minute at most; a STOP takes every request back."""
        mono_s = self._clock.mono_s()
        for hand in self._hands.values():
            if hand.state is not HandState.WAITING:
                continue
            if hand.stops != self._watering.forgotten:
                self._change(hand, HandState.DROPPED, Code.STOPPED.value)
            elif mono_s - hand.asked_mono_s >= GIVE_UP_S:
                self._change(hand, HandState.DROPPED, hand.code)
            elif mono_s - hand.changed_mono_s >= AGAIN_S:
                self._try(hand)

    def _try(self, hand: Hand) -> None:
        run_id = str(uuid.uuid4())
        try:
            answer = self._watering.start(run_id, hand.zone, "manual", hand.run_s, hand.max_l)
        except PeerSilent:
            hand.changed_mono_s, hand.code, hand.values = self._clock.mono_s(), "guard_silent", {}
            return
        if answer.permitted:
            hand.run_id = run_id
            self._watering.drop(hand.zone)  # what was to come did not know of this water
            self._change(hand, HandState.RUNNING, None)
            return
        code, hand.values = answer.reason or Code.BAD_REQUEST, answer.values
        rests = code is Code.MIN_REST and answer.wait_s is not None and answer.wait_s < GIVE_UP_S
        if code is Code.PUMP_BUSY or rests:
            hand.changed_mono_s, hand.code = self._clock.mono_s(), code.value
        else:
            self._change(hand, HandState.DROPPED, code.value)

    def _change(self, hand: Hand, state: HandState, code: str | None) -> None:
        hand.state, hand.code, hand.changed_mono_s = state, code, self._clock.mono_s()
        self._on_change(hand)

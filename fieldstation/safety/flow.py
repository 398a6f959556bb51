"""What the flow meter says of one pump: how much flows now, since when, and while off."""

from __future__ import annotations

from collections import deque

from fieldstation.domain.station import Flow
from fieldstation.safety.moment import PumpInputs, known

WINDOW_S = 5.0
STALE_S = 5.0
BURST_S = 5.0
SETTLE_S = 10.0
"""A pipe still empties this long after everything is off."""


class FlowWatch:
    """One pump's meter over the last seconds. Unknown flow is no flow, and no leak either."""

    def __init__(self, flow: Flow | None) -> None:
        self._flow = flow
        self._seen: deque[tuple[float, float]] = deque()
        self._total_l: float | None = None
        self._on_since: float | None = None
        self._off_since = float("-inf")
        self._enough_at = float("-inf")
        self._burst_since: float | None = None
        self._leaked: deque[tuple[float, float]] = deque()
        self.stale = False
        self.passed_l = 0.0  # since the previous look; 0 when unknown

    def update(self, now_s: float, inputs: PumpInputs, *, pump_on: bool, all_off: bool) -> None:
        """Take in one look. `pump_on` and `all_off` tell of the time since the previous look."""
        self._mark(now_s, pump_on=pump_on, all_off=all_off)
        litres, age_s = known(inputs.litres), known(inputs.flow_age_s)
        self.stale = self._flow is not None and (litres is None or age_s is None or age_s > STALE_S)
        if self.stale or litres is None:
            self.passed_l = 0.0
            self._seen.clear()
            self._total_l = None
            self._burst_since = None
            return
        # a meter that counts backwards has restarted: its new total is what has passed since
        before = self._total_l
        self.passed_l = 0.0 if before is None else litres - before if litres >= before else litres
        self._total_l = litres
        self._seen.append((now_s, self.passed_l))
        while self._seen[0][0] <= now_s - WINDOW_S:
            self._seen.popleft()
        self._judge(now_s)

    @property
    def lpm(self) -> float | None:
        """Flow over the last seconds in litres a minute; None while the meter is not heard."""
        if self.stale or not self._seen:
            return None
        return sum(litres for _, litres in self._seen) * 60.0 / WINDOW_S

    def dry(self, now_s: float) -> bool:
        """Whether the pump has run too long without enough flow."""
        if self._flow is None or self._on_since is None:
            return False
        return now_s - max(self._on_since + self._flow.grace_s, self._enough_at) > self._flow.dry_trip_s

    def burst(self, now_s: float) -> bool:
        """Whether more flows than any sound pipe would let through."""
        return self._burst_since is not None and now_s - self._burst_since >= BURST_S

    def leak(self, now_s: float) -> bool:
        """Whether water has passed while everything was off."""
        if self._flow is None or not self._leaked:
            return False
        passed_l = sum(litres for at, litres in self._leaked if at > now_s - self._flow.leak_after_s)
        return passed_l > self._flow.leak_lpm * self._flow.leak_after_s / 60.0

    @property
    def suspicious(self) -> bool:
        """Whether a timer runs here, so that the machine must be asked again soon."""
        return self._burst_since is not None or bool(self._leaked)

    def _mark(self, now_s: float, *, pump_on: bool, all_off: bool) -> None:
        if not pump_on:
            self._on_since = None
            self._enough_at = float("-inf")
        elif self._on_since is None:
            self._on_since = now_s
        if not all_off:
            self._off_since = float("inf")
            self._leaked.clear()
        elif self._off_since == float("inf"):
            self._off_since = now_s

    def _judge(self, now_s: float) -> None:
        flow, lpm = self._flow, self.lpm
        if flow is None or lpm is None:
            return
        if self._on_since is not None and lpm >= flow.min_lpm:
            self._enough_at = now_s
        if self._on_since is not None and lpm > flow.max_lpm:
            self._burst_since = self._burst_since or now_s
        else:
            self._burst_since = None
        while self._leaked and self._leaked[0][0] <= now_s - flow.leak_after_s:
            self._leaked.popleft()
        if self.passed_l > 0 and now_s - self._off_since > SETTLE_S:
            self._leaked.append((now_s, self.passed_l))

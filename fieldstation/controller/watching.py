"""A probe watched closely for a while: about one reading a second, none of them recorded."""

from __future__ import annotations

from collections import deque
from statistics import median

from fieldstation.controller.sensors import Sensors
from fieldstation.domain.clock import Clock
from fieldstation.wire.line import Message

EVERY_S = 0.8
WATCHED_FOR_S = 30.0
"""After the last question; a closed page ends the watch."""
STEADY_OVER_S = 12.0
NOISE_V = 0.04
DRIFT_V = 0.01
"""A probe has settled when twelve seconds of readings lie within its noise, about twelve steps of the converter, and their
later half is where the earlier one was, to three steps."""
LEAST_READINGS = 5


class Watching:
    """At most one probe at a time. Driven by the controller's loop."""

    def __init__(self, sensors: Sensors, clock: Clock) -> None:
        self._sensors = sensors
        self._clock = clock
        self._sensor: str | None = None
        self._until_s = 0.0
        self._asked_s = float("-inf")
        self._seen: deque[tuple[float, float | None]] = deque(maxlen=60)

    def watch(self, sensor: str) -> Message:
        """Begin or go on; what was seen so far. `steady_v` is set once the probe has settled."""
        if sensor != self._sensor:
            self._sensor = sensor
            self._seen.clear()
        self._until_s = self._clock.mono_s() + WATCHED_FOR_S
        now_s = self._clock.mono_s()
        newest = self._seen[-1] if self._seen else None
        return {
            "sensor": sensor,
            "volts": newest[1] if newest else None,
            "age_s": round(now_s - newest[0], 1) if newest else None,
            "readings": len(self._seen),
            "steady_v": self._steady_v(now_s),
            "recent_v": [volts for _, volts in list(self._seen)[-20:]],
        }

    def tick(self) -> None:
        """Ask and collect. Call at every turn of the loop."""
        if self._sensor is None:
            return
        now_s = self._clock.mono_s()
        for sample in self._sensors.seen(self._sensor):
            self._seen.append((sample.mono_s, sample.value))
        if now_s > self._until_s:
            self._sensor = None
        elif now_s - self._asked_s >= EVERY_S and self._sensors.look_at(self._sensor):
            self._asked_s = now_s

    def _steady_v(self, now_s: float) -> float | None:
        """The median of the last twelve seconds when they have no gap and no drift."""
        last = [(at, volts) for at, volts in self._seen if now_s - at <= STEADY_OVER_S]
        values = [volts for _, volts in last if volts is not None]
        if len(values) < max(LEAST_READINGS, len(last)) or last[-1][0] - last[0][0] < 0.6 * STEADY_OVER_S:
            return None
        half = len(values) // 2
        drift_v = abs(median(values[:half]) - median(values[half:]))
        if max(values) - min(values) > NOISE_V or drift_v > DRIFT_V:
            return None
        return round(median(values), 4)

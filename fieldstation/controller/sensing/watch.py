"""A probe watched closely for a while: about one reading a second, none of them recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from fieldstation.controller.sensing.poll import Sensors
from fieldstation.domain.answers import ProbeWatch
from fieldstation.domain.clock import Clock

EVERY_S = 0.8
WATCHED_FOR_S = 30.0
"""After the last question; a closed page ends the watch."""
STEADY_OVER_S = 12.0
NOISE_V = 0.04
DRIFT_V = 0.01
"""A probe has settled when twelve seconds of readings lie within its noise, about twelve steps of the converter, and their
later half is where the earlier one was, to three steps."""
LEAST_READINGS = 5


@dataclass(slots=True)
class _Watch:
    """One probe that somebody looks at."""

    until_s: float
    asked_s: float = float("-inf")
    seen: deque[tuple[float, float | None]] = field(default_factory=lambda: deque(maxlen=60))


class Watching:
    """The probes that people look at now, each with its own readings. Driven by the controller's loop."""

    def __init__(self, sensors: Sensors, clock: Clock) -> None:
        self._sensors = sensors
        self._clock = clock
        self._watches: dict[str, _Watch] = {}

    def watch(self, sensor: str) -> ProbeWatch:
        """Begin or go on; what was seen so far. `steady_v` is set once the probe has settled."""
        now_s = self._clock.mono_s()
        watch = self._watches.setdefault(sensor, _Watch(now_s))
        watch.until_s = now_s + WATCHED_FOR_S
        newest = watch.seen[-1] if watch.seen else None
        return ProbeWatch(
            sensor=sensor,
            volts=newest[1] if newest else None,
            age_s=round(now_s - newest[0], 1) if newest else None,
            readings=len(watch.seen),
            steady_v=_steady_v(watch.seen, now_s),
            recent_v=tuple(volts for _, volts in list(watch.seen)[-20:]),
        )

    def tick(self) -> None:
        """Ask and collect. Call at every turn of the loop."""
        now_s = self._clock.mono_s()
        for sensor, watch in list(self._watches.items()):
            for sample in self._sensors.seen(sensor):
                watch.seen.append((sample.mono_s, sample.value))
            if now_s > watch.until_s:
                del self._watches[sensor]
            elif now_s - watch.asked_s >= EVERY_S and self._sensors.poll_one(sensor):
                watch.asked_s = now_s


def _steady_v(seen: Iterable[tuple[float, float | None]], now_s: float) -> float | None:
    """The median of the last twelve seconds when they have no gap and no drift."""
    last = [(at, volts) for at, volts in seen if now_s - at <= STEADY_OVER_S]
    values = [volts for _, volts in last if volts is not None]
    if len(values) < max(LEAST_READINGS, len(last)) or last[-1][0] - last[0][0] < 0.6 * STEADY_OVER_S:
        return None
    half = len(values) // 2
    drift_v = abs(median(values[:half]) - median(values[half:]))
    if max(values) - min(values) > NOISE_V or drift_v > DRIFT_V:
        return None
    return round(median(values), 4)

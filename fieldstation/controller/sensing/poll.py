"""Read every sensor within a deadline; a hung bus costs its own sensor only."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from fieldstation import log
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.reading import Quality, Quantity, Sample

REOPEN_AFTER = 3
"""Rounds without an answer before a device is closed and opened anew."""


class SensorDriver(Protocol):
    """What `drivers` gives for a sensor."""

    def open(self) -> None:
        """Claim the device; raises StationError."""

    def read(self) -> list[Sample]:
        """One round's samples; a field fault is a Sample with a fault."""

    def close(self) -> None:
        """Let the device go; safe to call twice."""


class _SensorWorker:
    """One sensor with a thread of its own, so that nobody waits for a stuck bus but it."""

    def __init__(
        self, sensor: str, measures: tuple[Quantity, ...], make: Callable[[], SensorDriver], clock: Clock
    ) -> None:
        self.sensor = sensor
        self.measures = measures
        self._make = make
        self._clock = clock
        self._driver: SensorDriver | None = None
        self._silent = 0
        self._bug = ""
        self._requests: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[list[Sample]] = queue.SimpleQueue()
        self.waiting = False
        self._thread = threading.Thread(target=self._work, name=f"sensor {sensor}", daemon=True)
        self._thread.start()

    def request(self) -> None:
        if not self.waiting:
            self.waiting = True
            self._requests.put(True)

    def stop(self) -> None:
        self._requests.put(False)

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def silence(self, detail: str) -> list[Sample]:
        now, mono_s = self._clock.now(), self._clock.mono_s()
        return [Sample(self.sensor, q, None, Quality.NO_ANSWER, now, mono_s, detail) for q in self.measures]

    def _work(self) -> None:
        while self._requests.get():
            self.answers.put(self._read())
        self._close()

    def _read(self) -> list[Sample]:
        try:
            if self._driver is None:
                self._driver = self._make()
                self._driver.open()
            samples = self._whole(self._driver.read())
        except (StationError, OSError) as error:
            self._close()
            return self.silence(cause(error))
        except Exception as error:  # whatever a driver raises, its thread lives on and asks again
            if cause(error) != self._bug:  # each bug once, until a reading came
                log.exception("driver_bug", sensor=self.sensor)
            self._bug = cause(error)
            self._close()
            return self.silence(self._bug)
        self._bug = ""
        silent = all(sample.fault is Quality.NO_ANSWER for sample in samples)
        self._silent = self._silent + 1 if silent else 0
        if self._silent >= REOPEN_AFTER:
            self._close()
        return samples

    def _whole(self, samples: list[Sample]) -> list[Sample]:
        """What the driver is there for; a quantity it left out or answered with rubbish is silent."""
        ours = [
            sample
            for sample in samples
            if sample.sensor == self.sensor
            and sample.quantity in self.measures
            and _meant(sample.value, sample.fault)
        ]
        answered = {sample.quantity for sample in ours}
        left_out = self.silence("the driver left it out, or gave no number")
        return ours + [sample for sample in left_out if sample.quantity not in answered]

    def _close(self) -> None:
        driver, self._driver, self._silent = self._driver, None, 0
        if driver is not None:
            try:
                driver.close()
            except Exception:  # it is let go all the same
                log.exception("driver_bug", sensor=self.sensor)


def _meant(value: object, fault: object) -> bool:
    number = isinstance(value, float | int)
    return number if fault is None else value is None and fault is not Quality.GOOD


class Sensors:
    """All sensors of the station. A round is asked for, then collected when whole or late."""

    def __init__(self, clock: Clock, deadline_s: float) -> None:
        self._clock = clock
        self._deadline_s = deadline_s
        self._workers: list[_SensorWorker] = []
        self._got: dict[str, list[Sample]] = {}
        self._until_s: float | None = None

    def add(self, sensor: str, measures: tuple[Quantity, ...], make: Callable[[], SensorDriver]) -> None:
        """Take on a sensor; its driver is opened at the first round, in its own thread."""
        self._workers.append(_SensorWorker(sensor, measures, make, self._clock))

    def start_round(self) -> None:
        """Ask every sensor that is not still busy with an earlier question."""
        if self._until_s is not None:
            return
        self._got = {}
        self._until_s = self._clock.mono_s() + self._deadline_s
        for worker in self._workers:
            worker.request()

    def collect(self) -> list[Sample] | None:
        """The round's samples once all have answered or the deadline has passed, else None."""
        if self._until_s is None:
            return None
        for worker in self._workers:
            while not worker.answers.empty():
                worker.waiting = False
                self._got.setdefault(worker.sensor, []).extend(worker.answers.get())  # late rain counts too
        late = self._clock.mono_s() >= self._until_s
        if len(self._got) < len(self._workers) and not late:
            return None
        self._until_s = None
        nothing = f"no answer within {self._deadline_s:g} s"
        return [
            s for worker in self._workers for s in self._got.get(worker.sensor) or worker.silence(nothing)
        ]

    def poll_one(self, sensor: str) -> bool:
        """Ask one sensor between rounds, for somebody who watches it; False while a round is on or it is busy."""
        for worker in self._workers:
            if worker.sensor == sensor and self._until_s is None and not worker.waiting:
                worker.request()
                return True
        return False

    def seen(self, sensor: str) -> list[Sample]:
        """What came of `look_at`; empty while nothing has. A round that began meanwhile takes the answer."""
        found: list[Sample] = []
        for worker in self._workers:
            while worker.sensor == sensor and self._until_s is None and not worker.answers.empty():
                worker.waiting = False
                found += worker.answers.get()
        return found

    def close(self, seconds: float = 2.0) -> None:
        """Close every driver; a hung one is left behind (its thread dies with the process)."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join(seconds / max(1, len(self._workers)))

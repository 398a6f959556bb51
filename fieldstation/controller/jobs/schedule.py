"""When things are due. The only file that knows APScheduler; it never turns water off.

Jobs only put a word on a queue: the controller's one loop does the work. APScheduler
stalls or storms when the wall clock steps, so a monotonic watcher rebuilds it.
"""

from __future__ import annotations

import queue
from datetime import UTC
from enum import StrEnum
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from fieldstation.domain.clock import Clock
from fieldstation.domain.station import Station

STEP_S = 2.0
"""The wall clock has been set when it moves this far against the monotonic one."""


class Due(StrEnum):
    """What the loop is asked to do."""

    SAMPLE = "sample"
    BATCH = "batch"
    ROLL_UP = "roll_up"
    PLAN = "plan"
    HOUSEKEEPING = "housekeeping"
    LEARN = "learn"


class Jobs:
    """The calendar of the station, rebuilt whenever the wall clock is set."""

    def __init__(self, station: Station, clock: Clock, due: queue.SimpleQueue[Due]) -> None:
        self._station = station
        self._clock = clock
        self._due = due
        self._scheduler: BackgroundScheduler | None = None
        self._offset_s = self._wall_minus_mono_s()

    def start(self) -> None:
        """Build the scheduler from the station's cadence and let it run."""
        cadence = self._station.cadence
        scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        every = {Due.SAMPLE: cadence.sample_s, Due.BATCH: cadence.batch_s, Due.ROLL_UP: 3600.0}
        for due, seconds in every.items():
            scheduler.add_job(self._due.put, IntervalTrigger(seconds=seconds, timezone=UTC), args=[due])
        local = ZoneInfo(self._station.timezone)
        for at in cadence.plan_at:
            trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=local)
            scheduler.add_job(self._due.put, trigger, args=[Due.PLAN])
        scheduler.add_job(
            self._due.put, CronTrigger(hour=3, minute=17, timezone=local), args=[Due.HOUSEKEEPING]
        )
        weekly = CronTrigger(day_of_week="sun", hour=1, minute=40, timezone=local)
        scheduler.add_job(self._due.put, weekly, args=[Due.LEARN])
        scheduler.start()
        self._scheduler = scheduler
        self._offset_s = self._wall_minus_mono_s()

    def watch(self) -> float | None:
        """Rebuild after a step of the wall clock; its size in seconds, or None when there was none.

        What the step has skipped is due at once.
        """
        step_s = self._wall_minus_mono_s() - self._offset_s
        if abs(step_s) < STEP_S:
            return None
        now = self._clock.now()
        jobs = [] if self._scheduler is None else self._scheduler.get_jobs()
        skipped: set[Due] = {job.args[0] for job in jobs if job.next_run_time <= now}
        self.close()
        self.start()
        for due in Due:
            if due in skipped:
                self._due.put(due)
        return step_s

    def close(self) -> None:
        """Stop without waiting for anything."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def _wall_minus_mono_s(self) -> float:
        return self._clock.now().timestamp() - self._clock.mono_s()

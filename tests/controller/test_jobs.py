"""When things are due, on a wall clock that is set forward and back."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, tzinfo
from typing import Any

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from fieldstation.controller.jobs.schedule import Due, Jobs
from fieldstation.domain.station import Station
from tests.kit.controller_bench import STATION, HandClock, wait_for

BERLIN = replace(
    STATION,
    timezone="Europe/Berlin",
    cadence=replace(STATION.cadence, sample_s=600.0, batch_s=1800.0, plan_at=(time(5), time(17))),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Bench:
    """Jobs on a clock that the scheduler sees too; its thread is woken by hand."""

    def __init__(self, clock: HandClock, station: Station = BERLIN) -> None:
        self.clock = clock
        self.due: queue.SimpleQueue[Due] = queue.SimpleQueue()
        self.jobs = Jobs(station, clock, self.due)
        self.jobs.start()

    @property
    def scheduler(self) -> Any:
        return self.jobs._scheduler

    def next_plan_at(self) -> datetime:
        """When the next planned decision is due."""
        times: list[datetime] = [
            job.next_run_time for job in self.scheduler.get_jobs() if job.args == (Due.PLAN,)
        ]
        return min(times)

    def now_due(self) -> list[Due]:
        """Everything put on the queue so far, once the scheduler has done what its clock says."""
        self.scheduler._process_jobs()
        running = self.scheduler._lookup_executor("default")._instances
        wait_for(lambda: not any(running.values()), "a job never ended")
        found = []
        while not self.due.empty():
            found.append(self.due.get())
        return sorted(found)

    def hour(self) -> dict[Due, int]:
        """How often each came due in an hour lived minute by minute."""
        found: list[Due] = []
        for _ in range(60):
            self.clock.advance(60)
            assert self.jobs.watch() is None
            found += self.now_due()
        return {due: found.count(due) for due in Due if due in found}


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Bench]]:
    made: list[Bench] = []

    def start(text: str) -> Bench:
        clock = HandClock(at(text))

        class Watched(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # a plain datetime will do
                return clock.now().astimezone(tz)

        monkeypatch.setattr(base, "datetime", Watched)
        monkeypatch.setattr(interval, "datetime", Watched)
        made.append(Bench(clock))
        return made[-1]

    yield start
    for bench in made:
        bench.jobs.close()
        bench.jobs.close()


def test_everything_comes_due_at_its_cadence(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T02:30:00")
    assert bench.now_due() == []
    assert bench.hour() == {Due.SAMPLE: 6, Due.BATCH: 2, Due.ROLL_UP: 1, Due.PLAN: 1}


def test_plans_and_housekeeping_follow_the_local_clock_through_the_change_of_summer_time(
    begin: Callable[[str], Bench],
) -> None:
    bench = begin("2026-10-24T02:30:00")
    assert bench.next_plan_at() == at("2026-10-24T03:00:00"), "05:00 in summer"
    bench.clock.advance(24 * 3600)
    bench.now_due()
    assert bench.next_plan_at() == at("2026-10-25T04:00:00"), "05:00 in winter"
    bench.clock.advance(89 * 60)
    assert Due.PLAN not in bench.now_due()
    bench.clock.advance(60)
    assert Due.PLAN in bench.now_due()
    assert bench.next_plan_at() == at("2026-10-25T16:00:00")


def test_housekeeping_is_at_night_by_the_local_clock(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T01:16:30")
    assert Due.HOUSEKEEPING not in bench.now_due()
    bench.clock.advance(30)
    assert bench.now_due() == [Due.HOUSEKEEPING]


def test_learning_is_weekly_in_the_night_before_sunday_dawn(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-04T23:39:30")
    assert Due.LEARN not in bench.now_due()
    bench.clock.advance(30)
    assert bench.now_due() == [Due.LEARN], "01:40 on Sunday in Berlin"
    for _ in range(6):
        bench.clock.advance(86400)
        assert Due.LEARN not in bench.now_due()
    bench.clock.advance(86400)
    assert Due.LEARN in bench.now_due()


def test_a_clock_that_only_drifts_rebuilds_nothing(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T12:00:00")
    built = bench.scheduler
    bench.clock.advance(300)
    bench.clock.set(1.9)
    assert bench.jobs.watch() is None
    bench.clock.set(-3.8)
    assert bench.jobs.watch() is None
    assert bench.scheduler is built


def test_after_a_step_back_jobs_go_on_at_once_and_do_not_wait_for_the_old_time(
    begin: Callable[[str], Bench],
) -> None:
    bench = begin("2026-07-01T12:00:00")
    bench.hour()
    bench.clock.set(-7200)
    assert bench.jobs.watch() == pytest.approx(-7200)
    assert bench.now_due() == [], "nothing was skipped"
    assert bench.next_plan_at() == at("2026-07-01T15:00:00")
    assert bench.hour() == {Due.SAMPLE: 6, Due.BATCH: 2, Due.ROLL_UP: 1}
    assert bench.jobs.watch() is None, "one step is told once"


def test_a_plan_comes_again_at_its_hour_after_a_step_back(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T14:30:00")
    assert bench.hour()[Due.PLAN] == 1
    bench.clock.set(-3600)
    bench.jobs.watch()
    assert bench.next_plan_at() == at("2026-07-01T15:00:00")
    assert bench.hour()[Due.PLAN] == 1


def test_what_a_step_forward_skips_is_due_at_once_and_once(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T14:30:00")
    bench.clock.set(7 * 86400)
    assert bench.jobs.watch() == pytest.approx(7 * 86400)
    assert bench.now_due() == sorted(Due)
    assert bench.next_plan_at() == at("2026-07-08T15:00:00")
    assert bench.hour() == {Due.SAMPLE: 6, Due.BATCH: 2, Due.ROLL_UP: 1, Due.PLAN: 1}


def test_a_short_step_forward_skips_nothing(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T14:30:00")
    bench.clock.set(300)
    assert bench.jobs.watch() == pytest.approx(300)
    assert bench.now_due() == []
    assert bench.hour() == {Due.SAMPLE: 6, Due.BATCH: 2, Due.ROLL_UP: 1, Due.PLAN: 1}


def test_the_old_scheduler_ends_with_the_step(begin: Callable[[str], Bench]) -> None:
    bench = begin("2026-07-01T14:30:00")
    old = bench.scheduler
    thread = old._thread
    bench.clock.set(-86400)
    bench.jobs.watch()
    assert not old.running
    wait_for(lambda: not thread.is_alive(), "its thread is still there")


def test_the_real_thread_fires_without_being_woken() -> None:
    class Now:
        """The real wall clock; only `base` and `interval` of other tests were replaced."""

        def now(self) -> datetime:
            return datetime.now(UTC)

        def mono_s(self) -> float:
            return 0.0

        def trusted(self) -> bool:
            return True

    due: queue.SimpleQueue[Due] = queue.SimpleQueue()
    jobs = Jobs(replace(STATION, cadence=replace(STATION.cadence, sample_s=0.05)), Now(), due)
    jobs.start()
    try:
        assert due.get(timeout=10) is Due.SAMPLE
        assert due.get(timeout=10) is Due.SAMPLE
    finally:
        jobs.close()

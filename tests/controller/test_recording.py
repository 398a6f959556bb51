"""The record may fail: nothing is raised, decisions say so, runs and events wait and keep their order."""

from __future__ import annotations

from typing import cast

from fieldstation.binding import read
from fieldstation.controller.recording import Recording
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.learned import Prediction
from fieldstation.domain.run import Run
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.record import Record
from tests.kit.controller_bench import START, WATER, ScriptedGuard


class Fragile:
    """A record that fails with `code` while it has one."""

    def __init__(self) -> None:
        self.code: Trouble | None = None
        self.kept: list[str] = []
        self.freed = 0
        self.ballast = self.rounds = True
        self.enough = False

    def keep(self, what: str) -> None:
        if self.code is not None:
            raise RecordError(self.code, "cannot write")
        self.kept.append(what)

    def add_decision(self, decision: Decision) -> None:
        self.keep(decision.id)

    def add_run(self, run: Run, depth_mm: float) -> None:
        self.keep(f"{run.id} {depth_mm}")

    def add_event(self, event: Event) -> None:
        self.keep(event.code)

    def add_predictions(self, predictions: list[Prediction]) -> None:
        self.keep(f"{len(predictions)} foretold")

    def flush(self) -> bool:
        if self.rounds:
            self.keep("rounds")
        return self.rounds

    def free_reserve(self) -> bool:
        """The room it makes is enough for one more write, or for none."""
        freed, self.ballast = self.ballast, False
        self.freed += freed
        if freed and self.enough:
            self.code = None
        return freed


def made() -> tuple[Fragile, Recording]:
    fragile = Fragile()
    return fragile, Recording(cast("Record", fragile))


def event(code: str) -> Event:
    return Event(code, START, True)


def run() -> Run:
    guard = ScriptedGuard()
    guard.close_run("r1")
    return read(Run, guard.status["closed"][0])


def test_a_decision_says_whether_it_is_kept() -> None:
    fragile, recording = made()
    assert recording.add_decision(WATER) is True
    fragile.code = Trouble.LOCKED
    assert recording.add_decision(WATER) is False
    failure = recording.failure
    assert (failure.code if failure else None) is Trouble.LOCKED
    fragile.code = None
    assert recording.add_decision(WATER) is True
    assert (recording.failure, fragile.kept) == (None, ["d1", "d1"])


def test_forecasts_to_be_judged_are_kept_or_lost_and_told() -> None:
    fragile, recording = made()
    one = Prediction("north", "base-1", START, ())
    recording.add_predictions(())
    assert fragile.kept == [], "nothing is written while there is nothing to judge"
    fragile.code = Trouble.DISK_FULL
    recording.add_predictions((one,))
    assert recording.failure is not None
    assert fragile.freed == 1
    fragile.code = None
    recording.add_predictions((one,))
    assert fragile.kept == ["1 foretold"]


def test_runs_and_events_wait_for_the_record_and_keep_their_order() -> None:
    fragile, recording = made()
    recording.add_event(event("before"))
    fragile.code = Trouble.LOCKED
    recording.add_event(event("first"))
    recording.add_run(run(), 2.0)
    assert recording.flush() is False
    assert fragile.kept == ["before"]
    fragile.code = None
    assert recording.flush() is True
    recording.add_event(event("last"))
    assert fragile.kept == ["before", "rounds", "first", "r1 2.0", "last"]


def test_a_decision_that_is_taken_does_not_hide_what_still_waits() -> None:
    fragile, recording = made()
    fragile.code = Trouble.LOCKED
    recording.add_run(run(), 2.0)
    fragile.code = None
    assert recording.add_decision(WATER)
    assert (recording.failure, recording.behind) == (None, True), (
        "the run is tried again soon, not at the next batch"
    )
    assert recording.again()
    assert not recording.behind
    assert "r1 2.0" in fragile.kept


def test_what_waits_is_bounded_and_the_newest_stays() -> None:
    fragile, recording = made()
    fragile.code = Trouble.LOCKED
    for number in range(Recording.KEEP + 10):
        recording.add_event(event(str(number)))
    fragile.code = None
    recording.flush()
    assert fragile.kept[1:] == [str(number) for number in range(10, Recording.KEEP + 10)]


def test_only_a_full_disk_frees_the_ballast_and_what_then_fits_is_written_at_once() -> None:
    fragile, recording = made()
    fragile.code, fragile.enough = Trouble.LOCKED, True
    assert not recording.add_decision(WATER)
    assert fragile.freed == 0
    fragile.code = Trouble.DISK_FULL
    assert recording.add_decision(WATER), "the room that was kept for it"
    assert (fragile.freed, fragile.kept, recording.failure) == (1, ["d1"], None)
    fragile.code = Trouble.DISK_FULL
    assert not recording.add_decision(WATER), "there is no second reserve"
    assert recording.failure is not None


def test_a_flush_with_nothing_to_write_does_not_take_a_failure_back() -> None:
    fragile, recording = made()
    fragile.code, fragile.rounds = Trouble.DISK_FULL, False
    assert not recording.add_decision(WATER)
    assert recording.flush()
    assert recording.failure is not None, "nobody knows whether the record takes anything"
    fragile.code, fragile.rounds = None, True
    assert recording.flush()
    assert recording.failure is None

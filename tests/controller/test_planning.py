"""The planner as a child: whatever it does, a PlannerReport comes back and nothing stays behind."""

from __future__ import annotations

import json
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest

from fieldstation.controller.core import Core
from fieldstation.controller.jobs.planning import Planning
from fieldstation.domain.decision import Rung
from fieldstation.domain.errors import CAUSE_MAX
from fieldstation.domain.forecast import PlannerReport, Quantiles, SoilForecast, ZoneForecast
from fieldstation.wire.places import Places
from fieldstation.wire.report import encode_report
from tests.kit.controller_bench import START, STATION, HandClock, Memory, ScriptedGuard, gone, wait_for

RANGE = Quantiles(0.1, 0.2, 0.3)
REPORT = PlannerReport(
    START,
    (ZoneForecast("north", START, "base-1", (SoilForecast(24, RANGE),), RANGE, RANGE, None),),
)
TEXT = encode_report(REPORT)
Play = Callable[[str], Planning]


class Bench:
    """A Planning whose program is a script of the test's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.planning: Planning | None = None

    def play(self, code: str, monkeypatch: pytest.MonkeyPatch) -> Planning:
        program = self.folder / "program"
        note = f"open({str(self.folder / 'pid')!r}, 'w').write(str(os.getpid()))"
        program.write_text(f"#!{sys.executable}\nimport os, subprocess, sys, time\n{note}\n{code}\n")
        program.chmod(0o755)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(program))
            return self.plan()

    def plan(self) -> Planning:
        places = Places(self.folder / "data", self.folder / "sockets", self.folder / "ledger")
        self.planning = Planning(STATION, places, self.folder / "station.toml", self.clock)
        return self.planning

    def report(self) -> PlannerReport:
        """The report of a child that ends by itself; its deadline never comes, for the clock stands."""
        planning = self.planning
        assert planning is not None
        got: list[PlannerReport] = []

        def told() -> bool:
            found = planning.poll()
            got.extend([] if found is None else [found])
            return bool(got)

        wait_for(told, "no report")
        assert not planning.running
        assert planning.poll() is None, "a report is told once"
        return got[0]

    def pid(self, name: str = "pid") -> int:
        path = self.folder / name
        wait_for(lambda: path.exists() and path.read_text().strip() != "", f"no {name}")
        return int(path.read_text())


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    if made.planning is not None:
        made.planning.close()


@pytest.mark.slow
def test_a_whole_report_comes_back_as_it_was(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    planning = bench.play(f"print({TEXT!r})", monkeypatch)
    assert planning.poll() is None, "nothing was started"
    planning.start()
    assert planning.running
    planning.start()
    assert bench.report() == REPORT


@pytest.mark.slow
def test_the_child_is_told_where_the_station_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    planning = bench.play("print(' '.join(sys.argv[1:]), file=sys.stderr); sys.exit(1)", monkeypatch)
    planning.start()
    told = bench.report().detail
    assert told == (
        f"-m fieldstation plan --json --config {bench.folder}/station.toml"
        f" --data {bench.folder}/data --sockets {bench.folder}/sockets"
    )


@pytest.mark.slow
def test_a_late_child_is_killed_at_its_deadline_with_all_it_started(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = str(bench.folder / "helper")
    planning = bench.play(
        f"pid = subprocess.Popen(['sleep', '600']).pid\nopen({helper!r}, 'w').write(str(pid))\ntime.sleep(600)",
        monkeypatch,
    )
    files = open_files()
    planning.start()
    pid, helper_pid = bench.pid(), bench.pid("helper")
    bench.clock.advance(STATION.cadence.planner_deadline_s - 0.1)
    assert planning.poll() is None
    assert not gone(pid)
    bench.clock.advance(0.1)
    report = planning.poll()
    assert report == PlannerReport(bench.clock.now(), (), "planner_late", "no answer in 60 s")
    assert not planning.running
    assert not Path(f"/proc/{pid}").exists(), "killed and reaped"
    wait_for(lambda: gone(helper_pid), "what it started outlived it")
    assert open_files() == files, "its files are closed"


@pytest.mark.slow
def test_a_child_that_ignores_being_asked_to_end_is_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = str(bench.folder / "ready")
    planning = bench.play(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({ready!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)",
        monkeypatch,
    )
    planning.start()
    pid = bench.pid("ready")
    planning.close()
    planning.close()
    assert not Path(f"/proc/{pid}").exists()
    assert not planning.running


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('no lightgbm here', file=sys.stderr); sys.exit(3)", "no lightgbm here"),
        ("sys.exit(3)", "exit code 3"),
        ("os.kill(os.getpid(), 9)", "exit code -9"),
        (f"print({TEXT!r}); sys.exit(1)", "exit code 1"),
        ("sys.stderr.buffer.write(b'\\xff oh'); sys.exit(1)", "\ufffd oh"),
    ],
    ids=["with words", "in silence", "killed", "with a report", "in no language"],
)
def test_a_child_that_fails_is_reported_with_its_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    bench.play(code, monkeypatch).start()
    assert bench.report() == PlannerReport(START, (), "planner_died", words)


def changed(**zone: object) -> str:
    plain = json.loads(TEXT)
    plain["zones"][0] |= zone
    return json.dumps(plain)


GARBAGE = {
    "empty": "",
    "words": "hello",
    "null": "null",
    "list": "[]",
    "deep": "[" * 100000,
    "cut off": TEXT[: len(TEXT) // 2],
    "twice": TEXT + TEXT,
    "unknown zone": TEXT.replace('"north"', '"nowhere"'),
    "nan": TEXT.replace("0.2", "NaN"),
    "out of order": TEXT.replace("0.2", "9.0"),
    "text": TEXT.replace("0.2", '"0.2"'),
    "infinite hours": changed(soil=[{"hours": float("inf"), "p10": 0.1, "p50": 0.2, "p90": 0.3}]),
    "endless number": changed(need_mm={"p10": 1, "p50": 10**400, "p90": 10**401}),
    "before all time": changed(at="0001-01-01T00:00:00+14:00"),
    "no time zone": changed(at="2026-07-01T05:00:00"),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_a_failure_and_no_forecast(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (bench.folder / "answer").write_text(text)
    bench.play(f"print(open({str(bench.folder / 'answer')!r}).read())", monkeypatch).start()
    report = bench.report()
    assert (report.failure, report.zones, report.at) == ("planner_garbage", (), START)
    assert 0 < len(report.detail) <= CAUSE_MAX


@pytest.mark.slow
def test_a_child_that_talks_without_end_neither_stalls_nor_fills_the_memory(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood = "for _ in range(300): {0}.write('x' * 100000)\n"
    code = flood.format("sys.stdout") + flood.format("sys.stderr")
    planning = bench.play(f"{code}sys.stderr.write('the end'); sys.exit(1)", monkeypatch)
    tracemalloc.start()
    try:
        planning.start()
        report = bench.report()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.failure == "planner_died"
    assert report.detail.endswith("the end")
    assert len(report.detail) == CAUSE_MAX
    assert peak < 8_000_000


@pytest.mark.slow
def test_a_missing_program_is_a_failure_and_the_next_start_tries_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(bench.folder / "program"))
        planning = bench.plan()
    planning.start()
    report = bench.report()
    assert (report.failure, report.zones) == ("planner_died", ())
    assert "program" in report.detail
    (bench.folder / "program").write_text(f"#!{sys.executable}\nprint({TEXT!r})\n")
    (bench.folder / "program").chmod(0o755)
    planning.start()
    assert bench.report() == REPORT


def test_no_room_for_the_answer_is_a_failure(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    bench.plan().start()
    report = bench.report()
    assert report.failure == "planner_died"
    assert "No space left" in report.detail


@pytest.mark.slow
def test_with_a_failed_planner_the_ladder_steps_down_and_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.play("print('{')", monkeypatch).start()
    memory = Memory()
    core = Core(STATION, bench.clock, ScriptedGuard(), memory, UTC)
    decisions = core.decide(bench.report())
    assert [decision.zone for decision in decisions] == ["north", "south"]
    for decision in decisions:
        assert decision.rung is not Rung.LEARNED
        assert (decision.skipped[0].rung, decision.skipped[0].why) == (Rung.LEARNED, "planner_garbage")
        assert decision.forecast is None
    assert memory.decisions == decisions
    assert core.planned_at is None

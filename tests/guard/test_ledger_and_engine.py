"""The ledger survives torn writes and full disks; the engine answers anything and writes before it acts."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.domain.errors import PlaceError
from fieldstation.guard.ledger import SLOT, FileLedger, LedgerError, new_ledger
from fieldstation.safety.memory import Memory, memory_from
from tests.kit.plant import Plant


def test_two_slots_take_turns_and_the_newest_whole_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    new_ledger(path, {"n": 0})
    assert path.stat().st_size == 2 * SLOT
    ledger = FileLedger(path)
    ledger.load()
    for number in range(1, 6):
        ledger.save({"n": number})
    assert FileLedger(path).load() == {"n": 5}


@pytest.mark.parametrize("cut", [0, 3, 8, 15, 23, 24, 30])
def test_a_torn_write_leaves_the_other_slot(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "ledger"
    new_ledger(path, {"n": 0})
    ledger = FileLedger(path)
    ledger.load()
    ledger.save({"n": 1})
    before = path.read_bytes()
    ledger.save({"n": 2})
    after = path.read_bytes()
    at = next(i for i in range(len(after)) if after[i] != before[i]) // SLOT * SLOT
    torn = after[: at + cut] + before[at + cut :] if before[at : at + cut] != after[at : at + cut] else before
    path.write_bytes(torn)
    assert FileLedger(path).load()["n"] in (1, 2)


@pytest.mark.parametrize("data", [b"", b"x" * 10, bytes(2 * SLOT), b"SQLite format 3\0" * 9000])
def test_no_whole_slot_is_no_ledger(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(data)
    with pytest.raises(LedgerError):
        FileLedger(path).load()
    with pytest.raises(LedgerError):
        FileLedger(tmp_path / "absent").load()
    assert path.read_bytes() == data, "an unusable ledger is kept as it is"
    aside = new_ledger(path, {"n": 1})
    assert aside is not None
    assert aside.read_bytes() == data
    with pytest.raises(LedgerError):
        FileLedger(path).save({"n": "x" * SLOT})


@pytest.mark.slow
def test_the_guard_loads_its_own_rooms_alone() -> None:
    code = (
        "import sys, fieldstation.guard.main, fieldstation.config.load, fieldstation.cli.main\n"
        "fieldstation.cli.main.parser('guard')\n"
        "from fieldstation.config.demo import demo_toml\n"
        "from datetime import date\n"
        "fieldstation.config.load.resolve(demo_toml(planted_on=date(2026, 5, 1), seed=1))\n"
        "print(*sorted({'.'.join(name.split('.')[:2]) for name in sys.modules if name.startswith('fieldstation.')}))\n"
        "print(*[name for name in sys.modules if name.startswith('fieldstation.agronomy.')])\n"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    rooms, agronomy = told.splitlines()
    own = {"guard", "safety", "drivers", "wire", "log", "config", "domain", "binding", "cli"}
    tables = {"agronomy"}  # the folder of the crop files, and no code of it
    assert set(rooms.split()) <= {f"fieldstation.{room}" for room in own | tables}
    assert agronomy == ""


@pytest.mark.slow
def test_saving_works_where_files_may_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    new_ledger(path, Memory().as_dict())
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from fieldstation.guard.ledger import FileLedger\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({2 * SLOT}, {2 * SLOT}))\n"
        "ledger = FileLedger(Path(sys.argv[1])); ledger.load()\n"
        "[ledger.save({'n': n}) for n in range(50)]\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert FileLedger(path).load() == {"n": 49}
    assert resource.RLIMIT_FSIZE is not None


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaceError, match="cannot be written"):
        new_ledger(tmp_path / "file" / "ledger", {})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"version": 2},
        {**Memory().as_dict(), "spans": [{"zone": 1}]},
        {**Memory().as_dict(), "t_s": float("nan")},
    ],
)
def test_a_foreign_memory_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        memory_from(wrong)


def test_a_memory_survives_the_ledger() -> None:
    plant = Plant()
    plant.hold(1)
    plant.start("north", 30)
    plant.hold(60)
    kept = plant.engine.machine.memory.as_dict()
    assert memory_from(kept).as_dict() == kept


def test_a_failing_ledger_refuses_and_no_line_ever_moves() -> None:
    plant = Plant()
    plant.hold(1)
    plant.disk = False
    answer = plant.start("north")
    assert (answer["permitted"], answer["reason"]) == (False, "ledger")
    plant.hold(5)
    assert not plant.on_since
    plant.disk = True
    plant.hold(8)
    assert plant.start("north")["permitted"], "a ledger that works again is used again"


def test_stop_is_answered_with_the_lines_off_even_when_it_cannot_be_written() -> None:
    plant = Plant()
    plant.hold(1)
    plant.start("north")
    plant.hold(10)
    plant.disk = False
    plant.stop()
    plant.disk = True
    plant.hold(8)
    assert plant.saved["stopped_by"] == "test", "the latch is written as soon as it can be"


def counted(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each save."""
    saves: list[int] = []
    real = Plant.save

    def save(self: Plant, memory: dict[str, Any]) -> None:
        saves.append(1)
        real(self, memory)

    monkeypatch.setattr(Plant, "save", save)
    return saves


def test_a_repeated_stop_is_confirmed_each_time_and_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = Plant()
    plant.hold(1)
    saves = counted(plant, monkeypatch)
    for _ in range(40):
        plant.stop()
    assert len(saves) == 1
    assert plant.engine.handle({"verb": "status"})["stops"] == 1, "one latch, however often it is pressed"
    plant.disk = False
    plant.resume()
    plant.stop()
    plant.disk = True
    plant.hold(8)
    assert plant.saved["stopped_by"] == "test"


def test_an_idle_hour_writes_nothing_and_a_run_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = Plant()
    plant.hold(5)
    saves = counted(plant, monkeypatch)
    plant.hold(3600)
    assert saves == []
    plant.start("north", 100)
    plant.hold(120)
    assert 2 <= len(saves) <= 3


def test_closing_reads_every_line_off() -> None:
    plant = Plant()
    plant.hold(1)
    plant.start("north")
    plant.hold(10)
    assert plant.engine.close() is True
    assert not any(plant.lines.values())


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda c: st.lists(c, max_size=3),
    max_leaves=4,
)
commands = st.sampled_from(["status", "start", "renew", "end", "resume", "other", None])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    commands,
    st.dictionaries(
        st.sampled_from(["id", "zone", "max_s", "max_l", "air_t_c", "air_t_age_s", "origin"]), values
    ),
)
def test_anything_is_answered_and_garbage_moves_nothing(verb: object, rest: dict[str, Any]) -> None:
    plant = Plant()
    answer = plant.engine.handle({"verb": verb, **rest})
    assert isinstance(answer, dict)
    plant.tick()
    assert not any(plant.lines.values())

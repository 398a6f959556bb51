from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fieldstation.store.upkeep import check

PAGE = 4096
ROWS = 1_500_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A sound table that takes a while to walk."""
    with closing(sqlite3.connect(tmp_path_factory.mktemp("large") / "large.db")) as made:
        made.execute("CREATE TABLE long (x INTEGER, y INTEGER)")
        made.execute(
            "INSERT INTO long WITH RECURSIVE n(i) AS"
            f" (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {ROWS}) SELECT i, i FROM n"
        )
        made.commit()
        yield made


@pytest.mark.parametrize("full", [False, True])
def test_a_look_ends_when_its_time_is_over(large: sqlite3.Connection, full: bool) -> None:
    began = time.perf_counter()
    assert check.problem(large, 60.0, full=full) is None
    whole_s = time.perf_counter() - began
    cut_s = []
    for _ in range(5):  # the quickest counts: the machine may be busy with something else
        began = time.perf_counter()
        assert check.problem(large, 0.0, full=full) is None
        cut_s.append(time.perf_counter() - began)
    assert min(cut_s) < whole_s / 2
    assert large.execute("SELECT count(*) FROM long").fetchone() == (ROWS,)


@pytest.mark.parametrize("full", [False, True])
def test_a_lost_page_is_found(path: Path, full: bool) -> None:
    with path.open("r+b") as file:
        file.seek(5 * PAGE)
        file.write(bytes(PAGE))
    with closing(sqlite3.connect(path)) as connection:
        wrong = check.problem(connection, 60.0, full=full)
    assert wrong is not None
    assert "ok" not in wrong.split()


def test_a_sound_record_has_no_problem(path: Path) -> None:
    with closing(sqlite3.connect(path)) as sound:
        assert check.problem(sound, 5.0, full=True) is None

"""The demo's folder: gone on with, made anew, interrupted, of another release, damaged."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from fieldstation.domain.errors import PlaceError
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.schema import VERSION
from fieldstation.store.upkeep.backup import make as back_up
from fieldstation.virtual_station.demo_folder import MAKING, MARK, Made, open_demo
from fieldstation.wire.places import Places

MADE = Made(history_days=1)


@dataclass
class Demo:
    """A demo's folder, and what was said of it."""

    places: Places
    said: list[str] = field(default_factory=list)

    def open(self, wanted: Made = MADE, *, fresh: bool = False) -> Made:
        self.said.clear()
        return open_demo(self.places, wanted, None, fresh=fresh, say=self.said.append)[2]

    def heard(self, words: str) -> bool:
        return any(words in said for said in self.said)

    def own(self) -> None:
        """Somebody makes it theirs."""
        record = Record.open(self.places.record, "test")
        record.set_setting("language", None, "fr", "Ana")
        record.close()

    @property
    def owned(self) -> bool:
        with Reader(self.places.record) as reader:
            return reader.settings().get("language") == "fr"

    @property
    def whole(self) -> bool:
        files = {path.name for path in self.places.data.iterdir()}
        marked = json.loads((self.places.data / MARK).read_text())["whole"]
        return (
            marked and {"station.toml", "field.json", "ledger", "record.db"} <= files and MAKING not in files
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    demo = Demo(Places.under(tmp_path_factory.mktemp("demo")))
    demo.open()
    assert demo.heard("Simulating 1 days of field and station")
    assert demo.whole
    demo.own()
    return demo.places.data


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Demo:
    shutil.copytree(made, tmp_path / "demo")
    return Demo(Places.under(tmp_path / "demo"))


def test_a_second_start_goes_on_with_accounts_and_record(demo: Demo) -> None:
    before = (demo.places.data / "station.toml").read_text()
    assert demo.open() == MADE
    assert demo.heard("Going on with the demo")
    assert demo.heard("its accounts and its record")
    assert demo.heard("--fresh erases them and begins anew")
    assert demo.owned
    assert (demo.places.data / "station.toml").read_text() == before


def test_other_options_do_not_change_what_was_made(demo: Demo) -> None:
    assert demo.open(replace(MADE, seed=7)) == MADE
    assert demo.heard("It stays as it was made: --seed 1 --history-days 1 --climate semi_arid_warm.")
    assert demo.open(replace(MADE, seed=7), fresh=True).seed == 7
    assert demo.open(replace(MADE, seed=7)).seed == 7


def test_fresh_begins_anew(demo: Demo) -> None:
    (demo.places.data / "log").write_text("old")
    demo.open(fresh=True)
    assert demo.whole
    assert not demo.owned
    assert not (demo.places.data / "log").exists()


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_interrupted_while_it_is_made_a_first_demo_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Demo(Places.under(tmp_path / "demo"))
    with monkeypatch.context() as patched:
        patched.setattr("fieldstation.virtual_station.demo_past.new_ledger", interrupt)
        with pytest.raises(KeyboardInterrupt):
            demo.open()
    assert not demo.places.record.exists(), "nothing half made stands where a demo is looked for"
    demo.open()
    assert demo.heard("was interrupted while it was made")
    assert demo.whole


def test_interrupted_fresh_leaves_the_demo_before(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("fieldstation.virtual_station.demo_past.new_ledger", interrupt)
        with pytest.raises(KeyboardInterrupt):
            demo.open(fresh=True)
    demo.open()
    assert demo.heard("Going on")
    assert demo.owned
    assert demo.whole


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_interrupted_while_it_takes_its_place(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    real, done = Path.replace, [0]

    def replace_some(path: Path, target: Path) -> Path:
        if MAKING in path.parts and target.parent == demo.places.data:
            if done[0] == moved:
                interrupt()
            done[0] += 1
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace_some)
        with pytest.raises(KeyboardInterrupt):
            demo.open(fresh=True)
    demo.open()
    assert demo.heard("was interrupted while it was made")
    assert demo.whole
    assert not demo.owned


def version(demo: Demo, number: int) -> None:
    with sqlite3.connect(demo.places.record) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


def test_a_record_of_an_older_release_is_brought_up_to_date(demo: Demo) -> None:
    version(demo, VERSION - 1)
    demo.open()
    assert demo.heard(f"(schema {VERSION - 1}); the controller brings it up to {VERSION}")
    assert demo.heard("Going on")


def test_a_record_of_a_newer_release_is_left_alone(demo: Demo) -> None:
    version(demo, VERSION + 1)
    before = demo.places.record.read_bytes()
    with pytest.raises(PlaceError, match=r"newer release.*begin anew with --fresh"):
        demo.open()
    assert demo.places.record.read_bytes() == before
    demo.open(fresh=True)
    assert demo.whole


def test_a_damaged_record_is_kept_aside_and_the_past_made_anew(demo: Demo) -> None:
    demo.places.record.write_bytes(b"rubbish" * 1000)
    demo.open()
    assert demo.heard("Take care: the record was damaged (not a database)")
    assert demo.heard("Simulating")
    assert demo.whole
    (kept,) = demo.places.data.glob("record.db.corrupt-*")
    assert kept.read_bytes() == b"rubbish" * 1000


def test_a_damaged_record_with_a_backup_goes_on_with_that(demo: Demo) -> None:
    back_up(demo.places.record)
    demo.places.record.write_bytes(b"")
    demo.open()
    assert demo.heard("was restored")
    assert demo.heard("Going on")
    assert demo.owned


def spoil_ground(data: Path) -> None:
    (data / "field.json").write_text('{"plots": {}}')


def spoil_nothing(data: Path) -> None:
    (data / MARK).write_text("This folder is made anew by every `fieldstation demo`.\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_ground, "Take care: the simulated ground begins anew"),
        (spoil_nothing, "Going on with the demo"),
    ],
    ids=["ground", "earlier release"],
)
def test_what_can_go_on_goes_on(demo: Demo, spoil: Callable[[Path], None], words: str) -> None:
    spoil(demo.places.data)
    demo.open()
    assert demo.heard(words)
    assert demo.owned


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("station.toml", "[station]\nname = 1\n", "configuration is not of this release"),
        ("ledger", None, "ledger is missing"),
    ],
)
def test_what_cannot_go_on_says_so_and_changes_nothing(
    demo: Demo, name: str, text: str | None, words: str
) -> None:
    place = demo.places.data / name
    place.unlink() if text is None else place.write_text(text)
    with pytest.raises(PlaceError, match=rf"(?s){words}.*--fresh"):
        demo.open()
    assert demo.owned
    demo.open(fresh=True)
    assert demo.whole


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PlaceError, match=r"thesis\.txt"):
        Demo(Places.under(tmp_path)).open(fresh=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

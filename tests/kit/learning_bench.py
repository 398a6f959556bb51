"""The controller's learning over a real record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fieldstation.controller.jobs.learning import Learning
from fieldstation.domain.learned import (
    Judged,
    LearnReport,
    ModelState,
    OwnModel,
    Score,
)
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.wire.places import Places
from tests.kit.controller_bench import STATION, HandClock

NOW = datetime(2026, 9, 20, 3, tzinfo=UTC)
SCORE = Score(0.01, 0.02, 0.03, 0.06, 20, 300)
FIRST = OwnModel("own-00000001", ModelState.SHADOW, NOW, "a" * 64, "base-1", "better", SCORE)
SECOND = replace(FIRST, version="own-00000002")
EMPTY = LearnReport(NOW, None, "", 60, 400, None, (), (), (), 1.0, 80.0)


class Bench:
    """A Learning over a real record."""

    def __init__(self, folder: Path, blank: bytes) -> None:
        self.places = Places.under(folder / "data")
        self.places.data.mkdir()
        self.places.record.write_bytes(blank)
        self.clock = HandClock(NOW)
        self.record = Record.open(self.places.record, "boot", self.clock)
        self.said: list[str] = []
        self.learning = self.made()

    def made(self) -> Learning:
        def say(what: str, zone: str | None = None, **_: float | str | None) -> None:
            self.said.append(what)

        found = Learning(
            STATION, self.places, self.places.data / "station.toml", self.clock, self.record, say
        )
        found.begin()
        return found

    def files(self, *models: OwnModel) -> None:
        for model in models:
            (self.places.models / model.version).mkdir(parents=True, exist_ok=True)

    def states(self) -> dict[str, str]:
        """As the record has them, not as memory does."""
        with Reader(self.places.record) as reader:
            on_record = {model.version: model.state.value for model in reader.models()}
        assert on_record == {model.version: model.state.value for model in self.learning.models}
        return on_record

    def judge(self, version: str, state: ModelState, why: str = "better") -> None:
        self.learning.register(replace(EMPTY, judged=(Judged(version, state, why, SCORE),)))

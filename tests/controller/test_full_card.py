"""A card without room: the reserve is for people's requests too, what does not fit is said, what was not decided is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldstation.store.errors import RecordError, Trouble
from tests.controller.asked import Asked
from tests.kit.status import seen


class Card:
    """A card with no room but its reserve."""

    def __init__(self, asked: Asked, patch: pytest.MonkeyPatch) -> None:
        self.full, self.reserve = True, True
        record: Any = asked.record
        for name in ("adjust", "add_decision", "add_audit"):
            patch.setattr(record, name, self._unless_full(getattr(record, name)))
        patch.setattr(record, "free_reserve", self._free)

    def _unless_full(self, write: Any) -> Any:
        def tried(*values: Any, **named: Any) -> Any:
            if self.full:
                raise RecordError(Trouble.DISK_FULL, "record.db: no room")
            return write(*values, **named)

        return tried

    def _free(self) -> bool:
        freed, self.reserve = self.reserve, False
        self.full = self.full and not freed
        return freed


def failure(asked: Asked) -> Trouble | None:
    found = asked.desk.recording.failure
    return found.code if found else None


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_a_wish_takes_the_reserve_and_the_next_is_refused_and_told(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card(asked, monkeypatch)
    assert asked.say("skip") == {"asked": "skip", "zone": "north"}
    assert asked.audit_log() == [("anna", "skip")], "asked once, though tried twice"
    assert failure(asked) is None
    card.full = True
    assert asked.say("nudge", frac=0.1)["refused"] == "disk_full"
    assert asked.say("water_now", minutes=5, key=f"{asked.core.by_hand.run_id}.1")["refused"] == "disk_full"
    assert asked.guard.of("start") == []
    assert failure(asked) is Trouble.DISK_FULL, "an alert at once, not at the next plan"


def test_a_zone_whose_decision_was_not_kept_is_known_until_one_is(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card(asked, monkeypatch)
    card.reserve = False
    asked.feel()
    assert asked.decide().depth_mm > 0
    asked.live(5)
    assert asked.guard.of("start") == []
    assert [zone["unkept"] for zone in seen(asked.core)["zones"]] == [True, True]
    card.full = False
    asked.decide()
    asked.live(5)
    assert asked.core.unkept == set()
    assert len(asked.guard.of("start")) == 1

"""A harvest that the page hands on: who said it stands in the audit log, what cannot be has a code, and half of it is never kept."""

from __future__ import annotations

import pytest

from fieldstation.store.errors import Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import RecordError
from tests.kit.learning_bench import Bench

TOLD = {"zone": "north", "on": "2026-09-14", "t_ha": 5.5}


def test_who_said_it_stands_in_the_trail(bench: Bench) -> None:
    assert bench.learning.harvest({**TOLD, "by": "Rosa"})["kept"]
    bench.learning.harvest(TOLD)  # from a terminal: nobody is named
    with Reader(bench.places.record) as reader:
        audit_entries, harvests = reader.audit(), reader.harvests()
    assert [(entry.who, entry.what, entry.zone) for entry in audit_entries] == [("Rosa", "harvest", "north")]
    assert audit_entries[0].values == {"on": "2026-09-14", "t_ha": 5.5}
    assert len(harvests) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "moon"}, "zone_unknown"),
        ({"on": "14.9."}, "harvest_date"),
        ({"on": "2026-09-21"}, "harvest_ahead"),
        ({"on": "2026-05-31"}, "harvest_unplanted"),
        ({"t_ha": 80}, "harvest_amount"),
        ({"by": " "}, "nobody_asks"),
    ],
)
def test_what_cannot_be_has_a_code_and_leaves_no_trace(
    bench: Bench, change: dict[str, object], code: str
) -> None:
    answer = bench.learning.harvest({**TOLD, "by": "Rosa", **change})
    assert answer["refused"] == code
    if code == "harvest_amount":
        assert 5 < answer["values"]["most_t_ha"] < 80
    with Reader(bench.places.record) as reader:
        assert (reader.harvests(), reader.audit()) == ([], [])
    assert bench.said == []


def test_without_its_line_in_the_trail_a_harvest_is_not_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RecordError(Trouble.DISK_FULL, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(bench.record, "add_audit", full)
        answer = bench.learning.harvest({**TOLD, "by": "Rosa"})
    assert (answer["refused"], answer["values"]) == ("disk_full", {"detail": "no room"})
    with Reader(bench.places.record) as reader:
        assert reader.harvests() == []

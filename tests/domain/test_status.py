"""The status on the wire: what is written is read again as it was, and what is not as it must be is told by its place."""

from __future__ import annotations

import enum
import json
import types
import typing
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldstation.binding import BindingError, plain, read
from fieldstation.binding.reading import fields_of
from fieldstation.domain.status.guard import GuardStatus, LeaseAnswer, ResumeAnswer, StopAnswer
from fieldstation.domain.status.station import StationStatus
from fieldstation.page.today.status import StatusReport
from tests.kit.status import closed, guard_status, run, snapshot

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SINGLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(10**9), 10**9),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    type(None): st.none(),
}


@cache
def any_of(hint: Any, choices: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Whatever a field of this type may hold."""
    parts = typing.get_args(hint)
    if choices:
        return st.sampled_from(choices)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return st.one_of(*map(any_of, parts))
    if typing.get_origin(hint) is tuple:
        return st.lists(any_of(parts[0]), max_size=2).map(tuple)
    if typing.get_origin(hint) is dict:
        return st.dictionaries(any_of(parts[0]), any_of(parts[1]), max_size=2)
    if isinstance(hint, type) and is_dataclass(hint):
        slots = fields_of(hint)
        return st.builds(hint, **{slot.name: any_of(slot.hint, slot.bounds.choices) for slot in slots})
    return st.sampled_from(hint) if issubclass(hint, enum.Enum) else SINGLE[hint]


@pytest.mark.parametrize(
    "kind", [StationStatus, GuardStatus, LeaseAnswer, StopAnswer, ResumeAnswer, StatusReport]
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_written_is_read_again_as_it_was(kind: Any, data: st.DataObject) -> None:
    status = data.draw(any_of(kind))
    wire = json.loads(json.dumps(plain(status), allow_nan=False))
    assert read(kind, wire) == status


WRONG = [
    (GuardStatus, guard_status(speed=1), "GuardStatus.speed: is not known"),
    (GuardStatus, {**guard_status(), "stops": 1.5}, "GuardStatus.stops: is 1.5"),
    (
        GuardStatus,
        guard_status(closed=[closed("r", stop_reason="tired")]),
        "closed[0].stop_reason: is 'tired'",
    ),
    (GuardStatus, guard_status(runs=[run(litres=float("nan"))]), "runs[0].litres: is nan"),
    (GuardStatus, guard_status(runs=[run(started_at="2026-07-01T05:00:00")]), "runs[0].started_at: is '2026"),
    (
        StationStatus,
        snapshot(clock={"now": "2026-07-01T05:00:00Z"}),
        "StationStatus.clock.trusted: is missing",
    ),
    (StationStatus, snapshot(zones="none"), "StationStatus.zones: is 'none'"),
    (StationStatus, snapshot(hand_mark=None), "StationStatus.hand_mark: is None"),
    (StationStatus, [], "StationStatus: is []"),
]


@pytest.mark.parametrize(("kind", "wire", "told"), WRONG, ids=[told for _, _, told in WRONG])
def test_a_wrong_part_is_refused_and_told_by_its_place(kind: Any, wire: Any, told: str) -> None:
    with pytest.raises(BindingError) as caught:
        read(kind, wire)
    assert told in str(caught.value)


def test_every_key_must_be_there() -> None:
    for kind, whole in ((GuardStatus, guard_status()), (StationStatus, snapshot())):
        for key in [slot.key for slot in fields_of(kind) if slot.required]:
            with pytest.raises(BindingError, match=f"{kind.__name__}.{key}: is missing"):
                read(kind, {name: value for name, value in whole.items() if name != key})

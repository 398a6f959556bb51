"""The binder: what fits comes back whole; what does not is named with its place, all at once."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.binding import BindingError, Bounds, json_schema, plain, read, read_value, setting


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Part:
    """A part."""

    share: float = setting("part of the whole", key="share_frac", ge=0, le=1)
    made_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything that a field may be."""

    name: str = setting("what it is called", line=True, max_len=8)
    count: int = setting("how many", ge=1, lt=10)
    depth_mm: float = setting("how deep", unit="mm", gt=0)
    colour: Colour
    side: Literal["left", "right"]
    at: datetime
    opens: time
    months: tuple[int, ...] = setting("months", ge=1, le=12, max_len=12)
    parts: tuple[Part, ...]
    pair: tuple[date, float]
    values: dict[str, float | str | None] = field(default_factory=dict)
    texts: tuple[Annotated[str, Bounds(max_len=3)], ...] = ()
    on: bool = False
    inner: Part | None = None


PLAIN: dict[str, Any] = {
    "name": "north",
    "count": 3,
    "depth_mm": 2,
    "colour": "red",
    "side": "left",
    "at": "2026-04-18T05:00:00+02:00",
    "opens": "05:00",
    "months": [1, 2],
    "parts": [{"share_frac": 0.5}],
    "pair": ["2026-04-18", 1],
}
SHARES = st.builds(Part, share=st.floats(0, 1), made_on=st.none() | st.dates())
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
WHOLES = st.builds(
    Whole,
    name=NAMES,
    count=st.integers(1, 9),
    depth_mm=st.floats(0, exclude_min=True, allow_infinity=False),
    colour=st.sampled_from(Colour),
    side=st.sampled_from(["left", "right"]),
    at=st.datetimes(timezones=st.just(UTC)),
    opens=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    months=st.lists(st.integers(1, 12), max_size=12).map(tuple),
    parts=st.lists(SHARES, max_size=3).map(tuple),
    pair=st.tuples(st.dates(), FLOATS),
    values=st.dictionaries(st.text(max_size=5), st.none() | st.text() | FLOATS),
    texts=st.lists(st.text(max_size=3), max_size=3).map(tuple),
    on=st.booleans(),
    inner=st.none() | SHARES,
)


def problems(change: dict[str, Any]) -> list[str]:
    with pytest.raises(BindingError) as caught:
        read(Whole, {**PLAIN, **change})
    return [str(problem) for problem in caught.value.problems]


@given(WHOLES)
def test_what_is_written_is_read_again(made: Whole) -> None:
    assert read(Whole, json.loads(json.dumps(plain(made), allow_nan=False))) == made


def test_defaults_stand_in_and_instants_are_in_utc() -> None:
    found = read(Whole, PLAIN)
    assert found.at == datetime(2026, 4, 18, 3, tzinfo=UTC)
    assert (found.depth_mm, found.values, found.inner) == (2.0, {}, None)
    assert type(found.depth_mm) is float
    assert plain(found)["at"] == "2026-04-18T03:00:00Z"
    assert plain(found)["parts"] == [{"share_frac": 0.5, "made_on": None}]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Whole.name: is ''; give a text of 1 to 8 characters (what it is called)"),
        ({"name": " \t"}, "Whole.name"),
        ({"name": "a\nb"}, "Whole.name: is 'a\\nb'"),
        ({"name": "a\u202eb"}, "Whole.name"),
        ({"name": "n" * 9}, "Whole.name"),
        ({"name": None}, "Whole.name: is None"),
        ({"count": True}, "Whole.count: is True; give a whole number >= 1 and < 10 (how many)"),
        ({"count": 3.0}, "Whole.count: is 3.0"),
        ({"count": 10}, "Whole.count: is 10"),
        ({"count": 10**5000}, "Whole.count: is an endless int"),
        ({"depth_mm": 0}, "Whole.depth_mm: is 0; give a number > 0 mm (how deep)"),
        ({"depth_mm": "8"}, "Whole.depth_mm: is '8'"),
        ({"depth_mm": float("nan")}, "Whole.depth_mm: is nan"),
        ({"depth_mm": float("inf")}, "Whole.depth_mm: is inf"),
        ({"depth_mm": 10**400}, "Whole.depth_mm: is 1000"),
        ({"colour": "bleu"}, "Whole.colour: is 'bleu'; did you mean 'blue'? give one of red, blue"),
        ({"colour": ["red"]}, "Whole.colour: is ['red']"),
        ({"side": "up"}, "Whole.side: is 'up'; give one of left, right"),
        ({"at": "2026-04-18T05:00:00"}, "an instant with its zone"),
        ({"at": 5}, "Whole.at: is 5"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "Whole.at"),
        ({"at": "noon"}, "Whole.at: is 'noon'"),
        ({"opens": "05:00Z"}, "Whole.opens: is '05:00Z'; give a local time such as 05:00, without"),
        ({"opens": "05:00+02:00"}, "Whole.opens"),
        ({"opens": "05:00:30"}, "Whole.opens"),
        ({"opens": "24:00"}, "Whole.opens"),
        ({"opens": time(5, tzinfo=timezone(timedelta(hours=2)))}, "Whole.opens"),
        ({"opens": "2026-04-18T05:00"}, "Whole.opens"),
        ({"months": [1, 13]}, "Whole.months[1]: is 13; give a whole number from 1 to 12 (months)"),
        ({"months": [1] * 13}, "Whole.months: is [1, 1"),
        (
            {"months": 3},
            "Whole.months: is 3; give a list of at most 12 items, each a whole number from 1 to 12",
        ),
        ({"parts": [{"share_frac": 2}]}, "Whole.parts[0].share_frac: is 2"),
        (
            {"parts": [{"share_frac": 1, "made": 1}]},
            "Whole.parts[0].made: is not known; did you mean 'made_on'?",
        ),
        ({"parts": [3]}, "Whole.parts[0]: is 3; give a table"),
        ({"pair": ["2026-04-18"]}, "Whole.pair: is ['2026-04-18']; give 2 items"),
        ({"pair": ["2026-04-18T05:00", 1]}, "Whole.pair[0]"),
        ({"pair": ["20260418", 1]}, "Whole.pair[0]"),
        ({"pair": ["2026-02-30", 1]}, "Whole.pair[0]"),
        ({"values": {"a": [1]}}, "Whole.values.a: is [1]; give a number or a text"),
        ({"values": {"a": True}}, "Whole.values.a"),
        ({"texts": ["abc", "abcd"]}, "Whole.texts[1]"),
        ({"on": 1}, "Whole.on: is 1; give true or false"),
        ({"inner": {}}, "Whole.inner.share_frac: is missing; add a number from 0 to 1 (part of the whole)"),
        ({"depth": 3}, "Whole.depth: is not known; did you mean 'depth_mm'?"),
        ({"\n" * 90: 3}, "is not known"),
    ],
)
def test_what_does_not_fit_says_where_what_and_what_to_do(change: dict[str, Any], says: str) -> None:
    told = problems(change)
    assert len(told) == 1
    assert says in told[0], told


def test_all_problems_are_told_at_once() -> None:
    wrong = {"name": "", "count": 0, "months": [0, 1, 13], "parts": [{}, {"share_frac": 2}], "extra": 1}
    assert len(problems(wrong)) == 7
    with pytest.raises(BindingError) as caught:
        read(Whole, {})
    assert {one.where.removeprefix("Whole.") for one in caught.value.problems} == set(PLAIN)


@pytest.mark.parametrize("value", [None, [], "x", 3, True])
def test_what_is_no_table_is_refused(value: object) -> None:
    with pytest.raises(BindingError, match="Whole: is "):
        read(Whole, value)


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=4)
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(PLAIN)), junk))
def test_junk_is_read_or_refused_and_nothing_else(change: dict[str, Any]) -> None:
    try:
        found = read(Whole, {**PLAIN, **change})
    except BindingError as error:
        wrong = {one.where.split(".")[1].split("[")[0] for one in error.problems}
    else:
        wrong = set()
        assert read(Whole, plain(found)) == found
    assert wrong <= set(change)


@pytest.mark.parametrize(
    "value",
    [float("nan"), [float("inf")], datetime(2026, 1, 1), object()],  # noqa: DTZ001 # refused for it
)
def test_what_json_cannot_hold_is_never_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|zone|plain form"):
        plain(value)


def test_a_type_without_a_plain_form_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(TypeError, match="no plain form"):
        read_value(set[int], Bounds(), [1])


def test_the_schema_says_types_limits_meanings_and_names() -> None:
    schema = json_schema(Whole)
    whole = schema["$defs"]["Whole"]
    assert schema["$ref"] == "#/$defs/Whole"
    assert whole["additionalProperties"] is False
    assert set(whole["required"]) == set(PLAIN)
    said = whole["properties"]
    assert said["count"] == {
        "type": "integer",
        "minimum": 1,
        "exclusiveMaximum": 10,
        "description": "how many",
    }
    assert said["depth_mm"]["description"] == "how deep, mm"
    assert said["name"]["maxLength"] == 8
    assert said["name"]["minLength"] == 1
    assert said["colour"] == {"enum": ["red", "blue"]}
    assert said["parts"] == {"type": "array", "items": {"$ref": "#/$defs/Part"}}
    assert said["months"]["items"]["maximum"] == 12
    assert said["months"]["maxItems"] == 12
    assert said["inner"]["anyOf"][1] == {"type": "null"}
    assert said["on"]["default"] is False
    assert schema["$defs"]["Part"]["required"] == ["share_frac"]
    assert json_schema(Part, written=True)["$defs"]["Part"]["required"] == ["share_frac", "made_on"]
    json.dumps(schema)


@given(WHOLES)
def test_what_is_written_fits_the_schema(made: Whole) -> None:
    schema = json_schema(Whole, written=True)
    jsonschema_rs.Draft202012Validator(schema).validate(plain(made))

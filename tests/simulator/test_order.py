from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.errors import ConfigError, PeerSilent
from fieldstation.simulator.commands import order
from fieldstation.wire.places import Places

MakeField = Callable[..., Any]


@pytest.fixture
def places(make_field: MakeField) -> Places:
    places: Places = make_field(manual=True).places
    return places


def test_actions_read_like_sentences(places: Places) -> None:
    assert order(places, "unplug", "north_soil")["faults"] == {"unplug": ["north_soil"]}
    assert order(places, "fault", "weld_relay", "pump:main")["faults"]["weld_relay"] == ["pump:main"]
    assert order(places, "clear", "unplug", "north_soil")["faults"] == {"weld_relay": ["pump:main"]}
    assert order(places, "clear")["faults"] == {}
    assert order(places, "rain")["air"]["raining"] is True
    assert order(places, "wet", "north")["zones"]["north"]["depletion_frac"] < 0.01
    assert order(places, "kernel", "persist")["kernel"] == "persist"
    before = order(places, "state")["at"]
    assert order(places, "advance", "60")["at"] > before


def test_every_fault_of_the_list_is_an_action(places: Places) -> None:
    for name in ("stuck", "drain_tank", "block_valve", "burst_pipe", "dead_flow_meter", "rain_now"):
        assert order(places, name)["ok"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dance"], "'dance' is not known; usage: fault NAME"),
        (["wet", "east"], "no zone 'east' here; choose: north, south"),
        (["wet"], "zone must be a text, not None"),
        (["fault", "flood"], "'flood' is not known"),
        (["fault"], "name must be a text, not None"),
        (["unplug", "pump"], "no 'pump' here; choose: north_soil"),
        (["kernel", "never"], "choose release or persist"),
        (["advance", "soon"], "seconds must be a number"),
        (["wet", "north", "south"], "too many words: north south"),
    ],
)
def test_what_the_field_does_not_know_comes_back_as_a_sentence(
    places: Places, words: list[str], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        order(places, *words)
    assert said in str(caught.value)


def test_without_a_field_it_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(PeerSilent, match=r"nobody answers .*; start it with `fieldstation demo`"):
        order(Places.under(tmp_path, tmp_path), "state")

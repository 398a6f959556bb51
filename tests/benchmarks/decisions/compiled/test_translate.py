"""What becomes of a function written as the library writes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.decisions.compiled.translate import Absent, plain

LIBRARY = '''
import numpy as np
from .root_zone_water import root_zone_water

def dried(prof: "SoilProfile", InitCond: "InitialCondition", et0: float = 5.0) -> "InitialCondition":
    """Words."""
    before = InitCond.th
    NewCond = InitCond
    taw = TAW()
    water_root_depletion = Dr()
    thRZ = RootZoneWater()
    thRZ.FC, water_root_depletion.Rz, taw.Rz = prof, 0.5, 2.0
    class_args = {key: value for key, value in thRZ.__dict__.items()}
    ksw = Ksw()
    ksw.exp, ksw.sto, ksw.sen, ksw.pol, ksw.sto_lin = 1, 2, 3, 4, 5
    NewCond.th = before - water_root_depletion.Rz * taw.Rz * weighed(ksw, et0)
    return NewCond, thRZ.FC
'''
CALLED = "def weighed(Ksw, et0: float) -> float:\n    return Ksw.exp * Ksw.sto_lin * et0\n"


class State:
    """A record."""

    th = 100.0


def test_a_state_is_changed_in_place_and_small_objects_are_plain_numbers() -> None:
    made: dict[str, Any] = {"compiled": lambda function: function}
    exec(plain(CALLED) + "\n\n" + plain(LIBRARY), made)
    state = State()
    assert made["dried"](0.3, state, 2.0) == (0, 0.3)
    assert state.th == 100.0 - 0.5 * 2.0 * 1 * 5 * 2.0


def test_words_and_types_are_gone() -> None:
    text = plain(LIBRARY)
    assert "Words" not in text
    assert "SoilProfile" not in text
    assert "__dict__" not in text
    assert "InitCond" not in text.replace("NewCond", "")
    assert text.startswith("@compiled\ndef dried(prof, NewCond, et0):")


def test_without_the_library_the_error_says_what_to_install() -> None:
    with pytest.raises(ModuleNotFoundError, match="make bench"):
        Absent().drainage  # noqa: B018

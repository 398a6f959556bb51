from __future__ import annotations

from fieldstation.drivers.edges import open_input, unraising
from fieldstation.drivers.pins.backend import Pins
from tests.drivers.fake_field import FakeField
from tests.drivers.waiting import until


def test_what_a_callback_raises_stays_with_it() -> None:
    called = []

    def bad() -> None:
        called.append(1)
        raise ValueError("no")

    unraising(bad)()
    assert called == [1]


def test_a_bad_callback_silences_neither_itself_nor_others(field: FakeField, pins: Pins) -> None:
    bad, good = [], []

    def raising() -> None:
        bad.append(1)
        raise ValueError("no")

    kept = [
        open_input("bad", 5, pins, pull_up=True, activated=raising),
        open_input("good", 6, pins, pull_up=True, activated=lambda: good.append(1)),
    ]
    for _ in range(2):
        field.edges((5, 0), (6, 0), (5, 1), (6, 1))
    until(lambda: (len(bad), len(good)) == (2, 2), "each heard its own edges, twice")
    assert all(not device.closed for device in kept)

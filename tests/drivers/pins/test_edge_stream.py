from __future__ import annotations

import pytest

from fieldstation.drivers.pins.edge_stream import EdgeStream
from tests.drivers.fake_field import FakeField
from tests.drivers.waiting import until


def test_edges_come_in_order_with_their_instant(field: FakeField) -> None:
    stream, heard = EdgeStream(field.path), []
    stream.watch(5, lambda level, mono_s: heard.append((level, mono_s)))
    field.edges((5, 0), (5, 1), (5, 0))
    until(lambda: len(heard) == 3, "three edges")
    assert heard == [(0, 0.0), (1, 0.0), (0, 0.0)]
    stream.close()


@pytest.mark.parametrize(
    "garbage",
    [b"?\n", b"[]\n", b'{"edges": 7}\n', b'{"edges": [7]}\n', b'{"edges": [["a", 0, 0]]}\n', b'{"edges": [[5]]}\n'],
)
def test_garbage_does_not_end_the_stream(field: FakeField, garbage: bytes) -> None:
    stream, heard = EdgeStream(field.path), []
    stream.watch(5, lambda level, mono_s: heard.append(level))
    field.edges((5, 0))
    field.shout(garbage)
    field.edges((5, 1))
    until(lambda: heard == [0, 1], "the edge after the garbage")
    assert stream.alive
    stream.close()


def test_a_raising_callback_does_not_end_the_stream(field: FakeField) -> None:
    stream, heard = EdgeStream(field.path), []

    def call(level: int, mono_s: float) -> None:
        heard.append(level)
        raise ZeroDivisionError

    stream.watch(5, call)
    field.edges((5, 0), (5, 1))
    until(lambda: heard == [0, 1], "both edges")
    assert stream.alive
    stream.close()


def test_an_ignored_pin_is_silent(field: FakeField) -> None:
    first: list[int] = []
    second: list[int] = []
    stream = EdgeStream(field.path)
    stream.watch(5, lambda level, mono_s: first.append(level))
    stream.watch(6, lambda level, mono_s: second.append(level))
    stream.ignore(5)
    field.edges((5, 0))
    field.edges((6, 0))
    until(lambda: second == [0], "the other pin")
    assert first == []
    stream.close()


def test_it_ends_with_the_field_and_with_its_owner(field: FakeField) -> None:
    for end in (EdgeStream.close, lambda stream: field.die()):
        stream = EdgeStream(field.path)
        stream.watch(5, lambda level, mono_s: None)
        assert stream.alive
        end(stream)
        until(lambda stream=stream: not stream.alive, "the end is noticed")  # type: ignore[misc] # bound now

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gpiozero
import pytest

from fieldstation.domain.errors import DeviceError, PeerSilent, StationError
from fieldstation.drivers.pins.backend import Pins, open_pins
from fieldstation.wire import pins as wire_pins
from tests.drivers.fake_field import FakeField
from tests.drivers.waiting import until


def test_it_says_who_it_is_and_becomes_the_default_factory(field: FakeField, pins: Pins) -> None:
    assert field.heard[0] == {"do": "hello", "process": "test"}
    assert gpiozero.Device.pin_factory is pins.factory


def test_no_field_is_told_by_its_socket(tmp_path: Path) -> None:
    with pytest.raises(PeerSilent, match=r"field\.sock"):
        open_pins("simulated", tmp_path / "field.sock", "test")


@pytest.mark.parametrize(("name", "text"), [("simulated", "socket"), ("arduino", "choose one of: pi, simulated")])
def test_a_back_end_that_cannot_be_is_named(name: str, text: str) -> None:
    with pytest.raises(StationError, match=text):
        open_pins(name, None, "test")


def test_an_output_without_a_first_level_is_refused(field: FakeField, pins: Pins) -> None:
    with pytest.raises(ValueError, match="first level"):
        gpiozero.OutputDevice(17, initial_value=None)
    assert all(what != "output" for what, _ in field.driven[17])


def test_library_debounce_is_refused(pins: Pins) -> None:
    with pytest.raises(ValueError, match="bounce_time"):
        gpiozero.DigitalInputDevice(17, bounce_time=0.05)


def test_both_pulls_reach_the_field(field: FakeField, pins: Pins) -> None:
    for pin, up in ((5, True), (6, False)):
        with gpiozero.DigitalInputDevice(pin, pull_up=up) as device:
            assert not device.value
            field.world[pin] = int(not up)
            assert device.value
    assert field.driven[5][-2:] == [("input", "up"), ("input", "floating")]
    assert field.driven[6][-2:] == [("input", "down"), ("input", "floating")]


@pytest.mark.parametrize(
    "answer", [{"words": [1]}, {"words": None}, {}, {"error": "no chip"}, {"words": ["a", "b", "c"]}]
)
def test_an_spi_answer_that_is_none_is_an_error(
    field: FakeField, pins: Pins, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    monkeypatch.setattr(field, "_spi", lambda words: answer)
    with gpiozero.MCP3008(0) as adc, pytest.raises(DeviceError):
        _ = adc.raw_value


@pytest.mark.parametrize("break_", [FakeField.die, lambda field: field.answering.clear()])
def test_a_failed_field_fails_for_good_and_a_late_answer_is_never_taken(
    field: FakeField, monkeypatch: pytest.MonkeyPatch, break_: Callable[[FakeField], None]
) -> None:
    monkeypatch.setattr(wire_pins, "DEADLINE_S", 0.2)
    pins = open_pins("simulated", field.path, "test")
    device = gpiozero.DigitalInputDevice(5, pull_up=True)
    assert pins.alive()
    break_(field)
    with pytest.raises(PeerSilent):
        _ = device.value
    field.answering.set()
    asked = len(field.heard)
    with pytest.raises(PeerSilent):
        _ = device.value
    assert len(field.heard) == asked
    assert not pins.alive()
    pins.close()


def test_closing_pins_gives_every_line_back_and_ends_the_stream(field: FakeField, pins: Pins) -> None:
    heard: list[int] = []
    device = gpiozero.DigitalInputDevice(5, pull_up=True)
    device.when_activated = lambda: heard.append(1)
    gpiozero.OutputDevice(17)
    pins.close()
    assert field.driven[5][-1] == field.driven[17][-1] == ("input", "floating")
    until(lambda: not pins.alive(), "the stream has ended")

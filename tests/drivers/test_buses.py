"""The Pi's doors to its buses, on a /dev and a /sys of the test's own."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import pty
import struct
import threading
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.drivers.pins import buses
from fieldstation.drivers.pins.backend import Pins, Place
from fieldstation.drivers.pins.buses import Buses

I2C: Place = ("i2c", 1, 0x44)
SPI: Place = ("spi", 0, 0)


@pytest.fixture
def machine(tmp_path: Path) -> Buses:
    """A Pi on which everything is enabled and nothing is connected."""
    for name in ("i2c-1", "spidev0.0"):
        (tmp_path / name).touch()
    return Buses(dev=tmp_path, sys=tmp_path / "sys")


@pytest.fixture
def ioctls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Any]]:
    """What is asked of the kernel, in order; it agrees to all."""
    asked: list[tuple[int, Any]] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda fd, request, arg: asked.append((request, arg)))
    return asked


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (I2C, ("I2C is not enabled", "i2c-1 is missing", "dtparam=i2c_arm=on", "i2c-dev")),
        (SPI, ("SPI is not enabled", "spidev0.0 is missing", "dtparam=spi=on")),
        (("1-wire", "28-01"), ("1-Wire is not enabled", "dtoverlay=w1-gpio")),
        (("serial", "serial0", 9600), ("serial port is not enabled", "enable_uart=1")),
    ],
)
def test_a_bus_that_is_not_enabled_says_how_to_enable_it(
    tmp_path: Path, place: Place, words: tuple[str, ...]
) -> None:
    with pytest.raises(DeviceError) as caught:
        Buses(dev=tmp_path, sys=tmp_path).chip(place)
    assert all(word in str(caught.value) for word in words), caught.value


@pytest.mark.parametrize(("place", "group"), [(I2C, "i2c"), (SPI, "spi")])
def test_a_missing_group_is_named(
    machine: Buses, monkeypatch: pytest.MonkeyPatch, place: Place, group: str
) -> None:
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    with pytest.raises(DeviceError, match=f"this user is not in group {group}$"):
        machine.chip(place)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENXIO, "no device answers at 0x44 on I2C bus 1"),
        (errno.EREMOTEIO, "no device answers at 0x44 on I2C bus 1"),
        (errno.ETIMEDOUT, "a line is held low"),
        (errno.EINVAL, "Invalid argument"),
    ],
)
@pytest.mark.parametrize("call", ["write", "read"])
def test_what_an_i2c_transfer_fails_of_is_said(
    machine: Buses,
    ioctls: list[tuple[int, Any]],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    words: str,
    call: str,
) -> None:
    chip = machine.chip(I2C)
    assert ioctls == [(0x0703, 0x44)]
    monkeypatch.setattr(os, call, failing(code))
    with pytest.raises(DeviceError, match=words):
        chip.exchange(b"\x24\x00", 6)
    chip.close()
    chip.close()


def test_i2c_writes_then_reads(
    machine: Buses, ioctls: list[tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[object] = []
    monkeypatch.setattr(os, "write", lambda fd, data: did.append(data))

    def read(fd: int, count: int) -> bytes:
        did.append(count)
        return bytes(count)

    monkeypatch.setattr(os, "read", read)
    chip = machine.chip(I2C)
    assert (chip.exchange(b"\x24\x00"), chip.exchange(b"", 6)) == (b"", bytes(6))
    assert chip.exchange(b"\x01", 2) == bytes(2)
    assert did == [b"\x24\x00", 6, b"\x01", 2]
    chip.close()


def test_an_address_of_a_kernel_driver_is_said(machine: Buses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "ioctl", failing(errno.EBUSY))
    with pytest.raises(DeviceError, match="0x44 on I2C bus 1 is taken by a kernel driver"):
        machine.chip(I2C)


def test_spi_hands_the_kernel_its_two_buffers(machine: Buses, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop-back: what the struct says of memory is copied as the kernel would."""
    seen: list[tuple[int, ...]] = []

    def ioctl(fd: int, request: int, arg: bytes) -> None:
        assert request == 0x40206B00
        assert len(arg) == 32
        out, back, length, hz, _, bits, *_ = struct.unpack("=QQIIHBBBBBB", arg)
        ctypes.memmove(back, out, length)
        seen.append((length, hz, bits))

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    chip = machine.chip(SPI)
    assert chip.exchange(bytes([1, 0x80, 0])) == bytes([1, 0x80, 0])
    assert seen == [(3, 500_000, 8)]
    monkeypatch.setattr(fcntl, "ioctl", failing(errno.EIO))
    with pytest.raises(DeviceError, match="SPI: "):
        chip.exchange(b"\x01")
    chip.close()


def test_one_wire_reads_the_kernels_text_and_names_who_is_there(tmp_path: Path) -> None:
    devices = tmp_path / "bus" / "w1" / "devices"
    (devices / "28-0316a27943ff").mkdir(parents=True)
    (devices / "28-0316a27943ff" / "w1_slave").write_text("b1 01 : crc=58 YES\nb1 01 t=27062\n")
    (devices / "w1_bus_master1").mkdir()
    bus = Buses(sys=tmp_path)
    chip = bus.chip(("1-wire", "28-0316a27943ff"))
    assert chip.exchange(b"").endswith(b"t=27062\n")
    chip.close()
    with pytest.raises(DeviceError, match="no device 28-07 on 1-Wire; the bus has: 28-0316a27943ff"):
        bus.chip(("1-wire", "28-07"))
    (devices / "28-0316a27943ff" / "w1_slave").unlink()
    with pytest.raises(DeviceError, match="No such file"):
        chip.exchange(b"")


def test_serial_asks_and_waits_for_what_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = pty.openpty()
    tty.setraw(near)
    port = os.ttyname(near)
    bus = Buses(dev=Path("/"))
    chip = bus.chip(("serial", port.lstrip("/"), 9600))
    heard: list[bytes] = []

    def answer() -> None:
        heard.append(os.read(far, 100))
        os.write(far, b"\x01\x03")
        os.write(far, b"\x02")

    peer = threading.Thread(target=answer)
    peer.start()
    assert chip.exchange(b"ask", 3) == b"\x01\x03\x02"
    peer.join(5)
    assert heard == [b"ask"]
    monkeypatch.setattr(buses, "SERIAL_ANSWER_S", 0.05)
    with pytest.raises(DeviceError, match="no answer on"):
        chip.exchange(b"again", 1)
    chip.close()
    with pytest.raises(DeviceError, match="knows no 12345 baud"):
        bus.chip(("serial", port.lstrip("/"), 12345))
    os.close(far)
    os.close(near)


def test_handles_of_one_chip_take_turns_and_those_of_two_do_not(
    machine: Buses, ioctls: list[tuple[int, Any]]
) -> None:
    pins = Pins(None, int, machine.chip, lambda: True, lambda: None)
    one, same, other = pins.i2c(1, 0x48), pins.i2c(1, 0x48), pins.i2c(1, 0x49)
    assert one is not same
    assert one.alone is same.alone is not other.alone
    for chip in (one, same, other):
        chip.close()

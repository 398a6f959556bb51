"""The Pi's buses through the kernel's device files; the standard library is enough for them.

No board has run this yet. `dev` and `sys` are `/dev` and `/sys`, or a test's.
Sources: Linux `include/uapi/linux/i2c-dev.h` and `spi/spidev.h`, `Documentation/w1`.
"""

from __future__ import annotations

import array
import errno
import fcntl
import os
import select
import struct
import termios
import threading
import time
from pathlib import Path

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Chip, Place

I2C_SLAVE = 0x0703
SPI_TRANSFER = 0x40206B00  # SPI_IOC_MESSAGE(1)
SPI_HZ = 500_000  # slow enough for an MCP3008 at 3.3 V and a metre of cable
SERIAL_ANSWER_S = 1.0
NOBODY = (errno.ENXIO, errno.EREMOTEIO, errno.EIO)  # what kernels call a missing acknowledge


class Buses:
    """Opens chips by place. Handles of one chip share one lock."""

    def __init__(self, dev: Path = Path("/dev"), sys: Path = Path("/sys")) -> None:
        self._dev, self._sys = dev, sys
        self._locks: dict[Place, threading.RLock] = {}

    def chip(self, place: Place) -> Chip:
        """A handle. Raises DeviceError with what to enable, and KeyError for a bus there is none of."""
        alone = self._locks.setdefault(place, threading.RLock())
        kind, where = place[0], place[1:]
        if kind == "i2c":
            return I2C(self._dev, int(where[0]), int(where[-1]), alone)
        if kind == "spi":
            return SPI(self._dev, int(where[0]), int(where[-1]), alone)
        if kind == "1-wire":
            return OneWire(self._sys, str(where[0]), alone)
        if kind == "serial":
            return Serial(self._dev, str(where[0]), int(where[-1]), alone)
        raise KeyError(kind)


class _File:
    """A device file that is open, or a DeviceError that says why not."""

    def __init__(self, path: Path, bus: str, enable: str, group: str, alone: threading.RLock) -> None:
        self.alone = alone
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise _silent(f"{bus} is not enabled: {path} is missing; {enable}") from error
        except PermissionError as error:
            raise _silent(f"{path} may not be opened: this user is not in group {group}") from error
        except OSError as error:
            raise _silent(f"{path} cannot be opened: {error.strerror}") from error

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


class I2C(_File):
    """One address of one bus, for one handle; the kernel ends a transfer that hangs."""

    def __init__(self, dev: Path, bus: int, address: int, alone: threading.RLock) -> None:
        enable = "add dtparam=i2c_arm=on to config.txt, load i2c-dev, and restart"
        super().__init__(dev / f"i2c-{bus}", "I2C", enable, "i2c", alone)
        self._name = f"{address:#04x} on I2C bus {bus}"
        try:
            fcntl.ioctl(self._fd, I2C_SLAVE, address)
        except OSError as error:
            self.close()
            raise _silent(f"{self._name} is taken by a kernel driver: {error.strerror}") from error

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """Write, then read. Raises DeviceError."""
        try:
            if sent:
                os.write(self._fd, sent)
            return os.read(self._fd, count) if count else b""
        except OSError as error:
            if error.errno in NOBODY:
                raise _silent(f"no device answers at {self._name}") from error
            if error.errno == errno.ETIMEDOUT:
                raise _silent(f"{self._name}: the bus hangs, a line is held low") from error
            raise _silent(f"{self._name}: {error.strerror}") from error


class SPI(_File):
    """One chip select of one port, mode 0, the top bit first."""

    def __init__(self, dev: Path, port: int, select: int, alone: threading.RLock) -> None:
        enable = "add dtparam=spi=on to config.txt and restart"
        super().__init__(dev / f"spidev{port}.{select}", "SPI", enable, "spi", alone)

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """As many bytes back as were sent; `count` is not needed. Raises DeviceError."""
        del count
        out, back = array.array("B", sent), array.array("B", bytes(len(sent)))
        (out_at, length), (back_at, _) = out.buffer_info(), back.buffer_info()
        transfer = struct.pack("=QQIIH6B", out_at, back_at, length, SPI_HZ, 0, 8, 0, 0, 0, 0, 0)
        try:
            fcntl.ioctl(self._fd, SPI_TRANSFER, transfer)
        except OSError as error:
            raise _silent(f"SPI: {error.strerror}") from error
        return back.tobytes()


class OneWire:
    """A chip that the kernel's 1-Wire driver has found."""

    def __init__(self, sys: Path, address: str, alone: threading.RLock) -> None:
        self.alone = alone
        devices = sys / "bus" / "w1" / "devices"
        self._path, self._name = devices / address / "w1_slave", address
        if not devices.is_dir():
            raise _silent(
                f"1-Wire is not enabled: {devices} is missing; add dtoverlay=w1-gpio to config.txt and restart"
            )
        if not self._path.exists():
            seen = ", ".join(sorted(p.name for p in devices.iterdir() if "-" in p.name)) or "none"
            raise _silent(f"no device {address} on 1-Wire; the bus has: {seen}")

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """The kernel's text; a conversion takes up to 0.75 s. Raises DeviceError."""
        del sent, count
        try:
            return self._path.read_bytes()
        except OSError as error:
            raise _silent(f"{self._name} on 1-Wire: {error.strerror}") from error

    def close(self) -> None:
        """Nothing to let go."""


class Serial(_File):
    """A serial port in raw mode: eight bits, no parity, one stop bit."""

    def __init__(self, dev: Path, port: str, baud: int, alone: threading.RLock) -> None:
        enable = "add enable_uart=1 to config.txt, take the console off it, and restart"
        super().__init__(dev / port, "the serial port", enable, "dialout", alone)
        self._name = port
        speed = getattr(termios, f"B{baud}", None)
        try:
            if speed is None:
                raise _silent(f"{port}: the kernel knows no {baud} baud")
            control = termios.CS8 | termios.CREAD | termios.CLOCAL
            chars = list(termios.tcgetattr(self._fd)[6])
            termios.tcsetattr(self._fd, termios.TCSANOW, [0, 0, control, 0, speed, speed, chars])
        except (termios.error, DeviceError) as error:
            self.close()
            raise error if isinstance(error, DeviceError) else _silent(f"{port}: {error}") from error

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """Forget what came before, send, and wait for an answer. Raises DeviceError."""
        got, until_s = b"", time.monotonic() + SERIAL_ANSWER_S
        try:
            termios.tcflush(self._fd, termios.TCIFLUSH)
            os.write(self._fd, sent)
            while len(got) < count:
                ready, _, _ = select.select([self._fd], [], [], max(0.0, until_s - time.monotonic()))
                if not ready:
                    break
                got += os.read(self._fd, count - len(got))
        except (OSError, termios.error) as error:
            raise _silent(f"{self._name}: {error}") from error
        if count and not got:
            raise _silent(f"no answer on {self._name} within {SERIAL_ANSWER_S:g} s")
        return got


def _silent(text: str) -> DeviceError:
    return DeviceError(Quality.NO_ANSWER, text)

"""Edges of the simulated field: a connection and a thread that no callback and no garbage can kill."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from fieldstation.wire.line import BadLine, Splitter, decode, encode
from fieldstation.wire.unix import connect

Called = Callable[[int, float], None]
"""Called with a level (0 or 1) and the instant on the monotonic clock in seconds."""


class EdgeStream:
    """The field sends edges in batches; each goes to whoever watches its pin.

    `alive` is False once the field has hung up. It never reconnects by itself: pulses were
    missed meanwhile, and whoever counts them must know.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._channel: socket.socket | None = None
        self._called: dict[int, Called] = {}
        self.alive = True

    def watch(self, pin: int, call: Called) -> None:
        """Call `call(level, mono_s)` for every edge of a pin. Raises OSError or PeerSilent."""
        with self._lock:
            self._called[pin] = call
            if self._channel is None:
                self._channel = connect(self._path, 2.0)
                self._channel.settimeout(None)
                threading.Thread(
                    target=self._listen, args=(self._channel,), name="edges", daemon=True
                ).start()
            self._channel.sendall(encode({"do": "watch", "pin": pin}))

    def ignore(self, pin: int) -> None:
        """Forget a pin."""
        self._called.pop(pin, None)

    def close(self) -> None:
        """Hang up; the thread ends."""
        with self._lock:
            if self._channel is not None:
                with contextlib.suppress(OSError):  # closing alone does not wake the thread
                    self._channel.shutdown(socket.SHUT_RDWR)
                self._channel.close()
        self.alive = False

    def _listen(self, channel: socket.socket) -> None:
        splitter = Splitter()
        try:
            while data := channel.recv(65536):
                for line in splitter.feed(data):
                    self._take(line)
        except (OSError, BadLine):
            pass  # hung up, or a line without end: the stream cannot be trusted any more
        finally:
            self.alive = False

    def _take(self, line: bytes) -> None:
        try:
            edges = decode(line).get("edges", ())
            found = [(int(pin), int(level), float(mono_s)) for pin, level, mono_s in edges]
        except (BadLine, ValueError, TypeError):
            return
        for pin, level, mono_s in found:
            call = self._called.get(pin)
            if call is not None:
                # one bad callback must not silence every other pin, whatever it raises
                with contextlib.suppress(Exception):
                    call(level, mono_s)

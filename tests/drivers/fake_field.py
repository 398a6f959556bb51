"""A field in one file for the drivers' tests: the pin protocol, and a record of what was driven."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldstation.wire.line import Message, Splitter, decode, encode
from fieldstation.wire.unix import listen


class FakeClock:
    """A clock that stands until told; `sleep` and `monotonic` let it stand in for the time module."""

    def __init__(self) -> None:
        self.s = 1000.0

    def mono_s(self) -> float:
        return self.s

    def monotonic(self) -> float:
        return self.s

    def sleep(self, seconds: float) -> None:
        self.s += seconds

    def now(self) -> datetime:
        return datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=self.s)

    def trusted(self) -> bool:
        return True


def dht_train(frame: Iterable[int]) -> list[int]:
    """The 81 widths of a frame: 52 us low before each bit, then 25 us for a 0 or 71 us for a 1."""
    bits = [byte >> place & 1 for byte in frame for place in range(7, -1, -1)]
    return [width for bit in bits for width in (52, 71 if bit else 25)] + [52]


class FakeField:
    """Answers like the field. `world` is the level that switches put on a pin; absent is an open contact."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.world: dict[int, int] = {}
        self.held: dict[int, int] = {}  # outputs whose level is stuck, whatever is written
        self.counts: dict[int, list[int]] = {}  # of a channel; the last one repeats
        self.train: Callable[[int, int], list[int]] = lambda pin, trigger_us: []
        self.heard: list[Message] = []
        self.driven: dict[int, list[tuple[str, int | str]]] = {}
        self.answering = threading.Event()
        self.answering.set()
        self._outputs: dict[int, int] = {}
        self._pulls: dict[int, str] = {}
        self._watchers: list[tuple[socket.socket, set[int]]] = []
        self._peers: list[socket.socket] = []
        self._changed = threading.Condition()
        self._listener = listen(path)
        threading.Thread(target=self._accept, daemon=True).start()

    def level(self, pin: int) -> int:
        """What the line shows."""
        if pin in self._outputs:
            return self.held.get(pin, self._outputs[pin])
        return self.world.get(pin, int(self._pulls.get(pin) == "up"))

    def edges(self, *edges: tuple[int, int]) -> None:
        """Send edges (pin, level) to whoever watches, in one batch, once every pin is watched."""
        wanted = {pin for pin, _ in edges}
        with self._changed:
            assert self._changed.wait_for(lambda: wanted <= {pin for _, p in self._watchers for pin in p}, 5)
            for channel, pins in self._watchers:
                mine = [[pin, level, 0.0] for pin, level in edges if pin in pins]
                channel.sendall(encode({"edges": mine}))

    def shout(self, line: bytes) -> None:
        """Send raw bytes to every watcher."""
        with self._changed:
            for channel, _ in self._watchers:
                channel.sendall(line)

    def die(self) -> None:
        """Hang up on everyone and stop listening."""
        self.answering.set()
        for channel in [self._listener, *self._peers]:
            with suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
            channel.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                channel, _ = self._listener.accept()
                self._peers.append(channel)
                threading.Thread(target=self._serve, args=(channel,), daemon=True).start()

    def _serve(self, channel: socket.socket) -> None:
        splitter = Splitter()
        with suppress(OSError):
            while data := channel.recv(65536):
                for line in splitter.feed(data):
                    message = decode(line)
                    self.heard.append(message)
                    if message["do"] == "watch":
                        with self._changed:
                            self._watchers.append((channel, {message["pin"]}))
                            self._changed.notify_all()
                        continue
                    self.answering.wait()
                    channel.sendall(encode(self._answer(message)))

    def _answer(self, message: Message) -> Message:
        do = message["do"]
        if do == "spi":
            return self._spi(message["words"])
        if do == "dht":
            return {"widths": self.train(message["pin"], message["trigger_us"])}
        if do == "hello":
            return {"ok": True}
        pin: int = message["pin"]
        if do == "read":
            return {"level": self.level(pin)}
        self.driven.setdefault(pin, [])
        if do in ("claim_output", "write"):
            if do == "write" and pin not in self._outputs:
                return {"error": f"pin {pin} is not your output"}
            self._outputs[pin] = message["level"]
            self.driven[pin].append(("output", message["level"]))
        else:
            self._outputs.pop(pin, None)
            self._pulls[pin] = message.get("pull", "floating")
            self.driven[pin].append(("input", self._pulls[pin]))
        return {"ok": True}

    def _spi(self, words: list[int]) -> Message:
        channel = words[1] >> 4 & 7
        found = self.counts.get(channel, [0])
        counts = found.pop(0) if len(found) > 1 else found[0]
        return {"words": [0, counts >> 8, counts & 255]}

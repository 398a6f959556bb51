"""The pin protocol between drivers and the simulated field: one connection is one owner of lines."""

from __future__ import annotations

import threading
from pathlib import Path

from fieldstation.domain.errors import PeerSilent
from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode
from fieldstation.wire.unix import connect

DEADLINE_S = 2.0


class PinLink:
    """A lasting connection to the field; lines claimed on it are lost, by kernel policy, when it closes."""

    def __init__(self, path: Path, process: str) -> None:
        self._channel = connect(path, DEADLINE_S)
        self._splitter = Splitter()
        self._lock = threading.Lock()
        self.call({"do": "hello", "process": process})

    def call(self, message: Message) -> Message:
        """One question, one answer. Raises PeerSilent when the field is gone, for good."""
        with self._lock:
            try:
                self._channel.sendall(encode(message))
                while True:
                    data = self._channel.recv(65536)
                    if not data:
                        raise PeerSilent("the simulated field has gone")
                    for line in self._splitter.feed(data):
                        return decode(line)
            except (OSError, BadLine) as error:
                raise PeerSilent(f"the simulated field does not answer ({error})") from error

    def close(self) -> None:
        """Hang up: the field sees its owner die."""
        self._channel.close()

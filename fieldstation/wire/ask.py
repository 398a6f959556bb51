"""Ask another process of the station one thing and get its answer at once."""

from __future__ import annotations

import time
from pathlib import Path

from fieldstation.domain.errors import PeerSilent
from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode
from fieldstation.wire.unix import connect


def ask(path: Path, message: Message, timeout_s: float = 2.0) -> Message:
    """The answer of whoever listens at `path`; a connection of its own for each question.

    Raises PeerSilent when nobody listens, the answer is late, or it is no message.
    """
    deadline = time.monotonic() + timeout_s
    splitter = Splitter()
    with connect(path, timeout_s) as peer:
        try:
            peer.sendall(encode(message))
            while (left := deadline - time.monotonic()) > 0:
                peer.settimeout(left)
                data = peer.recv(65536)
                if not data:
                    break
                for line in splitter.feed(data):
                    return decode(line)
        except (OSError, BadLine) as error:
            raise PeerSilent(f"{path}: no usable answer ({error})") from error
    raise PeerSilent(f"{path}: no answer within {timeout_s:g} s")

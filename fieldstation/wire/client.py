"""Ask another process of the station one thing and get its answer at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TypeVar

from fieldstation.binding import BindingError, read
from fieldstation.domain.errors import PeerSilent, PeerUnreadable
from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode
from fieldstation.wire.unix import connect

T = TypeVar("T")
MOST_SHOWN = 3


def call(path: Path, message: Message, timeout_s: float = 2.0) -> Message:
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


def understood(kind: type[T], answer: Message) -> T:
    """The `kind` in an answer. Raises PeerUnreadable with the places where it is not as it must be."""
    if "error" in answer:
        raise PeerUnreadable(f"the answer is an error: {answer['error']}")
    try:
        return read(kind, answer)
    except BindingError as error:
        problems = "; ".join(str(one) for one in error.problems[:MOST_SHOWN])
        more = len(error.problems) - MOST_SHOWN
        rest = f" (and {more} more)" if more > 0 else ""
        raise PeerUnreadable(f"the answer is not understood: {problems}{rest}") from error

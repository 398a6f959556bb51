"""JSON lines: one message, one line, at most `MAX_LINE` bytes."""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]
MAX_LINE = 256 * 1024
MOST_DIGITS = 18


class BadLine(ValueError):
    """A line that is no message: too long, not JSON, or not an object."""


def encode(message: Message) -> bytes:
    r"""One line, newline included. NaN and infinity are refused: they are no JSON.

    >>> encode({"verb": "stop"})
    b'{"verb":"stop"}\n'
    """
    return json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def decode(line: bytes) -> Message:
    """The message of one line, with or without its newline. Raises BadLine.

    Refused too: whole numbers that no float or database column holds, and half characters (lone surrogates).
    Python's JSON lets them in, and what reads the message would fall over them later.

    >>> decode(b'{"verb":"stop"}')
    {'verb': 'stop'}
    """
    if len(line) > MAX_LINE:
        raise BadLine("line too long")
    try:
        message = json.loads(line, parse_int=_whole)
        if b"\\ud" in line or b"\\uD" in line:
            json.dumps(message, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise BadLine("not an object")
    return message


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


class Splitter:
    """Collects bytes from a stream and hands out whole lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes. Raises BadLine when a line grows past the limit."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MAX_LINE:
            raise BadLine("line too long")
        return lines

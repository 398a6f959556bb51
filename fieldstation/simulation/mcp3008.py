"""An MCP3008 converter, word by word as SPI sees it and bit by bit as its data sheet says."""

from __future__ import annotations

from collections.abc import Mapping

from fieldstation.simulation.senses import counts


def answer_words(words: list[int], volts: Mapping[int, float]) -> list[int]:
    """The answer to a three-byte question: start bit, single-ended bit and channel, ten bits back.

    A channel with nothing on it reads 0 through its pull-down.

    >>> answer_words([1, 0b1000_0000, 0], {0: 1.65})
    [0, 2, 0]
    """
    if len(words) != 3 or words[0] & 1 == 0:
        return [0] * len(words)
    single, channel = bool(words[1] & 0x80), (words[1] >> 4) & 7
    code = counts(volts.get(channel, 0.0))
    if not single:
        code = max(0, code - counts(volts.get(channel ^ 1, 0.0)))
    return [0, code >> 8, code & 0xFF]

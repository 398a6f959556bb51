"""An MCP3008 converter, bit by bit as its data sheet says (Microchip DS21295, figures 5-1 and 6-1)."""

from __future__ import annotations

from collections.abc import Callable

BITS = 10


class MCP3008:
    """One chip. Each channel (0-7) is asked once a conversion for its counts, 0-1023; a bare one is pulled to 0."""

    def __init__(self, channels: dict[int, Callable[[], int]] | None = None) -> None:
        self.channels = channels or {}
        self.select()

    def exchange(self, sent: bytes, count: int) -> bytes:
        """Whole bytes both ways."""
        del count
        return bytes(self.transfer(list(sent)))

    def select(self) -> None:
        """Chip select has fallen: wait for a start bit."""
        self._heard: list[int] | None = None
        self._says: list[int] = []

    def clock(self, bit: int) -> int:
        """One clock: take the master's bit, give the one it reads at the same edge."""
        said = self.waiting
        del self._says[:1]
        if self._heard is None:
            self._heard = [] if bit else None  # zeros before the start bit mean nothing
        elif len(self._heard) < 4:
            self._heard.append(bit)
            if len(self._heard) == 4:
                single, high, middle, low = self._heard
                self._says = self._conversion(bool(single), high << 2 | middle << 1 | low)
        return said

    @property
    def waiting(self) -> int:
        """The bit that stands on the data line, to be read at the next clock."""
        return self._says[0] if self._says else 0

    def transfer(self, words: list[int]) -> list[int]:
        """Whole bytes both ways under one chip select.

        >>> MCP3008({0: lambda: 512}).transfer([1, 0b1000_0000, 0])
        [0, 2, 0]
        """
        self.select()
        answer = []
        for word in words:
            said = 0
            for place in range(7, -1, -1):
                said = said << 1 | self.clock(word >> place & 1)
            answer.append(said)
        return answer

    def _counts_of(self, channel: int) -> int:
        asked = self.channels.get(channel)
        return asked() if asked else 0

    def _conversion(self, single: bool, channel: int) -> list[int]:
        """A clock to sample, a null bit, ten bits from the top, and from the bottom when clocked on."""
        counts = self._counts_of(channel)
        if not single:  # against the channel's neighbour
            counts = max(0, counts - self._counts_of(channel ^ 1))
        falling = [counts >> place & 1 for place in range(BITS - 1, -1, -1)]
        return [0, 0, *falling, *falling[-2::-1]]

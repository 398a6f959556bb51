"""The field's socket: one connection is one owner of lines; edges are pushed to who watches."""

from __future__ import annotations

import selectors
import socket
import time

from fieldstation.drivers.parts.board import Edge
from fieldstation.simulation.world import World
from fieldstation.simulator.answers import Answers
from fieldstation.simulator.board import Board, Owner
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode

FLOWING_TURN_S = 0.05
CALM_TURN_S = 0.25
STEP_AT_MOST_S = 3600.0  # a laptop that slept does not owe the field a night
EDGES_A_LINE = 2000
MAX_UNSENT = 8 << 20


class _Peer:
    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.owner = Owner()
        self.splitter = Splitter()
        self.watches: set[int] = set()
        self.unsent = bytearray()
        self.dead = False


class FieldServer:
    """One thread: the world moves with the monotonic clock, peers are answered at once.

    Nothing a peer does stops the world: slow readers are buffered to a bound and dropped.
    With `manual` the world moves only by the order `advance`.
    """

    def __init__(
        self, listener: socket.socket, world: World, wiring: Wiring, board: Board, *, manual: bool = False
    ) -> None:
        listener.setblocking(False)
        self._listener = listener
        self._world, self._wiring, self._board = world, wiring, board
        self._answers = Answers(world, wiring, board, manual=manual)
        self._manual = manual
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._peers: list[_Peer] = []
        self._moved_s = time.monotonic()

    def turn(self) -> None:
        """Wait a little for peers, answer them, move the world, send edges. Raises ConfigError."""
        for key, ready in self._selector.select(self._turn_s()):
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._attend(key.data, ready)
        self._move()
        self._push(self._wiring.edges_until_now())
        self._bury()

    def close(self) -> None:
        """Hang up on everyone and stop listening."""
        for peer in self._peers:
            peer.channel.close()
        self._peers.clear()
        self._selector.close()
        self._listener.close()

    def _turn_s(self) -> float:
        flowing = any(plumbing.flow_lpm > 0 for plumbing in self._world.plumbing.values())
        return FLOWING_TURN_S if flowing or self._wiring.waiting else CALM_TURN_S

    def _move(self) -> None:
        """Let the world pass the time since the last move, with contacts as they are."""
        now_s = time.monotonic()
        if not self._manual:
            self._world.step(min(STEP_AT_MOST_S, now_s - self._moved_s))
        self._moved_s = now_s

    def _accept(self) -> None:
        try:
            channel, _ = self._listener.accept()
        except OSError:
            return
        channel.setblocking(False)
        peer = _Peer(channel)
        self._peers.append(peer)
        self._selector.register(channel, selectors.EVENT_READ, peer)

    def _attend(self, peer: _Peer, ready: int) -> None:
        if ready & selectors.EVENT_READ:
            try:
                data = peer.channel.recv(65536)
            except BlockingIOError:
                data = None
            except OSError:
                data = b""
            if data == b"":
                peer.dead = True
                self._bury()
                return
            try:
                for line in peer.splitter.feed(data or b""):
                    self._handle(peer, decode(line))
            except BadLine as error:
                peer.unsent += encode({"error": str(error)})
                self._flush(peer)
                peer.dead = True
                self._bury()
                return
        self._flush(peer)

    def _handle(self, peer: _Peer, message: Message) -> None:
        if message.get("do") == "watch":
            pin = message.get("pin")
            if isinstance(pin, int):
                peer.watches.add(pin)  # no answer: this connection carries edges
            return
        self._move()  # what flowed until now flowed under the old contacts
        peer.unsent += encode(self._answers.answer(peer.owner, message))

    def _push(self, edges: list[Edge]) -> None:
        if not edges:
            return
        for peer in self._peers:
            mine = [[pin, level, round(at_s, 6)] for pin, level, at_s in edges if pin in peer.watches]
            for first in range(0, len(mine), EDGES_A_LINE):
                peer.unsent += encode({"edges": mine[first : first + EDGES_A_LINE]})
            if mine:
                self._flush(peer)

    def _flush(self, peer: _Peer) -> None:
        try:
            if peer.unsent and not peer.dead:
                del peer.unsent[: peer.channel.send(peer.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            peer.dead = True
        peer.dead = peer.dead or len(peer.unsent) > MAX_UNSENT
        if not peer.dead:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.unsent else 0)
            self._selector.modify(peer.channel, wanted, peer)

    def _bury(self) -> None:
        """Let the kernel deal with the lines of those who are gone."""
        for peer in [peer for peer in self._peers if peer.dead]:
            self._peers.remove(peer)
            self._selector.unregister(peer.channel)
            peer.channel.close()
            self._move()
            self._board.owner_died(peer.owner)

"""The field's socket: questions of owners, edges for watchers, orders for the world."""

from __future__ import annotations

import selectors
import socket
import time
from typing import Any

from fieldstation.domain.errors import ConfigError
from fieldstation.field.board import Board
from fieldstation.field.wiring import Wiring
from fieldstation.simulation.world import World
from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode

EDGES_EVERY_S = 0.05
CALM_EDGES_EVERY_S = 0.25
STEP_AT_MOST_S = 3600.0


class _Peer:
    def __init__(self, channel: socket.socket, number: int) -> None:
        self.channel, self.number = channel, number
        self.splitter = Splitter()
        self.watches: set[int] = set()


class FieldServer:
    """One thread: the world moves with the monotonic clock, peers are answered at once."""

    def __init__(
        self, listener: socket.socket, world: World, wiring: Wiring, board: Board, *, manual: bool
    ) -> None:
        self._listener = listener
        self._world, self._wiring, self._board = world, wiring, board
        self._manual = manual
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._peers: dict[socket.socket, _Peer] = {}
        self._count = 0
        self._moved_s = time.monotonic()

    def turn(self) -> None:
        """Wait a little for peers, move the world, send edges."""
        flowing = any(plumbing.flow_lpm > 0 for plumbing in self._world.plumbing.values())
        for key, _ in self._selector.select(EDGES_EVERY_S if flowing else CALM_EDGES_EVERY_S):
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._hear(self._peers[key.fileobj])  # type: ignore[index] # only sockets are registered
        self._move()

    def close(self) -> None:
        """Hang up on everyone."""
        for peer in list(self._peers.values()):
            self._drop(peer)
        self._selector.close()
        self._listener.close()

    def _move(self) -> None:
        if not self._manual:
            now_s = time.monotonic()
            self._world.step(min(STEP_AT_MOST_S, now_s - self._moved_s))
            self._moved_s = now_s
        edges = self._wiring.edges()
        if not edges:
            return
        at = time.monotonic()
        spread_s = EDGES_EVERY_S / len(edges)
        for peer in list(self._peers.values()):
            mine = [
                [pin, level, round(at - EDGES_EVERY_S + index * spread_s, 6)]
                for index, (pin, level) in enumerate(edges)
                if pin in peer.watches
            ]
            if mine:
                self._send(peer, {"edges": mine})

    def _accept(self) -> None:
        channel, _ = self._listener.accept()
        channel.setblocking(True)
        channel.settimeout(1.0)
        self._count += 1
        peer = self._peers[channel] = _Peer(channel, self._count)
        self._selector.register(channel, selectors.EVENT_READ, peer)

    def _hear(self, peer: _Peer) -> None:
        try:
            data = peer.channel.recv(65536)
            lines = peer.splitter.feed(data) if data else None
        except (OSError, BadLine):
            lines = None
        if lines is None:
            self._drop(peer)
            return
        for line in lines:
            try:
                message = decode(line)
                if message.get("do") == "watch":
                    peer.watches.add(int(message["pin"]))
                    continue
                answer = self._answer(peer, message)
            except (BadLine, KeyError, TypeError, ValueError) as error:
                answer = {"error": f"malformed: {error!r}"}
            except ConfigError as error:
                answer = {"error": str(error)}
            self._send(peer, answer)

    def _answer(self, peer: _Peer, message: Message) -> Message:
        do: Any = message.get("do")
        board, owner = self._board, peer.number
        if do in ("claim_output", "claim_input", "free", "write"):
            self._move()  # what flowed until now flowed under the old contacts
            pin = int(message["pin"])
            if do == "claim_output":
                error = board.claim_output(owner, pin, int(message["level"]))
            elif do == "claim_input":
                error = board.claim_input(owner, pin, str(message["pull"]))
            elif do == "free":
                error = board.free(owner, pin)
            else:
                error = board.write(owner, pin, int(message["level"]))
            return {"error": error} if error else {"ok": True}
        if do == "read":
            return {"level": board.read(int(message["pin"]))}
        if do == "spi":
            return {"words": self._wiring.spi(int(message["device"]), [int(w) for w in message["words"]])}
        if do == "dht":
            return {"widths": self._wiring.dht(int(message["pin"]), int(message["trigger_us"]))}
        if do == "hello":
            return {"ok": True}
        return self._order(message)

    def _order(self, message: Message) -> Message:
        do, target = message.get("do"), message.get("target")
        self._move()
        if do == "fault":
            self._world.fault(str(message["name"]), target)
        elif do == "clear":
            self._world.clear(message.get("name"), target)
        elif do == "wet":
            if message["zone"] not in {zone.id for zone in self._world.station.zones}:
                return {"error": f"no zone {message['zone']!r}"}
            self._world.wet(message["zone"])
        elif do == "press":
            self._wiring.pressed = bool(message["pressed"])
        elif do == "kernel":
            if message["policy"] not in ("release", "persist"):
                return {"error": "choose release or persist"}
            self._board.kernel = message["policy"]
        elif do == "advance":
            if not self._manual:
                return {"error": "this field lives in real time"}
            self._world.step(float(message["seconds"]))
            self._move()
        elif do != "state":
            return {"error": f"unknown order {do!r}"}
        lines = {name: self._world.line(name) for name in self._names()}
        return {"ok": True, "kernel": self._board.kernel, "lines": lines, **self._world.truth()}

    def _names(self) -> list[str]:
        station = self._world.station
        return [f"pump:{p.id}" for p in station.pumps] + [f"valve:{z.id}" for z in station.zones]

    def _send(self, peer: _Peer, message: Message) -> None:
        try:
            peer.channel.sendall(encode(message))
        except OSError:
            self._drop(peer)

    def _drop(self, peer: _Peer) -> None:
        if self._peers.pop(peer.channel, None) is not None:
            self._selector.unregister(peer.channel)
            peer.channel.close()
            self._move()
            self._board.owner_died(peer.number)

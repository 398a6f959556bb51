"""Answer questions on a Unix socket from one thread, between the owner's own ticks."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable

from fieldstation.wire.line import BadLine, Message, Splitter, decode, encode

Handler = Callable[[Message], Message]
MAX_PEERS = 64
MAX_UNSENT = 1 << 20


class _Peer:
    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.splitter = Splitter()
        self.unsent = b""


class Server:
    """Serves `handler` on a listening socket; the owner calls `serve_for` in its loop.

    Nothing a peer does blocks the owner. A slow reader is buffered up to a bound, then dropped. Garbage is
    answered with `{"error": ...}` and the peer is dropped.
    """

    def __init__(self, listener: socket.socket, handler: Handler) -> None:
        self._listener = listener
        self._handler = handler
        self._selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ)
        self._peers: dict[socket.socket, _Peer] = {}

    def serve_for(self, seconds: float) -> None:
        """Answer whatever arrives during the next `seconds` (0 or less: only what waits already)."""
        deadline = time.monotonic() + seconds
        while True:
            for key, ready in self._selector.select(max(0.0, deadline - time.monotonic())):
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._attend(key.data, ready)
            if time.monotonic() >= deadline:
                return

    def close(self) -> None:
        """Hang up on everyone and stop listening."""
        for peer in list(self._peers.values()):
            self._drop(peer)
        self._selector.close()
        self._listener.close()

    def _accept(self) -> None:
        try:
            channel, _ = self._listener.accept()
        except OSError:
            return
        if len(self._peers) >= MAX_PEERS:  # the oldest goes, so that a STOP can always get in
            self._drop(next(iter(self._peers.values())))
        channel.setblocking(False)
        peer = self._peers[channel] = _Peer(channel)
        self._selector.register(channel, selectors.EVENT_READ, peer)

    def _attend(self, peer: _Peer, ready: int) -> None:
        if peer.channel not in self._peers:
            return
        if ready & selectors.EVENT_READ:
            try:
                data = peer.channel.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._drop(peer)
                return
            try:
                for line in peer.splitter.feed(data):
                    peer.unsent += encode(self._handler(decode(line)))
            except BadLine as error:
                peer.unsent += encode({"error": str(error)})
                self._send(peer)
                self._drop(peer)
                return
        self._send(peer)

    def _send(self, peer: _Peer) -> None:
        try:
            sent = peer.channel.send(peer.unsent) if peer.unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(peer)
            return
        peer.unsent = peer.unsent[sent:]
        if len(peer.unsent) > MAX_UNSENT:
            self._drop(peer)
        elif peer.channel in self._peers:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if peer.unsent else 0)
            self._selector.modify(peer.channel, wanted, peer)

    def _drop(self, peer: _Peer) -> None:
        if self._peers.pop(peer.channel, None) is not None:
            self._selector.unregister(peer.channel)
            peer.channel.close()

"""One address that holds all it can keeps nobody else from a thread."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from waitress import wasyncore
from waitress.server import create_server

from fieldstation.page.access.limits import CONNECTIONS_MOST, limit_connections
from fieldstation.page.main import THREADS

Served = tuple[int, threading.Event, threading.Semaphore]
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def served() -> Iterator[Served]:
    """A server whose answers wait for the event, and what counts those at work. 127.0.0.2 is nobody's exception."""
    go, at_work = threading.Event(), threading.Semaphore(0)

    def app(environ: Any, start: Callable[..., Any]) -> list[bytes]:
        at_work.release()
        go.wait(20)
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    sockets: dict[int, Any] = {}
    server = create_server(app, sockets, host="127.0.0.1", port=0, threads=THREADS)
    limit_connections(sockets)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            wasyncore.loop(timeout=0.05, map=sockets, count=1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(server.effective_port), go, at_work
    go.set()
    over.set()
    thread.join()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def call(port: int, address: str, ask: bytes = b"") -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), 10, source_address=(address, 0))
    if ask:
        found.sendall(ask)
    return found


def answered(caller: socket.socket) -> bool:
    """Whether an answer came, before the server hung up."""
    with contextlib.suppress(ConnectionResetError):
        return caller.recv(1000).startswith(b"HTTP/1.1 200")
    return False


def test_who_holds_many_loses_the_oldest_that_asks_nothing(served: Served) -> None:
    port, go, _ = served
    go.set()
    held = [call(port, "127.0.0.2") for _ in range(CONNECTIONS_MOST)]
    late = call(port, "127.0.0.2", ASK)
    assert answered(late)
    assert held[0].recv(10) == b"", "hung up on"
    held[-1].sendall(ASK)
    assert answered(held[-1])
    for one in (*held, late):
        one.close()


def test_with_all_at_work_a_new_one_is_hung_up_on_and_another_address_is_answered(
    served: Served,
) -> None:
    port, go, at_work = served
    busy = [call(port, "127.0.0.2", ASK) for _ in range(CONNECTIONS_MOST)]
    assert all(at_work.acquire(timeout=10) for _ in busy)
    assert not answered(call(port, "127.0.0.2", ASK))
    other = call(port, "127.0.0.3", ASK)
    go.set()
    assert answered(other)
    assert all(answered(one) for one in busy)


def test_this_machine_is_not_counted(served: Served) -> None:
    port, go, _ = served
    many = [call(port, "127.0.0.1", ASK) for _ in range(CONNECTIONS_MOST + 5)]
    go.set()
    assert all(answered(one) for one in many)


def test_one_address_never_has_all_threads() -> None:
    assert CONNECTIONS_MOST < THREADS

"""Every process of a station on one machine: start in order, restart what dies, stop in reverse."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fieldstation.controller.setup_code import current
from fieldstation.domain.errors import PeerSilent, PlaceError
from fieldstation.domain.station import Station
from fieldstation.page.access.hosts import display_name, reached
from fieldstation.wire.client import call
from fieldstation.wire.ending import end_signals
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places

UP_WITHIN_S = 30.0
RESTART_AFTER_S = (1.0, 2.0, 5.0, 10.0)
CALM_AFTER_S = 60.0
STOP_WITHIN_S = 6.0
OFF_WITHIN_S = 10.0
POLL_S = 0.2
LOG_BYTES_MOST = 5_000_000
NOT_OFF = "NOT every line is known to be off. Cut the pump's power by hand; the log says why."


@dataclass(slots=True)
class Member:
    """One process and when it may be started again."""

    name: str
    command: list[str]
    child: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    deaths: int = 0
    due_s: float = 0.0


def port_free(host: str, port: int) -> None:
    """Prove that the page's port can be had. Raises PlaceError."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        raise PlaceError(
            f"port {port} on {host} cannot be had ({error}); choose another with --port"
        ) from error


def supervise(
    station: Station,
    places: Places,
    config: Path,
    *,
    host: str,
    port: int,
    field_options: list[str] | None = None,
) -> int:
    """Run the station until SIGTERM or SIGINT. Raises PlaceError when the port is busy."""
    port_free(host, port)
    for name in ("field", "guard", "controller", "page"):
        Lock(
            places.sockets / f"{name}.lock"
        ).close()  # a running station keeps its lines: ours must not touch them
    stopping = end_signals()
    shared = ["--config", str(config), "--data", str(places.data), "--sockets", str(places.sockets)]
    ledger = ["--ledger", str(places.ledger)]
    members = [
        Member("guard", ["guard", *shared, *ledger]),
        Member("controller", ["controller", *shared]),
        Member("page", ["page", *shared, "--host", host, "--port", str(port)]),
    ]
    if station.pins == "simulated":
        members.insert(0, Member("field", ["field", *shared, *(field_options or [])]))
    off = ["--config", str(config), "--sockets", str(places.sockets)]
    log = places.data / "log"
    if log.exists() and log.stat().st_size > LOG_BYTES_MOST:
        log.replace(log.with_name("log.before"))
    try:
        for member in members:
            print(f"Starting the {member.name} ...", flush=True)
            _start(member, log)
            if member.name in ("field", "guard"):
                _wait_for(member, places, stopping)
        print("Waiting for the page to answer ...", flush=True)
        _announce(host, port, places, log, stopping)
        while not stopping:
            time.sleep(POLL_S)
            _revive(members, log, off)
    finally:
        safe = True
        for member in reversed(members):
            _end(member)
            if member.name == "guard":
                safe = _all_off(off, log)
    print("Stopped; every line is off." if safe else f"Stopped. {NOT_OFF}", flush=True)
    return 0 if safe else 1


def _start(member: Member, log: Path) -> None:
    with log.open("ab") as file:
        member.child = subprocess.Popen(
            [sys.executable, "-m", "fieldstation", *member.command],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which stops them in order
        )
    member.started_s = time.monotonic()


def _wait_for(member: Member, places: Places, stopping: list[int]) -> None:
    """Wait until a process answers on its socket, or has died, or is late, or nobody wants it any more."""
    path = places.field_socket if member.name == "field" else places.guard_socket
    question = {"do": "hello", "process": "run"} if member.name == "field" else {"verb": "status"}
    deadline = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline and not stopping:
        if member.child is None or member.child.poll() is not None:
            raise PlaceError(f"{member.name} did not start; its words are in {places.data / 'log'}")
        try:
            call(path, question, 1.0)
        except PeerSilent:  # not up yet
            time.sleep(POLL_S)
        else:
            return
    if not stopping:
        raise PlaceError(f"{member.name} does not answer; its words are in {places.data / 'log'}")


def _announce(host: str, port: int, places: Places, log: Path, stopping: list[int]) -> None:
    """Say where the page is, and the code that makes it somebody's as long as it is nobody's."""
    deadline = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline and not stopping:
        try:
            with urllib.request.urlopen(f"http://{reached(host)}:{port}/healthz", timeout=2):
                print(
                    f"The station is up: http://{display_name(host)}:{port}   (Ctrl-C stops it; log: {log})"
                )
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_S)
            continue
        with contextlib.suppress(OSError):  # another user's code is theirs to read
            if code := current(places.setup_code):
                print(f"Set-up code: {code}   (open the page, and make it yours)")
        sys.stdout.flush()
        return
    if not stopping:
        print(f"The page does not answer well yet; see {log}", file=sys.stderr, flush=True)


def _all_off(options: list[str], log: Path) -> bool:
    """What systemd does when a guard has ended, however that came about; whether every line reads off."""
    with log.open("ab") as file:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "fieldstation.guard.off", *options],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                timeout=OFF_WITHIN_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0


def _revive(members: list[Member], log: Path, off: list[str]) -> None:
    now_s = time.monotonic()
    for member in members:
        if member.child is not None and member.child.poll() is not None:
            if now_s - member.started_s > CALM_AFTER_S:
                member.deaths = 0
            wait_s = RESTART_AFTER_S[min(member.deaths, len(RESTART_AFTER_S) - 1)]
            member.deaths += 1
            member.due_s = now_s + wait_s
            code = member.child.returncode
            print(
                f"{member.name} ended (code {code}); starting it again in {wait_s:g} s",
                file=sys.stderr,
                flush=True,
            )
            member.child = None
            _note_ended(member.name, code, log)
            if member.name == "guard" and not _all_off(off, log):
                print(NOT_OFF, file=sys.stderr, flush=True)
        elif member.child is None and now_s >= member.due_s:
            _start(member, log)


def _note_ended(process: str, code: int, log: Path) -> None:
    """One line in the station's log: what killed a process, it cannot say itself."""
    how = f"signal={signal.Signals(-code).name}" if code < 0 else f"code={code}"
    with contextlib.suppress(OSError), log.open("a") as file:  # a full disk keeps nothing from starting again
        print(
            f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} WARNING run: process_ended process={process} {how}",
            file=file,
        )


def _end(member: Member) -> None:
    child = member.child
    if child is None or child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

"""Commands that speak to the running guard: stop and resume."""

from __future__ import annotations

import argparse
from typing import Any

from fieldstation.cli.options import add_places, places_of
from fieldstation.domain.errors import PeerSilent
from fieldstation.wire.client import call


def add(commands: Any) -> None:
    """Add this room's commands."""
    stop = commands.add_parser(
        "stop",
        help="stop all water now, straight at the guard",
        description="Stop all water now. The guard turns its lines off and stays stopped until resume.",
        epilog="Example: fieldstation stop",
    )
    add_places(stop, config=False)
    stop.set_defaults(run=run_stop)
    resume = commands.add_parser(
        "resume",
        help="allow water again after a stop or a latched fault",
        description="Clear a STOP and every latched fault. Look at the cause first.",
        epilog="Example: fieldstation resume",
    )
    add_places(resume, config=False)
    resume.set_defaults(run=run_resume)


def run_stop(args: argparse.Namespace) -> int:
    """Ask for STOP and say what the guard answered."""
    try:
        answer = call(places_of(args).guard_socket, {"verb": "stop", "by": "command line"})
    except PeerSilent as error:
        print(f"NOT confirmed: the guard is silent ({error}). Cut the pump's power by hand.")
        return 1
    for name, line in answer.get("lines", {}).items():
        print(f"{name}: {'ON' if line['on'] else 'off' if line['on'] is False else 'unknown'}")
    print(
        "Stopped. Nothing waters until: fieldstation resume"
        if answer.get("stopped")
        else "NOT stopped: see the lines above. Cut the pump's power by hand."
    )
    return 0 if answer.get("stopped") else 1


def run_resume(args: argparse.Namespace) -> int:
    """Ask to resume and say what the guard answered."""
    try:
        answer = call(places_of(args).guard_socket, {"verb": "resume", "by": "command line"})
    except PeerSilent as error:
        print(f"Not resumed: the guard is silent ({error}).")
        return 1
    if answer.get("resumed"):
        print("Resumed: the station may water again.")
        return 0
    print(f"Not resumed: {answer.get('reason', 'no reason given')}")
    return 1

"""`fieldstation COMMAND`: parse, then load only the room that the command needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from fieldstation import __version__
from fieldstation.cli import (
    accounts,
    advise,
    field,
    learning,
    planting,
    processes,
    record,
    stations,
    water,
)
from fieldstation.domain.errors import StationError

Command = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="fieldstation",
        description="A field station: it senses, predicts, waters safely, and says why.",
        epilog="Begin with: fieldstation demo",
    )
    top.add_argument("--version", action="version", version=f"fieldstation {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (stations, processes, field, water, record, accounts, learning, advise, planting):
        room.add(commands)
    return top


def entry(argv: list[str] | None = None) -> int:
    """Run one command. 0 is well, 1 is no, 2 is that it could not be tried."""
    asked = parser().parse_args(argv)
    run: Command = asked.run
    try:
        return run(asked)
    except StationError as error:
        print(f"fieldstation {asked.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130

"""`fieldstation COMMAND`: parse, then load only the room that the command needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from fieldstation import __version__
from fieldstation.cli import processes
from fieldstation.domain.errors import StationError

Command = Callable[[argparse.Namespace], int]


def parser(word: str = "") -> argparse.ArgumentParser:
    """The whole command line; of a process of the station its part alone, for it keeps what it loads."""
    top, commands = _empty()
    processes.add(commands)
    if word in commands.choices:
        return top
    from fieldstation.cli import accounts, advise, field, learning, planting, record, stations, water

    top, commands = _empty()
    for room in (stations, processes, field, water, record, accounts, learning, advise, planting):
        room.add(commands)
    return top


def _empty() -> tuple[argparse.ArgumentParser, Any]:
    top = argparse.ArgumentParser(
        prog="fieldstation",
        description="A field station: it senses, predicts, waters safely, and says why.",
        epilog="Begin with: fieldstation demo",
    )
    top.add_argument("--version", action="version", version=f"fieldstation {__version__}")
    return top, top.add_subparsers(dest="command", required=True, metavar="COMMAND")


def entry(argv: list[str] | None = None) -> int:
    """Run one command. 0 is well, 1 is no, 2 is that it could not be tried."""
    words = sys.argv[1:] if argv is None else argv
    args = parser(words[0] if words else "").parse_args(words)
    run: Command = args.run
    try:
        return run(args)
    except StationError as error:
        print(f"fieldstation {args.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130

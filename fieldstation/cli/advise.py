"""`fieldstation advise`: the station's decision for any field, as a stream of lines."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import ConfigError, PlaceError, Problem


def add(commands: Any) -> None:
    """Add this room's command."""
    advise = commands.add_parser(
        "advise",
        help="the same decision as a stream: a JSON line each morning in, an advice out",
        description="Read one JSON object a line from standard input, write one a line to standard output. Words go to standard error. fieldstation/advise.md tells the fields.",
        epilog="Example: fieldstation advise --zone field.toml < season.jsonl",
    )
    advise.add_argument("--zone", type=Path, required=True, help="zone file (TOML)")
    advise.add_argument("--state", type=Path, help="keep what was told in this file, and go on from it")
    advise.add_argument("--models", type=Path, help="folder of models (default: the shipped ones)")
    advise.set_defaults(run=run_advise)


def run_advise(args: argparse.Namespace) -> int:
    """Answer line by line until the input ends."""
    from fieldstation.advice.input import plot_from
    from fieldstation.advice.stream import run
    from fieldstation.learning.boosters import ModelError
    from fieldstation.learning.forecaster import SHIPPED, Forecaster

    plot = plot_from(_table(args.zone), str(args.zone))
    if sys.stdin is None or sys.stdout is None:
        raise PlaceError("standard input or output is closed; open both")
    try:
        models: Forecaster | None = Forecaster.load(args.models or SHIPPED)
    except ModelError as error:
        models = None
        print(f"fieldstation advise: {error}; deciding by the water balance", file=sys.stderr, flush=True)
    try:
        run(plot, models, sys.stdin.buffer, sys.stdout, args.state)
    except (BrokenPipeError, PlaceError):
        # what could not be written must not be tried again when Python closes its output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
    return 0


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            [Problem(str(path), f"cannot be read ({error.strerror})", "check name and owner")]
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([Problem(str(path), f"is not TOML ({error})", "mend it there")]) from error

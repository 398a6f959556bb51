"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldstation.domain.errors import PlaceError
from fieldstation.wire.places import Places

CONFIG = Path("/etc/fieldstation/station.toml")
DATA = Path("/var/lib/fieldstation")
DEMO_DATA = Path("demo-data")


def add_places(parser: argparse.ArgumentParser, *, config: bool = True) -> None:
    """Add --config, --data, --sockets and --ledger."""
    if config:
        parser.add_argument(
            "--config",
            type=Path,
            help="station.toml (default: DATA/station.toml if there, else /etc/fieldstation/station.toml)",
        )
    parser.add_argument(
        "--data", type=Path, help="data folder (default: ./demo-data if there, else /var/lib/fieldstation)"
    )
    parser.add_argument("--sockets", type=Path, help="folder of the sockets (default: DATA/run)")
    parser.add_argument("--ledger", type=Path, help="the guard's ledger (default: DATA/ledger)")


def places_of(args: argparse.Namespace) -> Places:
    """The places that the options name."""
    data = args.data or (DEMO_DATA if DEMO_DATA.is_dir() else DATA)
    return Places.under(
        data.resolve(),
        args.sockets.resolve() if args.sockets else None,
        args.ledger.resolve() if args.ledger else None,
    )


def config_of(args: argparse.Namespace, places: Places) -> Path:
    """The configuration that the options name."""
    if args.config:
        found: Path = args.config.resolve()
        return found
    own = places.data / "station.toml"
    return own if own.exists() else CONFIG


def usable(places: Places) -> None:
    """Make the folders, and prove that they can be written. Raises PlaceError."""
    for folder in (places.data, places.sockets, places.ledger.parent):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise PlaceError(
                f"{folder}: cannot be written ({error.strerror}); choose another with --data, or mend its owner"
            ) from error

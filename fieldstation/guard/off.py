"""The unit's stop command: every relay line off, confirmed, whoever drove it before.

`python -m fieldstation.guard.off --config FILE --sockets DIR` runs before the guard starts
and after it has ended, however that came about. Exit code 0 means every line reads off.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fieldstation import log
from fieldstation.config.load import load
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.station import Station
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.guard.lines import RelayLines, relays_of
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.places import Places


def all_off(station: Station, places: Places) -> list[str]:
    """Drive every line off; the names of those that do not read back off. Raises StationError."""
    pins = open_pins(station.pins, places.field_socket, "off")
    lines = RelayLines(station, pins, SystemClock())
    wrong = []
    for name in relays_of(station):
        try:
            lines.drive(name, on=False)
            if lines.read(name) is not False:
                wrong.append(name)
        except StationError:
            wrong.append(name)
    lines.close()
    pins.close()
    return wrong


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="fieldstation.guard.off", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="station.toml")
    parser.add_argument("--sockets", type=Path, required=True, help="folder of the station's sockets")
    args = parser.parse_args()
    log.start("off")
    try:
        wrong = all_off(load(args.config), Places.under(args.sockets, args.sockets))
    except StationError as error:
        log.error("lines_not_driven_off", detail=cause(error))
        return 1
    if wrong:
        log.error("lines_not_off", lines=",".join(wrong))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

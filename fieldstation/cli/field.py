"""The simulated field: be it, or order it about while it runs."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from fieldstation.cli.options import add_places, config_of, places_of, usable
from fieldstation.cli.weather import add_weather, weather_of
from fieldstation.config.load import load
from fieldstation.domain.errors import StationError
from fieldstation.wire.client import call

FAULTS = "unplug, stuck, drain_tank, block_valve, weld_relay, burst_pipe, dead_flow_meter, rain_now"


def add(commands: Any) -> None:
    """Add this room's command."""
    field = commands.add_parser(
        "field",
        help="the simulated field: run it, or make something go wrong in it",
        description=f"Without an order: be the field. With one: change the running field. Faults: {FAULTS}.",
        epilog="Examples: fieldstation field fault unplug north_soil; fieldstation field clear; fieldstation field state",
    )
    field.add_argument(
        "order",
        nargs="?",
        choices=("fault", "clear", "wet", "press", "release", "kernel", "state"),
        help="fault NAME [TARGET]; clear [NAME [TARGET]]; wet ZONE; press or release the stop button; kernel release|persist; state",
    )
    field.add_argument("name", nargs="?", help="fault, zone or policy")
    field.add_argument("target", nargs="?", help="sensor, zone, pump or line")
    add_places(field)
    add_weather(field)
    field.add_argument("--manual-clock", action="store_true", help="time moves only when told (for tests)")
    field.set_defaults(run=run_field)


def run_field(args: argparse.Namespace) -> int:
    """Be the field, or send it an order and print what is true afterwards."""
    places = places_of(args)
    if args.order is None:
        return _serve(args)
    answer = call(places.field_socket, _message(args), timeout_s=5.0)
    if "error" in answer:
        raise StationError(answer["error"])
    print(
        json.dumps(answer, indent=1)
        if args.order == "state"
        else f"done: {args.order} {args.name or ''} {args.target or ''}".rstrip()
    )
    return 0


def _message(args: argparse.Namespace) -> dict[str, Any]:
    order, name, target = args.order, args.name, args.target
    if order in ("fault", "wet", "kernel") and not name:
        raise StationError(f"{order} needs a name; see: fieldstation field --help")
    if order == "wet":
        return {"do": "wet", "zone": name}
    if order in ("press", "release"):
        return {"do": "press", "pressed": order == "press"}
    if order == "kernel":
        return {"do": "kernel", "policy": name}
    return {"do": order, "name": name, "target": target}


def _serve(args: argparse.Namespace) -> int:
    from fieldstation.simulator.main import main

    places = places_of(args)
    station = load(config_of(args, places))
    if station.field is None:
        raise StationError('this station has real pins; the field needs pins = "simulated" and [field]')
    usable(places)
    state: Path = places.data / "field.json"
    return main(
        station,
        places,
        weather_of(args, station),
        seed=station.field.seed,
        kernel=station.field.kernel,
        state=state,
        manual=args.manual_clock,
    )

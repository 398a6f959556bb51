"""Commands that are the station's processes: guard, controller, page, plan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldstation.cli.options import add_places, config_of, places_of, usable
from fieldstation.config.load import load


def add(commands: Any) -> None:
    """Add this room's commands."""
    guard = commands.add_parser(
        "guard",
        help="the process that owns every relay",
        description="Own every relay and decide whether water may flow now.",
        epilog="Example: fieldstation guard --config station.toml --data /var/lib/fieldstation",
    )
    add_places(guard)
    guard.add_argument(
        "--new-ledger",
        action="store_true",
        help="set an unusable ledger aside and start a new one, today's water counted as given; then end",
    )
    guard.add_argument(
        "--first-ledger",
        action="store_true",
        help="the same at installation: with neither ledger nor record, nothing counts as given; then end",
    )
    guard.set_defaults(run=run_guard)
    controller = commands.add_parser(
        "controller",
        help="the process that senses, records and decides",
        description="Read the sensors, keep the record, decide, and ask the guard for water.",
        epilog="Example: fieldstation controller --config station.toml --data /var/lib/fieldstation",
    )
    add_places(controller)
    controller.set_defaults(run=run_controller)
    page = commands.add_parser(
        "page",
        help="the process that shows",
        description="Serve the page. What it may change needs an account; the first is made with the set-up code.",
        epilog="Example: fieldstation page --port 8080",
    )
    add_places(page)
    page.add_argument(
        "--host", default="127.0.0.1", help="address to serve on; 0.0.0.0 serves the farm's network"
    )
    page.add_argument("--port", type=int, default=8080, help="port (default 8080)")
    page.set_defaults(run=run_page)
    notify = commands.add_parser(
        "notify",
        help="send the messages that are due, once",
        description="Send alerts that are due to the webhook and the Apprise addresses. The controller starts it.",
        epilog="Example: fieldstation notify",
    )
    add_places(notify)
    notify.add_argument("--json", action="store_true", help="print one JSON line")
    notify.set_defaults(run=run_notify)
    plan = commands.add_parser(
        "plan",
        help="forecast every zone once, from the record",
        description="Forecast soil water, need and yield from the record. It decides nothing.",
        epilog="Example: fieldstation plan",
    )
    add_places(plan)
    plan.add_argument("--models", type=Path, help="folder of models (default: the shipped ones)")
    plan.add_argument("--json", action="store_true", help="print one JSON line")
    plan.set_defaults(run=run_plan)


def run_guard(args: argparse.Namespace) -> int:
    """Be the guard, or start a ledger for it."""
    from fieldstation.guard.main import main, start_ledger

    places = places_of(args)
    station = load(config_of(args, places))
    usable(places)
    if args.new_ledger or args.first_ledger:
        print(start_ledger(station, places, first=args.first_ledger))
        return 0
    return main(station, places)


def run_controller(args: argparse.Namespace) -> int:
    """Be the controller."""
    from fieldstation.controller.main import main

    places = places_of(args)
    config = config_of(args, places)
    station = load(config)
    usable(places)
    return main(station, places, config=config)


def run_page(args: argparse.Namespace) -> int:
    """Be the page."""
    from fieldstation.page.main import main

    places = places_of(args)
    return main(load(config_of(args, places)), places, host=args.host, port=args.port)


def run_notify(args: argparse.Namespace) -> int:
    """Send what is due."""
    from fieldstation.notify.main import main

    places = places_of(args)
    return main(load(config_of(args, places)), places, as_json=args.json)


def run_plan(args: argparse.Namespace) -> int:
    """Forecast once."""
    from fieldstation.planner.main import main

    places = places_of(args)
    return main(load(config_of(args, places)), places, models=args.models, as_json=args.json)

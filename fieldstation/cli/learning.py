"""Commands about what the station learns: learn (now, list, roll back), and harvest."""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldstation.cli.options import add_places, config_of, places_of
from fieldstation.config.load import load
from fieldstation.domain.errors import PeerSilent, StationError
from fieldstation.domain.learned import LearnReport, OwnModel, Score
from fieldstation.store.reader import Reader
from fieldstation.wire.client import call
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

WAIT_S = 960.0
POLL_EVERY_S = 0.5


def add(commands: Any) -> None:
    """Add this room's commands."""
    learn = commands.add_parser(
        "learn",
        help="learn from the station's own record now, list its models, or roll one back",
        description="The station learns by itself, weekly, at night. This does it now, and prints what was found.",
        epilog="Example: fieldstation learn --list",
    )
    add_places(learn)
    which = learn.add_mutually_exclusive_group()
    which.add_argument("--list", action="store_true", help="list the versions with their scores")
    which.add_argument(
        "--rollback", action="store_true", help="take the model in charge out; the one before it returns"
    )
    which.add_argument("--json", action="store_true", help="be the learning process: print one JSON line")
    learn.add_argument("--models", type=Path, help="with --json: folder of the shipped models")
    learn.set_defaults(run=run_learn)
    harvest = commands.add_parser(
        "harvest",
        help="tell the station what was harvested",
        description="Tell what a zone brought, so that yield forecasts learn from it. Told again, the last word counts.",
        epilog="Example: fieldstation harvest --zone north --on 2026-09-14 --t-ha 80 --dry-frac 0.06",
    )
    add_places(harvest, config=False)
    harvest.add_argument("--zone", required=True, help="the zone's id in station.toml")
    harvest.add_argument("--on", required=True, help="day of the harvest, such as 2026-09-14")
    harvest.add_argument("--t-ha", type=float, required=True, help="tonnes a hectare, as weighed")
    harvest.add_argument(
        "--dry-frac", type=float, default=1.0, help="part of that weight that is dry matter (default 1)"
    )
    harvest.set_defaults(run=run_harvest)


def run_learn(args: argparse.Namespace) -> int:
    """Learn, list or roll back."""
    places = places_of(args)
    if args.list:
        return _list(places)
    if args.rollback:
        return _roll_back(places)
    if args.json:
        from fieldstation.learner.main import main

        return main(load(config_of(args, places)), places, models=args.models)
    try:
        answer = call(places.controller_socket, {"verb": "learn"})
    except PeerSilent:
        raise StationError(
            "the controller is silent, and it alone registers what is learned; start it, or look with --list"
        ) from None
    if "error" in answer:
        raise StationError(f"not learning: {answer['error']}")
    return _wait(places)


def run_harvest(args: argparse.Namespace) -> int:
    """Tell the controller."""
    if not 0 < args.dry_frac <= 1:
        raise StationError("--dry-frac must lie above 0 and up to 1, such as 0.06 for tomatoes")
    question = {
        "verb": "harvest",
        "zone": args.zone,
        "on": args.on,
        "t_ha": round(args.t_ha * args.dry_frac, 6),
    }
    answer = _send_command(places_of(args), question)
    if "error" in answer:
        print(f"Not kept. {answer['error']}")
        return 1
    print(f"Kept: {answer['zone']}, {answer['on']}, {answer['t_ha_dry']:g} t/ha of dry matter.")
    return 0


def _wait(places: Places) -> int:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        now = _send_command(places, {"verb": "learned"})
        if not now["running"] and not now["waiting"]:
            with Reader(places.record) as reader:
                report = reader.learning()
            if report is None:
                print(f"Nothing was learned: {now['failure'] or 'see the alerts on the page'}")
                return 1
            print(words(report))
            return 1 if report.failure else 0
        time.sleep(POLL_EVERY_S)  # another process works; it tells when it is asked
    print("Still learning, or waiting for the pump to rest. Look later: fieldstation learn --list")
    return 1


def _list(places: Places) -> int:
    with Reader(places.record) as reader:
        models, newest = reader.models(), reader.learning()
    if newest is not None:
        print(words(newest))
    for model in models:
        print(_line(model))
    if not models:
        print("No model of the station's own yet: the shipped one is in charge.")
    return 0


def _roll_back(places: Places) -> int:
    answer = _send_command(places, {"verb": "roll_back"})
    if "error" in answer:
        print(answer["error"])
        return 1
    if answer["rolled_back"] is None:
        print("Nothing to roll back: the shipped model is in charge.")
        return 0
    print(f"{answer['rolled_back']} is out; from the next forecast on in charge: {answer['in_charge']}")
    return 0


def _send_command(places: Places, question: Message) -> Message:
    try:
        return call(places.controller_socket, question)
    except PeerSilent as error:
        raise StationError(f"the controller is silent, nothing was changed ({error})") from error


def words(report: LearnReport) -> str:
    """A learning run for a person at a terminal."""
    used = f"{report.cpu_s:.1f} s, {report.peak_mb:.0f} MB"
    from_what = f"{report.windows} stretches without water on {report.days} mornings"
    lines = [f"Learned {_when(report.at)} from {from_what} ({used})."]
    if report.failure:
        lines = [f"Learning {_when(report.at)} failed ({report.failure}): {report.detail}"]
    elif report.fitted is None and not report.judged:
        lines.append("No new model: too little to learn from yet, or nothing new.")
    if report.fitted is not None:
        lines.append("  " + _line(report.fitted))
    for judged in report.judged:
        lines.append(
            f"  {judged.version}: {judged.state.value} ({judged.why.replace('_', ' ')}){_score(judged.score)}"
        )
    for found in report.calibrations:
        if found.value is None:
            continue
        where = f"{found.zone}/{found.probe}" if found.probe else found.zone
        use = "" if found.credible else ", out of its plausible span: not used"
        lines.append(
            f"  {where} {found.kind}: {found.value:g} ({found.low:g} to {found.high:g}, {found.n} seen,"
            f" {found.sure_frac:.0%} sure{use})"
        )
    for one in report.yields:
        lines.append(
            f"  {one.zone} {one.crop}: harvest is {one.scale:.2f} of what is forecast"
            + (f" {one.plus_t_ha:+.2f} t/ha" if one.plus_t_ha else "")
            + f" ({one.seasons} seasons, {one.why.replace('_', ' ')}{'' if one.used else ': not used'})"
        )
    return "\n".join(lines)


def _line(model: OwnModel) -> str:
    later = f"; later{_score(model.later)}" if model.later else ""
    return (
        f"{model.version} of {_when(model.made_at)}: {model.state.value} ({model.why.replace('_', ' ')}),"
        f" against {model.against}{_score(model.held_out)}{later}"
    )


def _score(score: Score | None) -> str:
    if score is None:
        return ""
    return (
        f", mean error {score.mae:.4f} against {score.rival_mae:.4f} of the soil's span, pinball {score.pinball:.4f}"
        f" against {score.rival_pinball:.4f}, {score.days} days"
    )


def _when(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")

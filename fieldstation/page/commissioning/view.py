"""A technician's visit as its screens show it: steps, what is known of them now, what came of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import request

from fieldstation.domain.commissioning import Outcome, Step, StepDone, Visit
from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Station
from fieldstation.language.sentences import Words
from fieldstation.page.commissioning.actions import facts
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.store.reader import Reader
from fieldstation.wire.line import Message

EACH_ZONE = (Step.RELAY,)


def visits(site: Site, _: Picture, words: Words) -> dict[str, Any]:
    """What `commissioning.html` shows."""
    return {
        "visits": [
            {
                "id": one.id,
                "when": words.when(one.last_at),
                "stands": words.say(
                    "commissioning", "is_signed" if one.signed else "is_open" if one.tried else "is_begun"
                ),
                "tried": one.tried,
            }
            for one in known_visits(site)
        ]
    }


def visit_shown(site: Site, visit: str, picture: Picture, words: Words) -> dict[str, Any]:
    """What `commissioning_visit.html` shows: every step, what is known of it now, what came of it."""
    done = newest(tried(site, visit))
    names = {zone.id: zone.name for zone in site.station.zones}
    steps = []
    for step, of in wanted(site.station):
        before = done.get((step, of))
        steps.append(
            {
                "step": step.value,
                "of": of,
                "name": words.say("step", step.value),
                "zone": names.get(of),
                "lead": words.say("step_lead", step.value),
                "shown": [
                    words.say("fact", name, value=_value(value, words))
                    for name, value in facts(site, step.value, picture, request.args.get("run", "")).items()
                ],
                "done": None if before is None else _told(before, words),
            }
        )
    first = next((i for i, one in enumerate(steps) if one["done"] is None), None)
    return {
        "visit": visit,
        "steps": steps,
        "next_index": first,
        "zones": names,
        "run": request.args.get("run", ""),
        "tested": names.get(request.args.get("tested", "")),
        "outcomes": [(one.value, words.say("outcome", one.value)) for one in Outcome],
    }


def report(site: Site, visit: str, _: Picture, words: Words) -> dict[str, Any]:
    """What `commissioning_report.html` shows."""
    done = newest(tried(site, visit))
    names = {zone.id: zone.name for zone in site.station.zones}
    steps = wanted(site.station)
    open_ = [key for key in steps if key not in done]
    return {
        "visit": visit,
        "rows": [
            {
                "name": words.say("step", step.value),
                "zone": names.get(of, of),
                "shown": [
                    words.say("fact", name, value=_value(value, words)) for name, value in one.values.items()
                ],
                **_told(one, words),
            }
            for step, of in steps
            if (one := done.get((step, of))) is not None
        ],
        "open": [
            " ".join(part for part in (words.say("step", step.value), names.get(of)) if part)
            for step, of in open_
        ],
        "passed": not open_ and all(one.outcome is not Outcome.FAILED for one in done.values()),
        "signed": (Step.SIGNED, "") in done,
    }


def wanted(station: Station) -> list[tuple[Step, str]]:
    """Every step of a visit, with what it is of."""
    zones = [zone.id for zone in station.zones]
    return [(step, of) for step in Step for of in (zones if step in EACH_ZONE else [""])]


def newest(steps: Iterable[StepDone]) -> dict[tuple[Step, str], StepDone]:
    """Of each step and what it was of, the last try."""
    return {(one.step, one.of): one for one in steps}


def _told(one: StepDone, words: Words) -> dict[str, Any]:
    return {
        "outcome": one.outcome.value,
        "word": words.say("outcome", one.outcome.value),
        "when": words.when(one.at),
        "by": one.by,
        "note": one.note,
    }


def _value(value: float | str, words: Words) -> str:
    return words.number(value, 1) if isinstance(value, int | float) else words.say("fact_word", value)


def begin_visit(site: Site) -> Message:
    """`visit`: today's of which nothing was tried, else a new one, kept; or `refused`. Its name is the day and some letters."""
    day = datetime.now(site.tz).date().isoformat()
    idle = [one.id for one in known_visits(site) if one.id.startswith(day) and not one.tried]
    if idle:
        return {"visit": idle[0]}
    visit = f"{day}-{secrets.token_hex(2)}"
    answer = site.wish("visit_begun", by=site.who(), visit=visit)
    return answer if "refused" in answer else {"visit": visit}


def known_visits(site: Site) -> list[Visit]:
    """The newest visits, newest first; none while the record cannot be read."""
    try:
        with Reader(site.places.record) as reader:
            return reader.visits()
    except StationError:
        return []


def tried(site: Site, visit: str) -> list[StepDone]:
    """Every step of a visit as it was tried; none while the record cannot be read."""
    try:
        with Reader(site.places.record) as reader:
            return reader.commissioning(visit)
    except StationError:
        return []

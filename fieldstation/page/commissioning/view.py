"""A technician's visit as its screens show it: steps, what is known of them now, what came of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from fieldstation.domain.commissioning import Outcome, Step, StepDone, Visit
from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Station
from fieldstation.language.sentences import Words
from fieldstation.page.commissioning.actions import facts
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot
from fieldstation.store.reader import Reader

EACH_ZONE = (Step.RELAY,)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in the list."""

    id: str
    when: str
    stands: str
    tried: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step."""

    outcome: str
    word: str
    when: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step to be tried: what is known of it now (`shown`), what came of it last."""

    step: str
    of: str
    name: str
    zone: str | None
    lead: str
    shown: list[str]
    done: Done | None


@dataclass(frozen=True, slots=True)
class VisitView:
    """What `commissioning_visit.html` shows. `run` is that of the fail-safe test."""

    visit: str
    steps: list[StepView]
    next_index: int | None
    zones: dict[str, str]
    run: str
    outcomes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A step of the report."""

    name: str
    zone: str
    shown: list[str]
    word: str
    when: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `commissioning_report.html` shows; `open` are the steps that nobody tried."""

    visit: str
    rows: list[ReportRow]
    open: list[str]
    passed: bool


def visits(page: PageContext) -> list[VisitLine]:
    """What `commissioning.html` shows: the newest visits."""
    words = page.words()
    return [
        VisitLine(one.id, words.when(one.last_at), _stands(one, words), one.tried)
        for one in known_visits(page)
    ]


def _stands(one: Visit, words: Words) -> str:
    return words.say("commissioning", "is_signed" if one.signed else "is_open" if one.tried else "is_begun")


def visit_shown(page: PageContext, visit: str, snapshot: StationSnapshot, words: Words) -> VisitView:
    """Every step of a visit."""
    done = newest(tried(page, visit))
    run = request.args.get("run", "")
    steps = [
        StepView(
            step=step.value,
            of=of,
            name=words.say("step", step.value),
            zone=page.names.get(of),
            lead=words.say("step_lead", step.value),
            shown=_facts(facts(page, step.value, snapshot, run), words),
            done=_outcome_view(done[step, of], words) if (step, of) in done else None,
        )
        for step, of in wanted(page.station)
    ]
    return VisitView(
        visit=visit,
        steps=steps,
        next_index=next((i for i, one in enumerate(steps) if one.done is None), None),
        zones=page.names,
        run=run,
        outcomes=[(one.value, words.say("outcome", one.value)) for one in Outcome],
    )


def report(page: PageContext, visit: str, _: StationSnapshot, words: Words) -> Report:
    """What came of every step that was tried."""
    done = newest(tried(page, visit))
    steps = wanted(page.station)
    open_ = [key for key in steps if key not in done]
    return Report(
        visit=visit,
        rows=[
            _row(done[step, of], page.names.get(of, of), words) for step, of in steps if (step, of) in done
        ],
        open=[
            " ".join(part for part in (words.say("step", step.value), page.names.get(of)) if part)
            for step, of in open_
        ],
        passed=not open_ and all(one.outcome is not Outcome.FAILED for one in done.values()),
    )


def _row(one: StepDone, zone: str, words: Words) -> ReportRow:
    outcome = _outcome_view(one, words)
    return ReportRow(
        words.say("step", one.step.value),
        zone,
        _facts(one.values, words),
        outcome.word,
        outcome.when,
        outcome.by,
        outcome.note,
    )


def wanted(station: Station) -> list[tuple[Step, str]]:
    """Every step of a visit, with what it is of."""
    zones = [zone.id for zone in station.zones]
    return [(step, of) for step in Step for of in (zones if step in EACH_ZONE else [""])]


def newest(steps: Iterable[StepDone]) -> dict[tuple[Step, str], StepDone]:
    """Of each step and what it was of, the last try."""
    return {(one.step, one.of): one for one in steps}


def _outcome_view(one: StepDone, words: Words) -> Done:
    outcome = one.outcome.value
    return Done(outcome, words.say("outcome", outcome), words.when(one.at), one.by, one.note)


def _facts(known: Mapping[str, float | str], words: Words) -> list[str]:
    """What is known of a step, in sentences."""
    return [words.say("fact", name, value=_value(value, words)) for name, value in known.items()]


def _value(value: float | str, words: Words) -> str:
    return words.number(value, 1) if isinstance(value, int | float) else words.say("fact_word", value)


def begin_visit(page: PageContext) -> Answer:
    """`visit`: today's of which nothing was tried, else a new one, kept; or `refused`. Its name is the day and some notifications."""
    day = datetime.now(page.tz).date().isoformat()
    idle = [one.id for one in known_visits(page) if one.id.startswith(day) and not one.tried]
    if idle:
        return Answer(body={"visit": idle[0]})
    visit = f"{day}-{secrets.token_hex(2)}"
    answer = page.send_command("visit_begun", by=page.who(), visit=visit)
    return answer if answer.refused else Answer(body={"visit": visit})


def known_visits(page: PageContext) -> list[Visit]:
    """The newest visits, newest first; none while the record cannot be read."""
    try:
        with Reader(page.record) as reader:
            return reader.visits()
    except StationError:
        return []


def tried(page: PageContext, visit: str) -> list[StepDone]:
    """Every step of a visit as it was tried; none while the record cannot be read."""
    try:
        with Reader(page.record) as reader:
            return reader.commissioning(visit)
    except StationError:
        return []

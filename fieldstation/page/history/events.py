"""What happened to a zone, newest first: watered and why, not watered and why, refused, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fieldstation.language.audit import describe_audit_entry
from fieldstation.language.sentences import Words
from fieldstation.page.explanation import CUT_SHORT, reason_sentence
from fieldstation.page.history.data import Span
from fieldstation.store.history.events import Given, Happened, PastDecision
from fieldstation.store.history.reader import PastReader

SHOWN = 24
EVENTS = ("water_refused", "clock_step", "harvest_entered", "readings_dropped")
"""Events a farmer may have to know of; each has a sentence in the history's words."""
AUDIT_SHOWN_IN_HISTORY = (
    *("skip", "unskip", "skip_used", "nudge", "pause", "pause_ended", "resume_automatic", "automatic_on"),
    *("automatic_off", "quiet", "quiet_none", "day_cap", "day_cap_none", "water_now", "end_run"),
    *("stop", "resume", "record_wiped"),
)
"""What people do that belongs into a zone's history; each has its words in the group `audit`."""
BECAUSE_WITHIN = timedelta(hours=30)
"""A run follows its decision: the water window opens within a day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `kind` is watered, waited, trouble or deed (what a person did); `at` is `when` for machines."""

    at: str
    when: str
    kind: str
    text: str


class _Found(NamedTuple):
    """What is told as one entry, before it is a sentence. `reason` is that of a wait; `since` is set where several are one."""

    at: datetime
    what: Given | PastDecision | Happened
    trusted: bool
    reason: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """So many entries, and the instant from which older ones follow."""

    entries: list[Entry]
    older: datetime | None


def read(reader: PastReader, span: Span, before: datetime | None, words: Words) -> Page:
    """The newest entries of the span before an instant. Raises RecordError."""
    until = min(span.until, before) if before else span.until
    given = reader.given(span.zone.id, span.since, until, SHOWN + 1)
    decisions = reader.past_decisions(
        span.zone.id, span.since - BECAUSE_WITHIN, until, 4 * SHOWN, values=False
    )
    happened = reader.happened(span.zone.id, span.since, until, EVENTS, AUDIT_SHOWN_IN_HISTORY, SHOWN + 1)
    entries = [_Found(one.run.started_at, one, one.trusted) for one in given]
    entries += [
        _Found(one.at, one, one.trusted, one.reason.value)
        for one in decisions
        if one.at >= span.since and one.depth_mm <= 0
    ]
    entries += [_Found(one.at, one, one.trusted) for one in happened]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    if len(decisions) == 4 * SHOWN:  # what is older than the oldest decision read was not read whole
        entries = [entry for entry in entries if entry.at > decisions[-1].at]
    entries = _merged(entries)
    more = len(entries) > SHOWN or len(decisions) == 4 * SHOWN
    entries = entries[:SHOWN]
    decided = decisions_behind(reader, [entry.what for entry in entries], decisions)
    shown = [_entry(entry, cause, words) for entry, cause in zip(entries, decided, strict=True)]
    return Page(shown, (entries[-1].since or entries[-1].at) if more and entries else None)


def decision_behind(one: Given, decisions: Sequence[PastDecision]) -> PastDecision | None:
    """The decision that a run of the station's own followed; `decisions` newest first."""
    if one.run.origin != "auto":
        return None
    started = one.run.started_at
    return next(
        (
            t
            for t in decisions
            if t.depth_mm > 0 and started - BECAUSE_WITHIN <= t.at <= started + timedelta(minutes=2)
        ),
        None,
    )


def decisions_behind(
    reader: PastReader, shown: Sequence[Given | PastDecision | Happened], decisions: Sequence[PastDecision]
) -> list[PastDecision | None]:
    """Of each the decision whose reason is told with it, with its values, which `decisions` need not have. Raises RecordError."""
    found = [
        decision_behind(what, decisions)
        if isinstance(what, Given)
        else what
        if isinstance(what, PastDecision)
        else None
        for what in shown
    ]
    values = reader.values([cause.id for cause in found if cause])
    return [cause and cause._replace(values=values.get(cause.id, {})) for cause in found]


def watered_sentence(one: Given, decision: PastDecision | None, words: Words, *, short: bool = False) -> str:
    """How much was given, and why; `short` leaves out how much, for where that stands beside it."""
    run = one.run
    values = {
        "minutes": words.minutes(run.on_s / 60),
        "litres": words.litres(run.litres),
        "depth": words.depth(one.depth_mm),
    }
    why = reason_sentence(decision.reason.value, decision.values, words) if decision else ""
    if run.origin == "manual":
        text = words.say("history", "by_hand" if short else "watered_by_hand", **values)
    elif short:
        text = why
    else:
        text = words.say("history", "watered_because" if decision else "watered", why=why, **values)
    if run.stop_reason.value in CUT_SHORT:
        text = f"{text} " + words.say("history", "cut", why=words.say("code", run.stop_reason.value))
    return text.strip()


def _merged(entries: Sequence[_Found]) -> list[_Found]:
    """The same wait over and over, with nothing between, is one entry, told as it was last; newest first."""
    found: list[_Found] = []
    for entry in entries:
        last = found[-1] if found else None
        if last and entry.reason and (last.reason, last.trusted) == (entry.reason, entry.trusted):
            found[-1] = last._replace(since=entry.at)
        else:
            found.append(entry)
    return found


def _entry(found: _Found, cause: PastDecision | None, words: Words) -> Entry:
    what = found.what
    if isinstance(what, Happened):
        kind, text = _happened(what, words)
    elif isinstance(what, Given):
        kind, text = "watered", watered_sentence(what, cause, words)
    else:
        decision = cause or what
        why = reason_sentence(decision.reason.value, decision.values, words)
        kind, text = "waited", words.say("history", "waited", why=why)
    when = words.when(found.at)
    if found.since is not None:
        when = words.say("history", "from_to", first=words.when(found.since), last=when)
    if not found.trusted:
        when = words.say("history", "unsure_when", when=when)
    return Entry(found.at.strftime("%Y-%m-%dT%H:%MZ"), when, kind, text)


def _happened(one: Happened, words: Words) -> tuple[str, str]:
    if one.who is not None:
        what = describe_audit_entry(one.code, one.values, words)
        return "deed", words.say("history", "deed", who=one.who, what=what)
    values: dict[str, Any] = dict(one.values)
    if isinstance(values.get("step_s"), int | float):
        values["step_s"] = abs(values["step_s"])
    if "code" in values:
        values["code"] = words.say("code", str(values["code"]))
    return "trouble", words.say("history", one.code, **values)

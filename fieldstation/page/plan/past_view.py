"""The days behind, and the decision in force, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldstation.domain.forecast import Contribution
from fieldstation.domain.people import AuditEntry
from fieldstation.domain.run import Run
from fieldstation.domain.status.decision import DecisionStatus, decision_status
from fieldstation.language.audit import describe_audit_entry
from fieldstation.language.sentences import Words
from fieldstation.page.explanation import CUT_SHORT, Explanation, explain, sentence
from fieldstation.page.plan.past import ZoneDay
from fieldstation.page.plan.soil_balance import balance_rows
from fieldstation.page.zone_now import ZoneNow


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A line of the soil's water balance."""

    what: str
    sign: str
    mm: str
    code: str


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a decision: the soil's water balance as a table, then sentences."""

    account: list[AccountRow]
    caption: str
    why: Explanation


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day behind."""

    day: str
    on: str
    kind: str
    done: list[str]
    reason: str | None
    behind: Behind | None
    audit_entries: list[str]


def force_view(now: ZoneNow, words: Words) -> Behind | None:
    """The decision that stands now; of the record while the controller is silent; None before the first."""
    if now.decision is None:
        return None
    return _behind(now.decision, now.live.contributions if now.live else (), words)


def past_day_view(one: ZoneDay, words: Words) -> PastDay:
    """One day: a sentence of what was done, one of why, and what stands behind it."""
    runs = [_run(run, words) for run in one.runs]
    if one.kind == "refused" and one.refusal is not None:
        code = words.say("code", str(one.refusal.values.get("code")))
        runs = [words.say("plan", "past_refused", why=code)]
    elif not runs:
        runs = [words.say("plan", f"past_{one.kind}")]
    decision = decision_status(one.decision) if one.decision else None
    return PastDay(
        day=words.date(one.on, weekday=True),
        on=one.on.isoformat(),
        kind=one.kind,
        done=runs,
        reason=sentence(decision, words) if decision else None,
        behind=_behind(decision, (), words) if decision else None,
        audit_entries=[_audit_view(entry, words) for entry in one.audit_entries],
    )


def _audit_view(entry: AuditEntry, words: Words) -> str:
    what = describe_audit_entry(entry.what, entry.values, words)
    return words.say("plan", "past_deed", who=entry.who, at=words.clock(entry.at), what=what)


def _run(run: Run, words: Words) -> str:
    values = {
        "at": words.clock(run.started_at),
        "minutes": words.minutes(run.on_s / 60),
        "litres": words.litres(run.litres),
    }
    if run.stop_reason in CUT_SHORT:
        return words.say("plan", "past_cut", why=words.say("code", run.stop_reason.value), **values)
    return words.say("plan", "past_by_hand" if run.origin == "manual" else "past_run", **values)


def _behind(decision: DecisionStatus, contributions: Sequence[Contribution], words: Words) -> Behind:
    """The soil's water balance as a table, then sentences: who decided, what would have changed it, what was held against it."""
    rows = [
        AccountRow(words.say("plan", f"account_{row.code}"), row.sign, words.depth(row.mm), row.code)
        for row in balance_rows(decision)
    ]
    return Behind(
        rows,
        words.say("plan", "account_caption"),
        explain(decision, contributions, words, with_balance=not rows),
    )

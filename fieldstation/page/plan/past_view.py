"""The days behind, and the decision in force, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldstation.domain.decision import Decision
from fieldstation.domain.forecast import Driver
from fieldstation.domain.run import Run
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import DecisionStatus, decision_status
from fieldstation.domain.status.zone import ZoneStatus
from fieldstation.language.audit import deed_words
from fieldstation.language.sentences import Words
from fieldstation.page.explanation import why
from fieldstation.page.plan.past import Told
from fieldstation.page.plan.soil_balance import account_rows
from fieldstation.page.zone_card import CUT_SHORT, sentence


def force_view(
    zone: Zone, live: ZoneStatus | None, recorded: Decision | None, said: str, words: Words
) -> dict[str, Any] | None:
    """The decision that stands now; of the record while the controller is silent; None before the first."""
    decision = live.decision if live else decision_status(recorded) if recorded else None
    if decision is None:
        return None
    drivers = live.contributions if live else ()
    return {"zone": zone.name, "said": said, **_behind(decision, drivers, words)}


def told_view(one: Told, words: Words) -> dict[str, Any]:
    """One day: a sentence of what was done, one of why, and what stands behind it."""
    runs = [_run(run, words) for run in one.runs]
    if one.kind == "refused" and one.refusal is not None:
        code = words.say("code", str(one.refusal.values.get("code")))
        runs = [words.say("plan", "told_refused", why=code)]
    elif not runs:
        runs = [words.say("plan", f"told_{one.kind}")]
    decision = decision_status(one.decision) if one.decision else None
    return {
        "day": words.date(one.on, weekday=True),
        "on": one.on.isoformat(),
        "kind": one.kind,
        "done": runs,
        "because": sentence(decision, words) if decision else None,
        "behind": _behind(decision, (), words) if decision else None,
        "deeds": [
            words.say(
                "plan",
                "told_deed",
                who=deed.who,
                at=words.clock(deed.at),
                what=deed_words(deed.what, deed.values, words),
            )
            for deed in one.deeds
        ],
    }


def _run(run: Run, words: Words) -> str:
    values = {
        "at": words.clock(run.started_at),
        "minutes": words.minutes(run.on_s / 60),
        "litres": words.litres(run.litres),
    }
    if run.stop_reason in CUT_SHORT:
        return words.say("plan", "told_cut", why=words.say("code", run.stop_reason.value), **values)
    return words.say("plan", "told_by_hand" if run.origin == "manual" else "told_run", **values)


def _behind(decision: DecisionStatus, drivers: Sequence[Driver], words: Words) -> dict[str, Any]:
    """The soil's account as a table, then sentences: who decided, what would have changed it, what was held against it."""
    rows = [
        {
            "what": words.say("plan", f"account_{row.code}"),
            "sign": row.sign,
            "mm": words.depth(row.mm),
            "code": row.code,
        }
        for row in account_rows(decision)
    ]
    found = why(decision, drivers, (), words, books=not rows)
    return {
        "account": rows,
        "caption": words.say("plan", "account_caption"),
        "first": found["first"],
        "rest": found["rest"],
        "inputs": found["inputs"],
        "model": found["model"],
    }

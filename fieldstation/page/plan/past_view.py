"""The days behind, and the decision in force, in words."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.decision import Decision
from fieldstation.domain.run import Run
from fieldstation.domain.station import Zone
from fieldstation.language.audit import deed_words
from fieldstation.language.sentences import Words
from fieldstation.page.explanation import why
from fieldstation.page.plan.past import Told
from fieldstation.page.plan.soil_balance import account_rows
from fieldstation.page.zone_card import CUT_SHORT, sentence
from fieldstation.wire.decision import decision_plain


def force_view(
    zone: Zone, live: dict[str, Any] | None, recorded: Decision | None, said: str, words: Words
) -> dict[str, Any] | None:
    """The decision that stands now; of the record while the controller is silent; None before the first."""
    plain = live["decision"] if live else decision_plain(recorded) if recorded else None
    if plain is None:
        return None
    drivers = live["drivers"] if live else []
    return {"zone": zone.name, "said": said, **_behind(plain, drivers, words)}


def told_view(one: Told, words: Words) -> dict[str, Any]:
    """One day: a sentence of what was done, one of why, and what stands behind it."""
    runs = [_run(run, words) for run in one.runs]
    if one.kind == "refused" and one.refusal is not None:
        code = words.say("code", str(one.refusal.values.get("code")))
        runs = [words.say("plan", "told_refused", why=code)]
    elif not runs:
        runs = [words.say("plan", f"told_{one.kind}")]
    plain = decision_plain(one.decision) if one.decision else None
    return {
        "day": words.date(one.on, weekday=True),
        "on": one.on.isoformat(),
        "kind": one.kind,
        "done": runs,
        "because": sentence(plain, words) if plain else None,
        "behind": _behind(plain, [], words) if plain else None,
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
    if run.stop_reason.value in CUT_SHORT:
        return words.say("plan", "told_cut", why=words.say("code", run.stop_reason.value), **values)
    return words.say("plan", "told_by_hand" if run.origin == "manual" else "told_run", **values)


def _behind(plain: dict[str, Any], drivers: list[dict[str, Any]], words: Words) -> dict[str, Any]:
    """The soil's account as a table, then sentences: who decided, what would have changed it, what was held against it."""
    rows = [
        {
            "what": words.say("plan", f"account_{row.code}"),
            "sign": row.sign,
            "mm": words.depth(row.mm),
            "code": row.code,
        }
        for row in account_rows(plain)
    ]
    found = why(plain, drivers, [], words, books=not rows)
    return {
        "account": rows,
        "caption": words.say("plan", "account_caption"),
        "first": found["first"],
        "rest": found["rest"],
        "inputs": found["inputs"],
        "model": found["model"],
    }

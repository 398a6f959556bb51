"""What the people screen shows: each account with its role, each token, the trail in sentences."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.people import Deed, Person, Role, Token
from fieldstation.language.audit import deed_words
from fieldstation.language.sentences import Words
from fieldstation.page.access.identity import Known
from fieldstation.page.people.actions import accounts_seen, tokens_seen

DEEDS_SHOWN = 50


def people_view(
    known: Known, deeds: list[Deed], person: Person, words: Words, zones: dict[str, str]
) -> dict[str, Any]:
    """All that `people.html` may show. `deeds` may hold one more than are shown: then there is a next page."""
    reads = person.role.may(Role.FARMER)
    shown = deeds[:DEEDS_SHOWN] if reads else []
    return {
        "reads": reads,
        "manages": person.role.may(Role.TECHNICIAN),
        "me": person.name,
        "accounts": [
            {
                "name": one.name,
                "role": one.role.value,
                "role_word": words.say("role", one.role.value),
                "since": words.date(one.since),
                "me": one.name == person.name,
            }
            for one in accounts_seen(known, person)
        ],
        "tokens": [_token(one, words) for one in tokens_seen(known, person)],
        "scopes": [{"code": code, "word": words.say("scope", code)} for code in ("read", "operate")],
        "deeds": [_deed(one, words, zones) for one in shown],
        "older": shown[-1].id if shown and len(deeds) > len(shown) else None,
    }


def _token(token: Token, words: Words) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "may": words.say("scope", "operate" if token.role.may(Role.FARMER) else "read"),
        "made": words.say("people", "made_by", by=token.by, when=words.date(token.since)),
    }


def _deed(deed: Deed, words: Words, zones: dict[str, str]) -> dict[str, Any]:
    """One line. Whose clock could not be believed is said beside it."""
    text = deed_words(deed.what, deed.values, words)
    zone = zones.get(deed.zone, deed.zone) if deed.zone else None
    return {
        "when": words.when(deed.at)
        if deed.trusted
        else words.say("people", "clock_unsure", when=words.when(deed.at)),
        "who": deed.who,
        "text": f"{zone}: {text}" if zone else text,
    }

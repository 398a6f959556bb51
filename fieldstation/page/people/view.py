"""What the people screen shows: each account with its role, each token, the audit log in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.people import Account, AuditEntry, Person, Role, Scope, Token
from fieldstation.language.audit import describe_audit_entry
from fieldstation.language.sentences import Words
from fieldstation.page.access.identity import Known
from fieldstation.page.people.actions import accounts_seen, tokens_seen

AUDIT_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account."""

    name: str
    role: str
    role_word: str
    since: str
    me: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """One token of a machine."""

    id: int
    name: str
    may: str
    made: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """One line of the audit log."""

    when: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class People:
    """What `people.html` shows. `made` is a new token, told this once; `older` the id that the next page begins below."""

    reads: bool
    manages: bool
    accounts: list[AccountView]
    tokens: list[TokenView]
    scopes: list[tuple[str, str]]
    roles: list[str]
    audit_entries: list[AuditView]
    older: int | None
    made: str | None


def people_view(
    known: Known,
    audit_entries: list[AuditEntry],
    person: Person,
    words: Words,
    zones: dict[str, str],
    made: str | None,
) -> People:
    """`audit_entries` may hold one more than are shown: then there is a next page."""
    reads = person.role.may(Role.FARMER)
    shown = audit_entries[:AUDIT_SHOWN] if reads else []
    return People(
        reads=reads,
        manages=person.role.may(Role.TECHNICIAN),
        accounts=[_account(one, person, words) for one in accounts_seen(known, person)],
        tokens=[_token(one, words) for one in tokens_seen(known, person)],
        scopes=[(scope.value, words.say("scope", scope.value)) for scope in Scope],
        roles=[role.value for role in Role],
        audit_entries=[_audit_view(one, words, zones) for one in shown],
        older=shown[-1].id if shown and len(audit_entries) > len(shown) else None,
        made=made,
    )


def _account(one: Account, person: Person, words: Words) -> AccountView:
    role = one.role.value
    return AccountView(
        one.name, role, words.say("role", role), words.date(one.since), one.name == person.name
    )


def _token(token: Token, words: Words) -> TokenView:
    may = words.say("scope", "operate" if token.role.may(Role.FARMER) else "read")
    made = words.say("people", "made_by", by=token.by, when=words.date(token.since))
    return TokenView(token.id, token.name, may, made)


def _audit_view(entry: AuditEntry, words: Words, zones: dict[str, str]) -> AuditView:
    """One line. Whose clock could not be believed is said beside it."""
    text = describe_audit_entry(entry.what, entry.values, words)
    zone = zones.get(entry.zone, entry.zone) if entry.zone else None
    when = words.when(entry.at)
    if not entry.trusted:
        when = words.say("people", "clock_unsure", when=when)
    return AuditView(when, entry.who, f"{zone}: {text}" if zone else text)

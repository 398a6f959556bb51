"""Who may what: accounts, roles, tokens for machines, and the audit log of what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fieldstation.domain.decision import Value

NAME_MAX = 40
PASSWORD_MIN, PASSWORD_MAX = 8, 200


class Role(StrEnum):
    """What a person may do; each may do all that those before it may."""

    VIEWER = "viewer"  # look
    FARMER = "farmer"  # water, pause, adjustment, resume
    TECHNICIAN = "technician"  # accounts, calibration, relay tests

    def may(self, needed: Role) -> bool:
        """Whether this role is enough.

        >>> Role.FARMER.may(Role.VIEWER), Role.FARMER.may(Role.TECHNICIAN)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    OPERATE = "operate"


SCOPE_ROLE = {Scope.READ: Role.VIEWER, Scope.OPERATE: Role.FARMER}
"""The most a token's bearer may; nothing makes a technician of a machine."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks, known by name. `fresh`: gave the password a moment ago. `token`: a machine with one."""

    name: str
    role: Role
    fresh: bool = False
    token: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands. `password` is an argon2id hash; a session with another `version` is over."""

    name: str
    role: Role
    password: str = field(repr=False)
    version: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's way in. `hash` is of the token, which nobody keeps; `role` the most it may now."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    hash: str = field(repr=False)
    by: str
    since: datetime
    role: Role


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who did what."""

    id: int
    at: datetime
    trusted: bool
    who: str
    what: str
    zone: str | None
    values: dict[str, Value]


def named(name: object) -> str:
    """An account's or token's name as it is kept. Raises ValueError for none, a long one or unprintable ones."""
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not 0 < len(text) <= NAME_MAX or not text.isprintable():
        raise ValueError(f"a name has 1 to {NAME_MAX} letters")
    return text

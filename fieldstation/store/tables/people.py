"""Rows of accounts, tokens and the audit log: plain statements inside the caller's transaction or visit.

An account that ends and a token that is taken back keep their rows, for the audit log's sake.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fieldstation.domain.decision import Value
from fieldstation.domain.people import SCOPE_ROLE, Account, AuditEntry, Role, Scope, Token
from fieldstation.store.codec import decode_values, encode
from fieldstation.store.instant import from_ms, to_ms

ACCOUNTS = "SELECT name, role, password, version, at FROM account WHERE ended_at IS NULL ORDER BY id"
TOKENS = (
    "SELECT token.id, token.name, scopes, hash, by, token.at, role FROM token"
    " JOIN account ON account.name = by AND account.ended_at IS NULL WHERE token.ended_at IS NULL ORDER BY token.id"
)
AUDIT = "SELECT id, at, trusted, who, what, zone, body FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?"


def add_audit(
    connection: sqlite3.Connection,
    at: datetime,
    trusted: bool,
    who: str,
    what: str,
    zone: str | None,
    values: Mapping[str, Value],
) -> None:
    """Keep who did what. `what` is a code, with a sentence in `[audit]` of the page's words."""
    connection.execute(
        "INSERT INTO audit (at, trusted, who, what, zone, body) VALUES (?, ?, ?, ?, ?, ?)",
        (to_ms(at), trusted, who, what, zone, encode(dict(values))),
    )


class People:
    """Accounts and tokens inside one transaction of the record's."""

    def __init__(self, connection: sqlite3.Connection, at: datetime, trusted: bool) -> None:
        self._connection, self._at, self._trusted = connection, at, trusted

    def accounts(self) -> list[Account]:
        """The accounts that stand."""
        return [account_of(row) for row in self._connection.execute(ACCOUNTS).fetchall()]

    def account(self, name: str) -> Account | None:
        """The account of this name, written in any case."""
        return next((one for one in self.accounts() if one.name.casefold() == name.casefold()), None)

    def add_account(self, name: str, role: Role, password: str) -> None:
        """Open an account; one of that name that ended begins anew. `password` is its hash."""
        self._connection.execute(
            "INSERT INTO account (at, name, role, password, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET at = excluded.at, name = excluded.name, role = excluded.role,"
            " password = excluded.password, version = excluded.version, ended_at = NULL",
            (to_ms(self._at), name, role.value, password, _version()),
        )

    def set_role(self, name: str, role: Role) -> None:
        """Give another role; it holds from the next request on."""
        self._connection.execute("UPDATE account SET role = ? WHERE name = ?", (role.value, name))

    def set_password(self, name: str, password: str) -> None:
        """Another password ends every session of the account."""
        self._connection.execute(
            "UPDATE account SET password = ?, version = ? WHERE name = ?", (password, _version(), name)
        )

    def end_sessions(self, name: str) -> None:
        """Sign the account out everywhere."""
        self._connection.execute("UPDATE account SET version = ? WHERE name = ?", (_version(), name))

    def end_account(self, name: str) -> None:
        """End an account, its sessions, and the tokens it made."""
        ended = to_ms(self._at)
        self._connection.execute(
            "UPDATE account SET ended_at = ?, version = ?, password = '' WHERE name = ?",
            (ended, _version(), name),
        )
        self._connection.execute(
            "UPDATE token SET ended_at = ? WHERE by = ? COLLATE NOCASE AND ended_at IS NULL", (ended, name)
        )

    def tokens(self) -> list[Token]:
        """The tokens that stand."""
        return [token_of(row) for row in self._connection.execute(TOKENS).fetchall()]

    def add_token(self, name: str, scopes: tuple[Scope, ...], hashed: str, by: str) -> None:
        """Keep a token's hash."""
        self._connection.execute(
            "INSERT INTO token (at, name, scopes, hash, by) VALUES (?, ?, ?, ?, ?)",
            (to_ms(self._at), name, " ".join(scopes), hashed, by),
        )

    def end_token(self, number: int) -> None:
        """Take a token back."""
        self._connection.execute("UPDATE token SET ended_at = ? WHERE id = ?", (to_ms(self._at), number))

    def add_audit(
        self, who: str, what: str, zone: str | None = None, values: Mapping[str, Value] | None = None
    ) -> None:
        """Keep who did what, with what was done or not at all."""
        add_audit(self._connection, self._at, self._trusted, who, what, zone, values or {})


def account_of(row: tuple[Any, ...]) -> Account:
    """A row of ACCOUNTS. Raises ValueError for a damaged one."""
    name, role, password, version, at = row
    return Account(name, Role(role), password, version, from_ms(at))


def token_of(row: tuple[Any, ...]) -> Token:
    """A row of TOKENS: it may no more than its scopes say, and no more than who made it may now."""
    number, name, scopes, hashed, by, at, role = row
    found = tuple(Scope(one) for one in scopes.split())
    most = Role.FARMER if Scope.OPERATE in found else SCOPE_ROLE[Scope.READ]
    maker = Role(role)
    return Token(number, name, found, hashed, by, from_ms(at), maker if most.may(maker) else most)


def audit_entry_of(row: tuple[Any, ...]) -> AuditEntry:
    """A row of AUDIT."""
    number, at, trusted, who, what, zone, body = row
    return AuditEntry(number, from_ms(at), bool(trusted), who, what, zone, decode_values(body))


def _version() -> int:
    """Never given before, not even by a record that was since restored or wiped."""
    return secrets.randbits(53)

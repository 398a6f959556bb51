"""Who asks: by a session or a token, judged against the record, which a silent controller leaves readable.

A session is a signed cookie that names an account and the version it was signed in at. Nothing of it is kept here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, session

from fieldstation import log
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.people import NAME_MAX, Account, Person, Token
from fieldstation.domain.settings import Settings
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places

KNOWN_FOR_S = 2.0
BUSY_S = 0.3
FRESH_FOR_S = 900.0
LASTS = timedelta(days=30)
RENEWED_AFTER_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Known:
    """What the record says of people. `read` is False until it could be read once."""

    read: bool = False
    accounts: tuple[Account, ...] = ()
    tokens: tuple[Token, ...] = ()
    settings: Settings = field(default_factory=Settings)
    record_id: str = ""  # of the record: another one once it was wiped
    viewer_sees: bool = True
    stop_needs_login: bool = False
    language: str = ""  # empty: the one of station.toml
    units: str = "metric"

    def account(self, name: str) -> Account | None:
        """The account of this name, written in any case."""
        return next((one for one in self.accounts if one.name.casefold() == name.casefold()), None)


class Register:
    """People as the record knows them, asked at most every two seconds; of a record that fails, what it said last."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._known = Known()
        self._at_s = float("-inf")
        self._logged = ""
        self.anew: list[Callable[[], None]] = []  # who is told when the record was wiped

    def known(self) -> Known:
        """Who there is now."""
        with self._lock:
            if time.monotonic() - self._at_s > KNOWN_FOR_S:
                before = self._known
                try:
                    with Reader(self._places.record, BUSY_S) as reader:
                        self._known = _read(reader)
                    if before.read and before.record_id != self._known.record_id:
                        for forget in self.anew:
                            forget()
                except StationError as error:
                    if self._logged != cause(error):  # once, not with every request
                        log.warning("people_unread", detail=cause(error))
                    self._logged = cause(error)
                self._at_s = time.monotonic()
            return self._known

    def last(self) -> Known:
        """Who there was at the last look: for STOP, which waits for no card and no lock."""
        return self._known

    def forget(self) -> None:
        """After a change the next question reads the record."""
        self._at_s = float("-inf")


def _read(reader: Reader) -> Known:
    settings = reader.settings()
    return Known(
        read=True,
        accounts=tuple(reader.accounts()),
        tokens=tuple(reader.tokens()),
        settings=settings,
        record_id=reader.record_id(),
        viewer_sees=settings.on("viewer_sees"),
        stop_needs_login=settings.on("stop_needs_login"),
        language=str(settings.get("language") or ""),
        units=str(settings.get("units")),
    )


def of_session(known: Known, session: Mapping[str, object]) -> Person | None:
    """Whose session this is, if the account stands and has not signed it out."""
    account = known.account(str(session.get("name", "")))
    if account is None or session.get("version") != account.version:
        return None
    age_s = datetime.now(UTC).timestamp() - float(str(session.get("proved_at", 0.0)))
    return Person(account.name, account.role, fresh=0 <= age_s < FRESH_FOR_S)


def of_bearer(known: Known, text: str) -> Person | None:
    """Whose token this is, if it stands."""
    hashed = token_hash(text)
    for token in known.tokens:
        if hmac.compare_digest(token.hash, hashed):
            return Person(f"token {token.name}"[:NAME_MAX], token.role, token=True)
    return None


def token_hash(text: str) -> str:
    """What is kept of a token: it is 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def attach(app: Flask) -> None:
    """A session's cookie: out of scripts' sight, not sent along by other sites, good for a month after the last visit.

    Not `Secure`: the station speaks plain HTTP on the farm's own network (SECURITY.md says why).
    """
    app.config.update(
        SESSION_COOKIE_NAME="fieldstation",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,
    )

    @app.after_request
    def renew(response: Any) -> Any:
        if "name" in session and _now_s() - session.get("renewed_at", 0.0) > RENEWED_AFTER_S:
            session["renewed_at"] = _now_s()  # once a day, not with every pulse
        return response


def begin(account: Account) -> None:
    """A new session for whoever proved to be this account; nothing of an older one stays."""
    session.clear()
    session.permanent = True
    session["name"], session["version"] = account.name, account.version
    session["proved_at"] = session["renewed_at"] = _now_s()
    session["form"] = secrets.token_urlsafe(16)


def end() -> None:
    """Sign this phone out."""
    session.clear()


def _now_s() -> float:
    return datetime.now(UTC).timestamp()

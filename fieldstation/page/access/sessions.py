"""Sessions: a signed cookie that names an account and the version it was signed in at. Nothing is kept here."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, session

from fieldstation.domain.people import Account

LASTS = timedelta(days=30)
RENEWED_AFTER_S = 86_400.0


def attach(app: Flask) -> None:
    """The cookie: out of scripts' sight, not sent along by other sites, good for a month after the last visit.

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

"""A phone that signed in before keeps its own count of wrong guesses: a stranger's guesses do not keep its owner out.

A signed cookie, sent to the sign-in alone. It opens nothing: the password is asked for all the same.
"""

from __future__ import annotations

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

COOKIE = "known"
PATH = "/sign-in"
YEAR_S = 365 * 86400


def guesser(name: str) -> str:
    """Whose wrong guesses at this name are counted: this phone's if it was ever in as it, else everybody's."""
    mark = _mark(name)
    return name if mark is None else f"{name}\n{mark}"


def remember(response: Response, name: str) -> None:
    """This phone proved to be this person's."""
    mark = _mark(name) or secrets.token_urlsafe(9)
    value = _signer().dumps([name.casefold(), mark])
    response.set_cookie(COOKIE, str(value), max_age=YEAR_S, path=PATH, httponly=True, samesite="Lax")


def _mark(name: str) -> str | None:
    try:
        known, mark = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(mark) if known == name.casefold() else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt="known phone")

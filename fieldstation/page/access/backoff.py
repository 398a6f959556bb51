"""Who guessed wrong waits, longer each time; nobody is locked out for good, least of all by a stranger.

A phone that signed in before keeps its own count, by a signed cookie that is sent to the sign-in alone and opens
nothing: the password is asked for all the same.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

FREE = 3  # wrong guesses before anyone waits
MOST_S = 60.0  # a stranger's guesses keep the owner out no longer; 1,440 guesses a day find no password
REMEMBERED = 1000
FORGOTTEN_S = 3600.0
COOKIE, PATH = "known", "/sign-in"
YEAR_S = 365 * 86400


class LoginBackoff:
    """Counts wrong guesses by name, in memory: a restart forgives."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, name: str) -> float:
        """How long this name has to wait before the next guess is looked at; 0 is not at all."""
        with self._lock:
            count, at_s = self._wrong.get(name.casefold(), (0, 0.0))
            if count <= FREE:
                return 0.0
            return max(0.0, at_s + min(MOST_S, 2.0 ** (count - FREE)) - self._clock())

    def wrong(self, name: str) -> None:
        """A wrong guess."""
        with self._lock:
            key, now_s = name.casefold(), self._clock()
            count, at_s = self._wrong.pop(key, (0, now_s))
            self._wrong[key] = (count + 1 if now_s - at_s < FORGOTTEN_S else 1, now_s)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)

    def right(self, name: str) -> None:
        """The right one: what was wrong before is forgotten."""
        with self._lock:
            self._wrong.pop(name.casefold(), None)


def guesser_of(name: str) -> str:
    """Whose wrong guesses at this name are counted: this phone's if it was ever in as it, else everybody's."""
    mark = _mark(name)
    return name if mark is None else f"{name}\n{mark}"


def remember_phone(response: Response, name: str) -> None:
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

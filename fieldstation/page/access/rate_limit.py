"""How often one address may guess: five times a minute, counted in memory, on sign-in and set-up alone. Never STOP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

GUESSES = "5 per minute"


def attach(app: Flask) -> None:
    """The counter of this application."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", default_limits=[])
    app.extensions["guesses"] = limiter.shared_limit(GUESSES, scope="guesses", methods=["POST"])


def guesses(app: Flask) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Count this view's calls by address; sign-in and set-up share one count."""
    found: Callable[[Callable[..., Any]], Callable[..., Any]] = app.extensions["guesses"]
    return found

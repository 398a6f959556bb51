"""The token that a form of ours carries: made of the session, so that another site's form has none."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, request, session
from itsdangerous import Signer
from markupsafe import Markup

FIELD = "csrf"


def attach(app: Flask) -> None:
    """Give every template `{{ csrf() }}`."""
    app.jinja_env.globals["csrf"] = field


def field() -> Markup:
    """The hidden field. It begins a session where there is none."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def csrf_token() -> str:
    """This session's mark: the same in all its forms, so that a screen stays the same and may answer 304."""
    from flask import current_app

    if "form" not in session:
        session["form"] = secrets.token_urlsafe(16)
    return Signer(current_app.secret_key or b"", salt="form").get_signature(str(session["form"])).decode()


def genuine() -> bool:
    """Whether this request carries the mark of its own session."""
    given = request.form.get(FIELD) or request.headers.get("X-CSRF-Token", "")
    return "form" in session and hmac.compare_digest(given.encode(), csrf_token().encode())

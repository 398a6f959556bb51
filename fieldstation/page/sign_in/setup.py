"""Set-up: whoever stands at the device reads the code, picks the language and makes the first technician."""

from __future__ import annotations

import math
from typing import Any

from flask import Flask, redirect, request, session

from fieldstation.domain.people import NAME_MAX, named
from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.access import identity
from fieldstation.page.access.backoff import LoginBackoff
from fieldstation.page.access.limits import guesses
from fieldstation.page.access.passwords import hashed, weak
from fieldstation.page.context import LANGUAGE, PageContext, keep_pick

CODE = "(set-up code)"


def attach(app: Flask, page: PageContext) -> None:
    """The screen and its form; also the way back in for whoever lost every password."""
    login_backoff = LoginBackoff()

    @app.get("/set-up")
    @page.anybody()
    def set_up() -> Any:
        session.pop("why", None)
        return _screen(page, None, 200)

    @app.post("/set-up")
    @page.anybody()
    @guesses(app)
    def own() -> Any:
        words, form = page.words(), request.form
        language = form.get("language", words.language)
        try:
            name = named(form.get("name"))
        except ValueError:
            return _screen(page, words.say("entry", "name_bad", most=NAME_MAX), 400)
        if weak(form.get("password", ""), name):
            return _screen(page, words.say("entry", "password_weak"), 400)
        guesser = f"{CODE} {request.remote_addr}"  # 40 random bits bear guesses from every address there is
        if (wait_s := login_backoff.wait_s(guesser)) > 0:
            return _screen(page, words.say("entry", "wait", n=math.ceil(wait_s)), 429)
        answer = page.send_command(
            "set_up",
            code=form.get("code", ""),
            name=name,
            password=hashed(form["password"]),
            language=language if language in LANGUAGES else None,
        )
        if answer.refused:
            if answer.refused == "setup_code_wrong":
                login_backoff.wrong(guesser)
            return _screen(page, page.refusal(answer), 409)
        login_backoff.right(guesser)
        account = page.register.known().account(name)
        response = redirect("/sign-in", 303)
        if account is not None:
            identity.begin(account)
            response = redirect("/", 303)
        if language in LANGUAGES:
            keep_pick(response, LANGUAGE, language)
        return response


def _screen(page: PageContext, said: str | None, code: int) -> Any:
    return page.screen(
        "setup.html",
        said=said,
        code=code,
        kept=False,
        code_typed=request.values.get("code", ""),
        asked_name=request.form.get("name", ""),
        picked=request.form.get("language", page.words().language),
        first=page.no_owner(),
    )

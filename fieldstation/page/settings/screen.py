"""Settings: language, units, who may look and stop, the clock, the card, what has been learned."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, request

from fieldstation.domain.people import Role
from fieldstation.domain.settings import SETTINGS
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.sources import StationSnapshot

ASKED = ("language", "units", "viewer_sees", "stop_needs_login")


def attach(app: Flask, page: PageContext) -> None:
    """The screen and its one form."""

    @app.get("/settings")
    @page.needs("farmer")
    def settings() -> Any:
        return page.screen("settings.html", partial(_settings_view, page), kept=False)

    @app.post("/settings")
    @page.needs("farmer")
    def settings_set() -> Any:
        settings = page.settings()
        for name in ASKED:
            submit = SETTINGS[name]
            if not page.may(submit.needs.value) or (
                name in ("language", "units") and name not in request.form
            ):
                continue
            typed = request.form.get(name)
            value: Any = typed == "yes" if submit.type is bool else (typed or None)
            if value == settings.get(name):
                continue
            answer = page.send_command("set_setting", name=name, zone=None, value=value, by=page.who())
            if answer.refused:
                return page.screen(
                    "settings.html", partial(_settings_view, page), said=page.refusal(answer), code=409
                )
        return page.done("settings", "saved")


@dataclass(frozen=True, slots=True)
class Shown:
    """What `settings.html` shows; what nobody knows of the clock and the card is None."""

    language: str
    units: str
    viewer_sees: bool
    stop_needs_login: bool
    technician: bool
    now: str
    trusted: bool | None
    disk: str
    storage_ok: bool | None
    learned: list[str]


def _settings_view(page: PageContext, snapshot: StationSnapshot, words: Words) -> Shown:
    settings = page.settings()
    controller = snapshot.controller
    disk = shutil.disk_usage(page.places.data)
    return Shown(
        language=str(settings.get("language") or page.station.language),
        units=str(settings.get("units")),
        viewer_sees=settings.on("viewer_sees"),
        stop_needs_login=settings.on("stop_needs_login"),
        technician=page.may(Role.TECHNICIAN.value),
        now=words.say("settings", "now", time=words.clock(datetime.now(UTC)), zone=page.station.timezone),
        trusted=controller.clock.trusted if controller else None,
        disk=words.say(
            "settings", "disk", free=words.number(disk.free / 1e9), whole=words.number(disk.total / 1e9)
        ),
        storage_ok=controller.storage.ok if controller else None,
        learned=_learned(controller.learning if controller else None, words),
    )


def _learned(learning: LearningStatus | None, words: Words) -> list[str]:
    """Who forecasts how the soil dries, and since when."""
    if learning is None:
        return [words.say("settings", "learning_unknown")]
    lines = []
    if learning.champion is None:
        lines.append(words.say("settings", "shipped_model"))
    else:
        lines.append(words.say("settings", "own_model", when=words.date(learning.champion.made_at)))
    if learning.shadow is not None:
        lines.append(words.say("settings", "in_shadow"))
    if learning.last_at is None:
        lines.append(words.say("settings", "never_learned"))
    elif learning.failure:
        lines.append(words.say("settings", "learning_failed", why=words.say("why", learning.failure)))
    return lines

"""What every screen is given: the station, what is known now, the reader's words, one way to answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from fieldstation import log
from fieldstation.domain.errors import PeerSilent, PeerUnreadable
from fieldstation.domain.people import Person, Role
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Station, Zone
from fieldstation.language import pseudo
from fieldstation.language.sentences import LANGUAGES, Words
from fieldstation.page.access.backoff import LoginBackoff
from fieldstation.page.access.identity import Known, Register, of_bearer, of_session
from fieldstation.page.access.need import STOPPING, Need, View, mark
from fieldstation.page.assets import Assets
from fieldstation.page.layout import NAV, Around, Drawn, Way, frame
from fieldstation.page.sources import StationSnapshot, StatusSource
from fieldstation.wire.client import call, understood
from fieldstation.wire.places import Places

COMMAND_DEADLINE_S = 3.0
CACHED_MOST = 64
LONG_AT_ONCE = 2
"""Long answers at one time: threads must be left for STOP, whatever is downloaded."""
LANGUAGE, THEME = "language", "theme"
"""What a reader picks on a phone, in two cookies that say nothing else."""
THEMES = ("follow", "day", "night")
YEAR_S = 365 * 86400

BuildView = Callable[[StationSnapshot, Words], object]
"""What a template is given: a frozen dataclass, each field a name of the template's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking the controller: granted, and what it tells of that, or refused with a code.

    `values` fill the sentence of a refusal, a code of the groups `refused`, `entry` or `code`. `found` is
    the same as `body`, as the class that was asked for.
    """

    refused: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    found: object = None


class PageContext:
    """One station's pages. Shared by all threads; holds nothing of a single request but what is cached."""

    def __init__(self, station: Station, places: Places) -> None:
        self.station = station
        self.places = places
        self.record = places.record
        self.zones = {zone.id: zone for zone in station.zones}
        self.names = {zone.id: zone.name for zone in station.zones}
        self.tz = ZoneInfo(station.timezone)
        self.source = StatusSource(station, places)
        self.register = Register(places)
        self.register.anew.append(self.source.forget_record)
        self.assets = Assets()
        self.turns = threading.BoundedSemaphore(LONG_AT_ONCE)
        self.login_backoff = LoginBackoff()  # with guesses at the own password
        self._cached: dict[tuple[str, ...], Drawn] = {}

    def person(self) -> Person | None:
        """Who asks, or None for a reader nobody knows; found out once a request."""
        if "person" not in g:
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            bearer = kind.lower() == "bearer"
            g.person = of_bearer(self._known(), token) if bearer else of_session(self._known(), session)
        found: Person | None = g.person
        return found

    def stop_needs_login(self) -> bool:
        """Whether even STOP takes a login here."""
        return self._known().stop_needs_login

    def settings(self) -> Settings:
        """All that people have set, from the record: known with the controller silent too."""
        return self._known().settings

    def needs(self, role: str, *, fresh: bool = False, personal: bool = False) -> Callable[[View], View]:
        """Mark a view: whoever asks for it must be signed in as `role` or more.

        `fresh` wants a password given within the last 15 minutes, for what is dangerous; `personal` wants a
        person, no token. Written below the route: `@app.post("/zones/<zone>/skip")`, then `@page.needs("farmer")`.
        """
        return mark(Need(Role(role), fresh, personal=personal))

    def anybody(self) -> Callable[[View], View]:
        """Mark a view that nobody has to be signed in for, ever; what it changes still takes a form of ours."""
        return mark(Need(None, always=True))

    def stops(self) -> Callable[[View], View]:
        """Mark a view that stops water: no form, no session, no limit; a login only if the owner wants one."""
        return mark(STOPPING)

    def no_owner(self) -> bool:
        """Whether nobody has an account yet, for sure."""
        known = self._known()
        return known.read and not known.accounts

    def _known(self) -> Known:
        """What the record says of people; to a STOP, what it said last."""
        return self.register.last() if g.get("stopping") else self.register.known()

    def sees(self) -> bool:
        """Whether whoever asks may look at the station at all."""
        return self._known().viewer_sees or self.person() is not None

    def may(self, role: str) -> bool:
        """Whether whoever asks may do what this role may; templates ask it too."""
        person = self.person()
        return person is not None and person.role.may(Role(role))

    def words(self) -> Words:
        """Of this request's reader."""
        if "words" not in g:
            known = self._known()
            language = picked_language(known.language or self.station.language)
            g.words = Words(language, self.tz, datetime.now(UTC), known.units)
        found: Words = g.words
        return found

    def screen(
        self,
        template: str,
        shown: BuildView | None = None,
        *,
        said: str | None = None,
        code: int = 200,
        kept: bool = True,
        **names: object,
    ) -> Response:
        """A whole screen; `said` is an answer to what was just asked, and is told once; `names` hang on no picture.

        `kept` screens are the same for everybody who reads them within a second (path, query,
        language and session being the same) and are drawn once; they answer 304 to whoever has them.
        """
        words, snapshot = self.words(), self.source.snapshot()
        granted = str((get_flashed_messages() or [""])[-1]) if said is None else ""
        well = said is None and words.knows("done", granted)
        if well:
            said = words.say("done", granted)
        key = (words.language, words.system, picked_theme(), request.full_path, self._reader())
        cached = self._cached.get(key) if kept and said is None else None
        if cached is None or cached.snapshot is not snapshot:  # many phones, one snapshot a second
            around = frame(self.station, snapshot, words, veiled=not self.sees())
            views = [around, self._around(words), *([shown(snapshot, words)] if shown else [])]
            values = {"w": words, "said": said, "well": well, **_names(views), **names}
            cached = Drawn(snapshot, render_template(template, **values))
            if kept and said is None and key[-1] == self._reader():  # a form may have begun a session
                fresh = {key: one for key, one in self._cached.items() if one.snapshot is snapshot}
                few = fresh if len(fresh) < CACHED_MOST else {}  # whoever makes up addresses fills no memory
                self._cached = few | {key: cached}
        once = code != 200 or said is not None or request.method != "GET"
        response = cached.once(code) if once else cached.response()
        _remember_language(response)
        return response

    def part(self, template: str, **shown: object) -> Response:
        """A part of a screen that is asked for again and again while somebody looks at it."""
        return Response(render_template(template, w=self.words(), **shown), mimetype="text/html")

    def who(self) -> str:
        """The name of whoever asks, for the audit log; empty for nobody."""
        person = self.person()
        return person.name if person is not None else ""

    def send_command(
        self,
        command: str,
        answer_kind: type[object] | None = None,
        /,
        *,
        deadline_s: float = COMMAND_DEADLINE_S,
        **values: Any,
    ) -> Answer:
        """Ask the controller for what a person wants; with a kind of answer it must be one.

        The next snapshot is a new one, and so is what is known of people and settings.
        """
        try:
            answer = call(self.places.controller_socket, {"verb": command, **values}, deadline_s)
        except PeerSilent:
            return Answer("controller_silent")
        except ValueError:  # "nan" typed for a number
            return Answer("not_understood")
        finally:
            self.source.forget()
            self.register.forget()
        if "refused" in answer:
            return Answer(str(answer["refused"]), dict(answer.get("values") or {}))
        try:
            found = understood(answer_kind or Nothing, answer) if answer_kind or "error" in answer else None
        except PeerUnreadable as error:
            log.warning("peer_unreadable", process="controller", verb=command, detail=str(error))
            return Answer("not_understood")
        return Answer(body=answer, found=found)

    def refusal(self, answer: Answer) -> str:
        """The sentence for a refused request, of the controller or of the page; the guard's own codes have theirs already."""
        words, code = self.words(), answer.refused
        group = next((one for one in ("refused", "entry") if words.knows(one, code)), "code")
        return words.say(group, code, **answer.values)

    def done(self, endpoint: str, code: str, **where: Any) -> Response:
        """After a request that was granted: back to a screen, which says so once (`[done]` in the words)."""
        flash(code)  # in the session: an address that anybody could send must not say that something was done
        return cast("Response", redirect(url_for(endpoint, **where), 303))

    def _reader(self) -> str:
        """One for each session, for its forms carry its mark; all readers nobody knows share one."""
        person = self.person()
        return f"{session.get('form', '')} {person.role if person else ''} {person.name if person else ''}"

    def zone(self, name: str) -> Zone:
        """The zone of an address; 404 for one that is not here."""
        return self.zones.get(name) or abort(404)

    def way(self, name: str) -> str | None:
        """The address of a screen that this station has, in the language that was asked for."""
        return url_for(name, lang=request.args.get("lang")) if name in current_app.view_functions else None

    def _around(self, words: Words) -> Around:
        read = request.method == "GET"
        known = [(name, icon, href) for name, icon in NAV if (href := self.way(name)) is not None]
        names = [name for name, _, _ in known]
        at = (request.endpoint if request.endpoint in names else "more") if read else "today"
        return Around(
            languages=LANGUAGES,
            person=self.person(),
            no_owner=self.no_owner(),
            may=self.may,
            theme=picked_theme(),
            here=_again() if read else self.way("today"),
            asked={"lang": request.args["lang"]} if "lang" in request.args else {},
            nav=[Way(href, icon, words.say("frame", name), name == at) for name, icon, href in known],
        )

    def refused(self, text: str, code: int) -> Response:
        """No, with STOP at hand: told on a screen that shows nothing of the station else."""
        return self.screen("refused.html", said=text, code=code)

    def message(self, text: str, code: int) -> tuple[str, int]:
        """A plain page with one sentence."""
        return render_template("message.html", w=self.words(), text=text, theme=picked_theme()), code


@dataclass(frozen=True, slots=True)
class Nothing:
    """The view of a template that shows nothing but its frame."""


def _names(views: Iterable[Any]) -> dict[str, object]:
    """A template's names: the fields of its views. The one door between typed views and Jinja."""
    return {one.name: getattr(view, one.name) for view in views for one in fields(view)}


def _again() -> str:
    """This screen's address for asking again: what was told once is not asked for."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "done"]
    return f"{request.path}?{urlencode(rest)}" if rest else request.path


def picked_language(station: str) -> str:
    """The reader's: asked for in the address, else picked on this phone, its browser's, the station's."""
    accepted = request.headers.get("Accept-Language", "")
    return chosen(request.args.get("lang"), accepted, station, request.cookies.get(LANGUAGE))


def chosen(asked: str | None, accepted: str, station: str, cookie: str | None = None) -> str:
    """The language: by ?lang=, else the cookie of an earlier choice, the browser's first known one, the station's."""
    for wished in (asked, cookie):
        if wished in LANGUAGES or (wished == pseudo.NAME and pseudo.wanted()):
            return str(wished)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return station if station in LANGUAGES else next(iter(LANGUAGES))


def _remember_language(response: Response) -> None:
    """Keep a language that was asked for in the address, so that the next screen speaks it too."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.cookies.get(LANGUAGE) != asked:
        keep_pick(response, LANGUAGE, str(asked))


def keep_pick(response: BaseResponse, cookie: str, value: str) -> None:
    """For a year, out of reach of scripts and of other sites."""
    response.set_cookie(cookie, value, max_age=YEAR_S, httponly=True, samesite="Lax")


def picked_theme() -> str:
    """`day`, `night`, or nothing where the phone decides."""
    found = request.cookies.get(THEME)
    return found if found in ("day", "night") else ""

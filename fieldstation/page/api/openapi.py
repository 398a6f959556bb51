"""What every route of the API has in its description: answers by code, problems, who may.

Who may is read from the view's own need, the one that `page/authorize.py` looks at: it cannot say another thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from fieldstation.binding import Bounds
from fieldstation.binding.schema import schema_of
from fieldstation.domain.people import SCOPE_ROLE, Role, Scope
from fieldstation.page.access.need import STOPPING, Need
from fieldstation.page.api.problem import MIMETYPE

View = TypeVar("View", bound=Callable[..., Any])
LOOKING = Need(None)

Shape = dict[str, Any]
DONE: Shape = {"type": "object"}
"""What the controller tells of a request that it granted; each command has its own."""
ZIP_FILE: Shape = {"type": "string", "format": "binary"}
COMPONENTS: dict[str, Shape] = {}
"""Every class that an answer is made of, by name, as the description has it."""


def shape_of(answer: Any) -> Shape:
    """The shape of a class of answers, or of one of several; a shape stays what it is."""
    if isinstance(answer, dict):
        return answer
    return schema_of(answer, Bounds(), COMPONENTS, "#/components/schemas/", written=True)


class Room:
    """A group of routes below /api/v1, each described where it is written."""

    def __init__(self, name: str, says: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix="/api/v1", description=says)

    def route(self, path: str, method: str = "GET", endpoint: str | None = None) -> Callable[[View], View]:
        """The address of a view; stands on top."""

        def place(view: View) -> View:
            need = getattr(view, "need", LOOKING)
            summary, _, more = (view.__doc__ or "").partition("\n")
            body = self.blueprint.doc(
                summary=summary.strip(),
                security=security(need),
                description=f"{' '.join(more.split())}\n\n{who(need)}".strip(),
            )(view)
            placed: View = self.blueprint.route(path, methods=[method], endpoint=endpoint)(body)
            return placed

        return place

    def takes(self, schema: type[Schema], where: str = "json") -> Callable[[View], View]:
        """What a view is given first: a checked body, or `query`; 422 with the names of what is wrong."""

        def ask(view: View) -> View:
            asked = schema
            if schema.__name__ == "Body":  # each body has a name of its own in the description
                asked = type(view.__name__.removeprefix("api_").title().replace("_", ""), (schema,), {})
            found: View = self.blueprint.arguments(asked, location=where)(view)
            return found

        return ask

    def answers(
        self,
        answer: Any,
        *problems: int,
        also: dict[int, Any] | None = None,
        mimetype: str = "application/json",
    ) -> Callable[[View], View]:
        """200 with an answer of this class, these codes with a problem, `also` further codes with their own."""
        codes: dict[str, Any] = {"200": _content("Done", mimetype, shape_of(answer))}
        for code, other in (also or {}).items():
            codes[str(code)] = _content("As it is", "application/json", shape_of(other))
        for code in sorted({*problems, 400, 401, 403, 405, 429, 500}):
            codes.setdefault(
                str(code), _content("Problem", MIMETYPE, {"$ref": "#/components/schemas/Problem"})
            )
        found: Callable[[View], View] = self.blueprint.doc(responses=codes)
        return found


def scope_for(need: Need) -> Scope | None:
    """The scope by which a token may ask for this; None where no token may."""
    if need.personal or need.fresh:
        return None
    return next((scope for scope in Scope if SCOPE_ROLE[scope].may(need.role or Role.VIEWER)), None)


def security(need: Need) -> list[dict[str, list[str]]]:
    """In OpenAPI's words: either of these will do."""
    scope = scope_for(need)
    found: list[dict[str, list[str]]] = [{"session": []}]
    if scope is not None:
        found.insert(0, {"token": [scope.value]})
    return [{}, *found] if need.role is None else found


def who(need: Need) -> str:
    """The same as a sentence."""
    if need is STOPPING:
        return "Anybody, without a session or token, unless the setting stop_needs_login is on."
    if need.role is None:
        return "Anybody, or anybody signed in when the setting viewer_sees is off."
    scope = scope_for(need)
    lately = ", who gave the password within the last 15 minutes" if need.fresh else ""
    by = f", or a token with the scope {scope.value}" if scope else ". No token may"
    return f"Needs a {need.role.value} with a session{lately}{by}."


def _content(says: str, mimetype: str, shape: Shape) -> dict[str, Any]:
    return {"description": says, "content": {mimetype: {"schema": shape}}}

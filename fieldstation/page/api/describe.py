"""What every route of the API has in its description: answers by code, problems, who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from fieldstation.page.api.problem import MIMETYPE
from fieldstation.page.api.shapes import Shape

View = TypeVar("View", bound=Callable[..., Any])
SIGNED_IN: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]


class Room:
    """A group of routes below /api/v1, each described where it is written."""

    def __init__(self, name: str, says: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix="/api/v1", description=says)

    def route(self, path: str, method: str = "GET", endpoint: str | None = None) -> Callable[[View], View]:
        """The address of a view; stands on top."""
        found: Callable[[View], View] = self.blueprint.route(path, methods=[method], endpoint=endpoint)
        return found

    def takes(self, schema: type[Schema], where: str = "json") -> Callable[[View], View]:
        """What a view is given first: a checked body, or `query`; 422 with the names of what is wrong."""
        found: Callable[[View], View] = self.blueprint.arguments(schema, location=where)
        return found

    def answers(
        self, shape: Shape, *problems: int, signed_in: bool = True, also: dict[int, Shape] | None = None
    ) -> Callable[[View], View]:
        """200 with this shape, these codes with a problem, `also` further codes with a shape of their own."""
        codes: dict[str, Any] = {"200": _content("Done", "application/json", shape)}
        for code, other in (also or {}).items():
            codes[str(code)] = _content("As it is", "application/json", other)
        for code in sorted({*problems, 400, 403, 405, 429, 500} | ({401} if signed_in else set())):
            codes.setdefault(
                str(code), _content("Problem", MIMETYPE, {"$ref": "#/components/schemas/Problem"})
            )
        found: Callable[[View], View] = self.blueprint.doc(
            responses=codes, security=SIGNED_IN if signed_in else [{}, *SIGNED_IN]
        )
        return found


def _content(says: str, mimetype: str, shape: Shape) -> dict[str, Any]:
    return {"description": says, "content": {mimetype: {"schema": shape}}}

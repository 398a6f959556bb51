"""What the page's rooms hand to each other has a type with names; dicts of anything stay at the wire and at Jinja's door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOSE = ("dict[str, Any]", "Mapping[str, Any]", "Message")
DOORS = {"context.py: _names"}
"""Where a view becomes the names of a template."""


def loose(path: Path) -> Iterator[str]:
    """Functions that take or return what mypy cannot look into."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            written = [ast.unparse(one) for one in (*(arg.annotation for arg in given), node.returns) if one]
            if any(kind in text for text in written for kind in LOOSE):
                yield node.name


@pytest.mark.parametrize("folder", ["page", "language"])
def test_no_function_takes_or_returns_a_dict_of_anything(folder: str, request: pytest.FixtureRequest) -> None:
    room = request.config.rootpath / "fieldstation" / folder
    found = {
        f"{path.relative_to(room)}: {name}"
        for path in room.rglob("*.py")
        if path.parent.name != "api" and not path.stem.endswith("api")  # the API's bodies and answers
        for name in loose(path)
    }
    assert found - DOORS == set()

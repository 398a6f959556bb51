"""No error is swallowed without a word, and no fact is named like a secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BROAD = {"Exception", "BaseException"}
SECRET = re.compile(r"pass|token|secret|url|address|cookie|^key$|^digits$|setup_code$")


def silent(source: str) -> Iterator[int]:
    """Lines where any error at all is caught, and neither logged with its traceback nor handed on."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.ExceptHandler)
            and _broad(node.type)
            and not any(map(_heard, _inside(node.body)))
        ):
            yield node.lineno
        if isinstance(node, ast.Call) and _name(node.func) == "suppress" and any(map(_broad, node.args)):
            yield node.lineno


def facts(source: str) -> Iterator[str]:
    """The names of the facts that are logged."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _name(node.func.value) == "log"
        ):
            yield from (word.arg for word in node.keywords if word.arg)


def _broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(map(_broad, kind.elts))
    return kind is None or _name(kind) in BROAD


def _heard(node: ast.AST) -> bool:
    handed_on = isinstance(node, ast.Call) and _name(node.func) in ("set_exception", "exception")
    return handed_on or isinstance(node, ast.Raise)


def _inside(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Everything that runs in these statements: what a function made there does later is no answer."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            yield from _inside(list(ast.iter_child_nodes(node)))  # type: ignore[arg-type] # any node has children


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def sources(root: Path) -> list[Path]:
    found = [
        *(root / "fieldstation").rglob("*.py"),
        *(root / "web").glob("*.py"),
        *(root / "hardware").rglob("*.py"),
    ]
    assert len(found) > 300
    return found


def test_no_file_swallows_an_error(request: pytest.FixtureRequest) -> None:
    root = request.config.rootpath
    assert [
        f"{path.relative_to(root)}:{line}" for path in sources(root) for line in silent(path.read_text())
    ] == []


def test_no_fact_is_named_like_a_secret(request: pytest.FixtureRequest) -> None:
    root = request.config.rootpath
    named = {name for path in sources(root) for name in facts(path.read_text())}
    assert "detail" in named
    assert {name for name in named if SECRET.search(name)} == set()


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n    pass",
        "except Exception as error:\n    text = str(error)",
        "except Exception:  # noqa: BLE001 -- all is well\n    return 1",
        "except:\n    go()",
        "except BaseException:\n    log.warning('x')",
        "except (OSError, Exception):\n    go()",
        "except builtins.Exception:\n    go()",
        "except Exception:\n    def later(): raise",
    ],
)
def test_the_gate_catches(handler: str) -> None:
    body = "\n".join(f"    {line}" for line in ["try:", "    go()", *handler.splitlines()])
    assert list(silent(f"def f():\n{body}")) == [4]


def test_the_gate_catches_the_short_form() -> None:
    assert list(silent("with contextlib.suppress(Exception):\n    go()")) == [1]
    assert list(silent("with suppress(OSError, BaseException):\n    go()")) == [1]


@pytest.mark.parametrize(
    "handler",
    [
        "except OSError:\n    pass",
        "except Exception:\n    log.exception('bug')",
        "except Exception:\n    if first:\n        log.exception('bug')\n    close()",
        "except Exception as error:\n    raise StationError(str(error)) from error",
        "except BaseException as error:\n    future.set_exception(error)",
    ],
)
def test_the_gate_lets_through(handler: str) -> None:
    assert list(silent(f"try:\n    go()\n{handler}")) == []
    assert list(facts("log.info('x', zone=zone, token=token)")) == ["zone", "token"]

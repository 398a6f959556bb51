"""No block is hard to hold in mind: branches and boolean operators are counted, as McCabe's and radon's grade C does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

WORST = 20
"""Grade C of radon. Ruff's limit of 12 counts no `and`, no `or`, no comprehension."""
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.Assert,
    ast.comprehension,
    ast.match_case,
)
BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a block: a function inside it is a block of its own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, BLOCKS):
            yield child
            yield from parts(child)


def complexity(block: ast.AST) -> int:
    """One, and one more for each way that the block may part."""
    found = 1
    for node in parts(block):
        found += isinstance(node, BRANCHES)
        if isinstance(node, ast.BoolOp):
            found += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            found += len(node.ifs)
        elif isinstance(node, ast.For | ast.While | ast.Try):
            found += bool(node.orelse)
    return found


def blocks(node: ast.AST, where: str = "") -> dict[str, int]:
    """Every function by its name, with what it is in."""
    found = {}
    for child in ast.iter_child_nodes(node):
        if isinstance(child, BLOCKS):
            found[f"{where}{child.name}"] = complexity(child)
        name = f"{where}{child.name}." if isinstance(child, (*BLOCKS, ast.ClassDef)) else where
        found |= blocks(child, name)
    return found


def test_no_block_is_too_much_to_hold_in_mind(pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    found = {
        f"{path.relative_to(root)}:{name}": how
        for path in (root / "fieldstation").rglob("*.py")
        for name, how in blocks(ast.parse(path.read_text(encoding="utf-8"))).items()
    }
    assert len(found) > 1000, "the source was read"
    assert {name: how for name, how in found.items() if how > WORST} == {}, "take it apart"


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("def f(): pass", 1),
        ("def f(a, b, c):\n if a and b or c: pass", 4),
        ("def f(a):\n return [x for x in a if x if x > 1]", 4),
        ("def f(a):\n for x in a:\n  pass\n else:\n  return 1 if a else 2", 4),
        ("class A:\n def f(self):\n  try: pass\n  except OSError: pass", 2),
        ("def f(a):\n assert a\n def g(): assert a and f", 2),
        ("def f(a):\n match a:\n  case 1: pass\n  case _ if a or f: pass", 4),
    ],
)
def test_every_way_to_part_is_counted(text: str, how: int) -> None:
    assert next(iter(blocks(ast.parse(text)).values())) == how

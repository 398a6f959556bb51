"""What tests share lies in `tests/kit`: no test leans on another test, nor on another room's fixtures."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest


def borrowed(path: Path, room: str) -> set[str]:
    """The modules of tests that a file imports and may not. What `tests/benchmarks` holds are programs, which tests try."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
    tests = [name.split(".") for name in sorted(found) if name.startswith("tests.")]
    return {
        ".".join(parts)
        for parts in tests
        if parts[1] not in ("kit", "benchmarks", room)
        or any(part == "conftest" or part.startswith("test_") for part in parts)
    }


def test_no_test_imports_a_test_or_another_rooms_parts(pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath / "tests"
    files = {path.relative_to(root): path for path in root.rglob("*.py")}
    found = {str(name): borrowed(path, name.parts[0]) for name, path in files.items()}
    assert len(found) > 200, "the tests were found"
    assert {name: modules for name, modules in found.items() if modules} == {}, "move it to tests/kit"


@pytest.mark.parametrize(
    "line",
    [
        "from tests.page.test_page import STATION",
        "import tests.page.test_page",
        "from tests.page.conftest import bench",
        "from tests.page import test_page",
        "from tests.store.looking import rows",
    ],
)
def test_each_way_to_borrow_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "one.py").write_text(line)
    assert len(borrowed(tmp_path / "one.py", "page")) == 1

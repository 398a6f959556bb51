"""numba as a typed decorator, with its cache in a folder that no old code can share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from fieldstation.agronomy import month, water_balance
from fieldstation.policies import depth
from tests.benchmarks.decisions.compiled import there

F = TypeVar("F", bound=Callable[..., Any])
HOME = Path.home() / ".cache" / "fieldstation-referee"


def compiled(function: F) -> F:
    """The function as machine code, kept between runs; itself where numba is absent."""
    if not there():
        return function
    os.environ["NUMBA_CACHE_DIR"] = str(folder() / "numba")
    from numba import config, njit

    config.reload_config()
    made: F = njit(cache=True)(function)
    return made


@cache
def folder() -> Path:
    """Where generated source and machine code go: named by all that they are made of.

    numba renews a function's cache when its own file changes, not when a file it calls into does.
    """
    told = hashlib.sha256()
    here = Path(__file__).parent
    mine = [path for path in sorted(here.glob("*.py")) if not path.name.startswith("test_")]
    # their constants are compiled in
    named = [Path(str(module.__file__)) for module in (water_balance, month, depth)]
    for path in [
        *mine,
        here.with_name("field.py"),
        here.with_name("ky_field.py"),
        *named,
        *library_sources(),
    ]:
        told.update(path.name.encode() + path.read_bytes())
    for package in ("numba", "numpy"):
        told.update(version(package).encode())
    return HOME / f"compiled-{told.hexdigest()[:16]}"


@cache
def library_sources() -> tuple[Path, ...]:
    """The step functions of the installed AquaCrop, one a file; empty where it is absent."""
    from importlib.util import find_spec

    try:
        version("aquacrop")
    except PackageNotFoundError:
        return ()
    found = find_spec("aquacrop")
    assert found is not None
    assert found.origin is not None
    return tuple(sorted((Path(found.origin).parent / "solution").glob("*.py")))

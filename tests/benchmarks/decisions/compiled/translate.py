"""AquaCrop's own step functions, from the installed library's source to something numba compiles.

Nothing of the library is kept in this repository. Its functions are plain sums; what numba cannot take
is how they pass records: small result objects become plain variables, the state is changed in place
and never returned, words about types go. A season of the result is compared with the library's at each start.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.decisions.compiled import there
from tests.benchmarks.decisions.compiled.jit import folder, library_sources

# callees first: numba compiles a function's globals as they are when it is first called
FUNCTIONS = (
    "cc_development",
    "cc_required_time",
    "adjust_CCx",
    "update_CCx_CDC",
    "root_zone_water",
    "water_stress",
    "evap_layer_water_content",
    "root_development",
    "drainage",
    "rainfall_partition",
    "infiltration",
    "germination",
    "growth_stage",
    "canopy_cover",
    "soil_evaporation",
    "aeration_stress",
    "temperature_stress",
    "transpiration",
    "growing_degree_day",
    "HIref_current_day",
    "biomass_accumulation",
    "HIadj_pollination",
    "HIadj_pre_anthesis",
    "HIadj_post_anthesis",
    "harvest_index",
)
RESULTS = {"TAW", "Dr", "Ksw", "Kst", "RootZoneWater"}
"""Classes whose objects only carry a few numbers from one line to the next."""
CARRIERS = {
    "taw",
    "root_zone_depletion",
    "water_root_depletion",
    "thRZ",
    "water_stress_coef",
    "ksw",
    "kst",
    "Ksw",
    "Kst",
}
"""What the library calls such objects."""
PASSED = {
    "ksw": ("exp", "sto", "sen", "pol", "sto_lin"),
    "kst": ("PolH", "PolC"),
    "thrz": ("Act", "S", "FC", "WP", "Dry", "Aer"),
}
"""Those handed to other functions: their numbers are handed instead, in this order."""
HEAD = "import numpy as np\n\nfrom tests.benchmarks.decisions.compiled.jit import compiled\n"


class Absent:
    """Stands for the library's functions where there is nothing to translate."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by tools that only look
            raise AttributeError(name)
        raise ModuleNotFoundError(f"{name}: needs aquacrop and numba; install the extra: make bench")


class Plain(ast.NodeTransformer):
    """One function, in what numba knows. `state` is its state record's name, if it has one."""

    def __init__(self, state: tuple[str, str] | None) -> None:
        self.state = state

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The record has one name, the changed one's."""
        if self.state is not None and node.id == self.state[0]:
            return ast.copy_location(ast.Name(self.state[1], node.ctx), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """A carrier's number is a variable."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in CARRIERS:
            return ast.copy_location(ast.Name(f"{node.value.id.lower()}_{node.attr}", node.ctx), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        """No carrier is built, no record named twice."""
        if any(isinstance(part, ast.Attribute) and part.attr == "__dict__" for part in ast.walk(node)):
            return None  # a carrier listed by its names, for nobody
        self.generic_visit(node)
        target, value = node.targets[0], node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in RESULTS:
            return None
        same = isinstance(target, ast.Name) and isinstance(value, ast.Name) and target.id == value.id
        return None if same else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Words about a type alone."""

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        """The state was changed in place: 0 goes back for it."""
        self.generic_visit(node)
        if node.value is not None:
            node.value = self._stateless(node.value)
            if isinstance(node.value, ast.Tuple):
                node.value.elts = [self._stateless(value) for value in node.value.elts]
        return node

    def _stateless(self, value: ast.expr) -> ast.expr:
        is_state = self.state is not None and isinstance(value, ast.Name) and value.id == self.state[1]
        return ast.Constant(0) if is_state else value

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A carrier handed on is its numbers handed on."""
        self.generic_visit(node)
        node.args = [part for arg in node.args for part in self._parts(arg)]
        return node

    def _parts(self, arg: ast.expr) -> list[ast.expr]:
        name = arg.id.lower() if isinstance(arg, ast.Name) else ""
        return [ast.Name(f"{name}_{key}", ast.Load()) for key in PASSED.get(name, ())] or [arg]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        """Its head, then its body."""
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        node.returns, node.args.defaults = None, []
        node.args.args = [part for arg in node.args.args for part in self._arguments(arg)]
        node.decorator_list = [ast.Name("compiled", ast.Load())]
        return node

    def _arguments(self, arg: ast.arg) -> list[ast.arg]:
        name = arg.arg
        if self.state is not None and name == self.state[0]:
            name = self.state[1]
        keys = PASSED.get(name.lower(), ())
        return [ast.arg(f"{name.lower()}_{key}") for key in keys] or [ast.arg(name)]


def _state(function: ast.FunctionDef) -> tuple[str, str] | None:
    """(name it comes in by, name it is changed by): the library writes `NewCond = InitCond`."""
    arguments = {arg.arg for arg in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in arguments:
            target = node.targets[0]
            if isinstance(target, ast.Name) and (node.value.id, target.id) == ("InitCond", "NewCond"):
                return node.value.id, target.id
    return None


def plain(source: str) -> str:
    """The functions of one of the library's files, ready to compile."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            made = ast.fix_missing_locations(Plain(_state(node)).visit(node))
            found.append(ast.unparse(made))
    return "\n\n\n".join(found)


def text(sources: Iterable[Path]) -> str:
    """The whole module. Raises KeyError where the library has no file of a name in FUNCTIONS."""
    by_name = {path.stem: path for path in sources}
    return "\n\n".join([HEAD, *(plain(by_name[name].read_text()) for name in FUNCTIONS)]) + "\n"


@cache
def library() -> ModuleType | Absent:
    """The translated functions as a module, made once for each version of the library."""
    sources = library_sources()
    if not sources or not there():
        return Absent()
    path = folder() / "aquacrop_steps.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.stem}.{os.getpid()}")  # two processes may come at once
        aside.write_text(text(sources))
        aside.replace(path)
    spec = importlib.util.spec_from_file_location("aquacrop_steps", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["aquacrop_steps"] = module
    spec.loader.exec_module(module)
    return module

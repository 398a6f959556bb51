"""TOML text to tables. A line that is no TOML is noted and stepped over, so that all are told at once."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from fieldstation.binding import Problem
from fieldstation.binding.problems import short
from fieldstation.config.draft import UNREADABLE

MOST = 100
AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
KEY = re.compile(r"\s*([\w.-]+)\s*=")
HEADER = re.compile(r"\s*\[+\s*([\w.-]+)")
SPARE = "__again_"  # begins the name that stands in for a section which stands twice


def tables_of(text: str, name: str) -> tuple[dict[str, Any], list[Problem]]:
    """The tables of a text, and a problem for each line that is no TOML."""
    lines, problems = text.splitlines(), []
    for number in range(MOST):
        try:
            found = tomllib.loads("\n".join(lines) + "\n")
        except RecursionError:
            problems.append(Problem(name, "is not TOML: lists too deep in one another", "mend that line"))
            break
        except ValueError as error:  # a number without end is one too
            where, what = name, str(error)
            at = AT.search(what)
            row = int(at[1]) if at and at[1] else len(lines)
            if at:
                where = f"{name} line {row}" + (f", column {at[2]}" if at[2] else "")
            line = lines[row - 1] if 0 < row <= len(lines) else ""
            problems.append(
                Problem(where, f"is not TOML: {AT.sub('', what)}: {short(line.strip())}", _do(what))
            )
            if not at or not _step_over(lines, row - 1, number, "twice" in what):
                break
        else:
            return {key: table for key, table in found.items() if not key.startswith(SPARE)}, problems
    return {}, problems


def _step_over(lines: list[str], row: int, number: int, twice: bool) -> bool:
    """Put something readable in place of a line; False where that is not possible."""
    if not 0 <= row < len(lines):
        return False
    line = lines[row]
    if header := HEADER.match(line):
        lines[row] = f"[{SPARE}{number}]" if twice or line == f"[{header[1]}]" else f"[{header[1]}]"
    elif key := KEY.match(line):
        lines[row] = f"{key[1]} = '{UNREADABLE}'" if UNREADABLE not in line else ""
    else:
        lines[row] = ""
    return lines[row] != line


def _do(what: str) -> str:
    if "twice" in what or "overwrite" in what:
        return "it stands there already: keep one of the two"
    if "Invalid value" in what or "Expected newline" in what:
        return 'write texts and times in quotes, such as crop = "maize" or "05:00", and numbers with a point'
    if "Expected '='" in what:
        return "write key = value"
    return "close what is open on this line or above it: a quote, a bracket or a brace"

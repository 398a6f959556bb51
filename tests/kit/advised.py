"""`fieldstation advise` as a child: a zone's file in, its answers out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.kit.commands import fieldstation


def written(folder: Path, table: dict[str, Any]) -> Path:
    file = folder / "field.toml"
    head = "".join(f"{key} = {value}\n" for key, value in table.items() if key != "zone")
    rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in table["zone"].items())
    file.write_text(f"{head}[zone]\n{rows}")
    return file


def advised(zone_file: Path, lines: list[str], *more: object) -> list[dict[str, Any]]:
    done = fieldstation("advise", "--zone", zone_file, *more, given="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    return [json.loads(text) for text in done.stdout.splitlines()]

"""`fieldstation advise` as a child: a zone's file in, its answers out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def written(folder: Path, table: dict[str, Any]) -> Path:
    file = folder / "field.toml"
    head = "".join(f"{key} = {value}\n" for key, value in table.items() if key != "zone")
    rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in table["zone"].items())
    file.write_text(f"{head}[zone]\n{rows}")
    return file


def advised(zone_file: Path, lines: list[str], *more: object) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "fieldstation", "advise", "--zone", str(zone_file), *map(str, more)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Traceback" not in done.stderr
    return [json.loads(text) for text in done.stdout.splitlines()]

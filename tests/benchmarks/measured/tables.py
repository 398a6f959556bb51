"""Reading the measured tables."""

from __future__ import annotations

import csv
import math
from pathlib import Path

Table = list[dict[str, str]]


def table(file: Path) -> Table:
    """The rows of a CSV file by column name."""
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def number(text: str | None) -> float:
    """A number, or NaN where the cell is empty."""
    return float(text) if text else math.nan

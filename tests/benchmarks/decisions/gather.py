"""Live the training seasons on every core and keep their rows: `python -m tests.benchmarks.decisions.gather OUT.npz`."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.benchmarks.decisions.harvest import Rows, season

SEED = 2026


def one(number: int) -> Rows:
    return season(number, SEED)


def main() -> None:
    import numpy as np

    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("out", type=Path)
    args.add_argument("--seasons", type=int, default=2400)
    options = args.parse_args()
    columns: dict[str, list[object]] = {
        key: [] for key in ("made", "depletion", "who", "ahead", "dried", "who_ahead")
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    cases = []
    with ProcessPoolExecutor() as pool:
        for number, rows in enumerate(pool.map(one, range(options.seasons), chunksize=4)):
            cases.append((rows.case.place, rows.case.crop, rows.family, rows.condition))
            columns["made"] += rows.made
            columns["depletion"] += rows.depletion
            columns["who"] += [number] * len(rows.made)
            columns["ahead"] += [made for made, _ in rows.drying]
            columns["dried"] += [value for _, value in rows.drying]
            columns["who_ahead"] += [number] * len(rows.drying)
            if number % 100 == 99:
                print(number + 1, "seasons", flush=True)
    arrays: Any = {key: np.asarray(value, dtype=np.float32) for key, value in columns.items()}
    np.savez(str(options.out), allow_pickle=False, cases=np.asarray(cases), **arrays)


if __name__ == "__main__":
    main()

"""Make the shipped models: `python -m tests.benchmarks.decisions.train --only soil --rows ROWS.npz --out DIR`,
then `--only yield --yields SEASONS.npz`: the yield's seasons are watered by the advice of the soil's models.

Scores and the widths of ranges come from leaving one place out at a time; the models that ship then
learn from all places. `--also-left DIR` keeps the sets that never saw one place, for judging decisions.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from fieldstation.learning.history import AHEAD_NAMES, NAMES
from fieldstation.learning.training import present, ranges, train, widening, write
from tests.benchmarks.decisions.drying_scores import of_class, table, widths
from tests.benchmarks.decisions.yield_fit import about_yield, fitted, honest, kept_from, left_out
from tests.benchmarks.decisions.yields import judged, printed

KEYS = {
    "depletion": ("made", "depletion", "who"),
    "drying_shallow": ("ahead", "dried", "who_ahead"),
    "drying_deep": ("ahead", "dried", "who_ahead"),
}
LEFT_WIDEN = {"depletion": 1.3, "drying": {"shallow": {"1": 1.3}, "deep": {"1": 1.3}}}
"""Sets that left a place out are for judging decisions; no rule looks at their ranges closely."""


def soil_models(options: argparse.Namespace) -> tuple[dict[str, str], dict[str, Any]]:
    """Depletion and drying from gathered rows, and what the manifest tells of them."""
    import numpy as np

    kept: Any = np.load(options.rows)
    cases = kept["cases"]
    data, places, clean = {}, {}, {}
    for target, (rows, values, who) in KEYS.items():
        made, wanted, of = kept[rows], kept[values].copy(), kept[who].astype(int)  # `of`: the season of a row
        if target == "depletion":
            wanted -= made[:, NAMES.index("nudged_frac")]
        if target.startswith("drying"):
            own = of_class(made, target.removeprefix("drying_"))
            made, wanted, of = made[own], wanted[own], of[own]
        data[target] = (made, wanted)
        places[target] = cases[of, 0]
        clean[target] = cases[of, 3] == "clean"
    found: dict[str, list[Any]] = {target: [] for target in data}
    for left in sorted(set(cases[:, 0])):
        texts = train({t: (r[places[t] != left], v[places[t] != left]) for t, (r, v) in data.items()})
        for target, (rows, values) in data.items():
            out = places[target] == left
            low, mid, high = ranges(texts, target, rows[out])
            found[target].append((low, mid, high, values[out], rows[out], clean[target][out]))
        if options.also_left:
            about = {"widen": LEFT_WIDEN, "ahead_features": list(AHEAD_NAMES), "left_out": left}
            write(options.also_left / left, texts, about)
        print("left out", left, flush=True)
    scores: dict[str, Any] = {}
    widen: dict[str, Any] = {"drying": {}}
    for target, parts in found.items():
        low, mid, high, true, made, well = (np.concatenate([part[n] for part in parts]) for n in range(6))
        if target.startswith("drying"):
            widen["drying"].update(widths(made, low, mid, high, true))
            scores[target] = table(made, low, mid, high, true, well, widen["drying"])
            for line in scores[target]:
                print(target, line, flush=True)
            continue
        wide = widen[target] = round(widening(low, mid, high, true), 3)
        inside = (true >= mid - wide * (mid - low)) & (true <= mid + wide * (high - mid))
        scores[target] = {
            "rmse": round(float(np.sqrt(np.mean((mid - true) ** 2))), 4),
            "rmse_naive": round(float(np.sqrt(np.mean(true**2))), 4),
            "inside_80": round(float(inside.mean()), 3),
            "rows": len(true),
        }
        print(target, scores[target], flush=True)
    about = {
        "made_by": "make models (tests/benchmarks/decisions)",
        "seasons": len(cases),
        "widen": widen,
        "scores_leave_one_place_out": scores,
        "ahead_features": list(AHEAD_NAMES),
    }
    return train(data), about


def yield_models(seasons: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The yield model from its seasons, and what the manifest tells of it."""
    kept = kept_from(seasons)
    learned = left_out(kept)
    scores = judged(kept, honest(kept, learned))
    printed(scores)
    return fitted(kept, kept.on_day >= 0), {"yield": about_yield(kept, learned, scores)}


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--only", choices=("soil", "yield"), required=True)
    args.add_argument("--rows", type=Path, help="what gather wrote")
    args.add_argument("--yields", type=Path, help="what yield_seasons wrote")
    args.add_argument("--out", type=Path, required=True, help="the other models of this folder stay")
    args.add_argument("--also-left", type=Path, help="folder for the four sets that left a place out")
    options = args.parse_args()
    if (options.rows if options.only == "soil" else options.yields) is None:
        args.error("--only soil needs --rows, --only yield needs --yields")
    texts, about = present(options.out)
    more, told = soil_models(options) if options.only == "soil" else yield_models(options.yields)
    mine = ("depletion", "drying") if options.only == "soil" else ("yield",)
    kept = {name: text for name, text in texts.items() if not name.startswith(mine)}
    texts = {**kept, **more}
    write(options.out, texts, {**about, **told})
    print(
        f"{sum(map(len, texts.values())) / 1024:.0f} KB, {options.only} {sum(map(len, more.values())) / 1024:.0f} KB",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""How well yield and harvest are forecast: `python -m tests.benchmarks.decisions.yields SEASONS.npz`.

Each place is forecast by models, trust and widths of the other three. Clean AquaCrop seasons are
judged, with the advice followed and under a random strategy, against the crop's mean of the other
places; then every condition, the other families, and the day of harvest at half season.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.benchmarks.decisions.yield_fit import Kept, honest, kept_from, left_out, marks_told
from tests.benchmarks.decisions.yield_seasons import MARKS

MANAGEMENTS = {"advice followed": True, "random management": False}


def rms(values: Any) -> float:
    """Root mean square, in per cent."""
    return float(100 * (values**2).mean() ** 0.5)


def mean_elsewhere(kept: Kept, rows: Any) -> Any:
    """The mean yield, t/ha, of each row's crop in the other places under the same management: the rival."""
    import numpy as np

    at = kept.at(MARKS[1]) & (kept.family == "aquacrop") & kept.clean
    found = np.zeros(len(kept.who))
    for index in np.flatnonzero(rows):
        like = at & (kept.crop == kept.crop[index]) & (kept.place != kept.place[index])
        found[index] = kept.yield_t_ha[like & (kept.advised == kept.advised[index])].mean()
    return found


def judged(kept: Kept, told: Any) -> dict[str, Any]:
    """Every score, in per cent of the crop's mean yield."""
    import numpy as np

    best = kept.yield_t_ha / np.maximum(1e-9, kept.yield_frac)
    low, mid, high = told * best
    scores: dict[str, Any] = {}
    for name, advised in MANAGEMENTS.items():
        table: dict[str, dict[str, list[float]]] = {}
        for mark in MARKS:
            rows = kept.at(mark) & (kept.family == "aquacrop") & kept.clean & (kept.advised == advised)
            rival = mean_elsewhere(kept, rows)
            mean = np.ones(len(rows))
            for crop in set(kept.crop[rows]):
                mine = rows & (kept.crop == crop)
                mean[mine] = kept.yield_t_ha[mine].mean()
            inside = (kept.yield_t_ha >= low) & (kept.yield_t_ha <= high)
            groups = {
                "all": rows,
                **{crop: rows & (kept.crop == crop) for crop in sorted(set(kept.crop[rows]))},
                **{place: rows & (kept.place == place) for place in sorted(set(kept.place[rows]))},
            }
            for group, some in groups.items():
                one = table.setdefault(
                    group, {"rmse_pct": [], "crop_mean_pct": [], "inside_80_pct": [], "seasons": []}
                )
                one["rmse_pct"].append(round(rms(((mid - kept.yield_t_ha) / mean)[some]), 1))
                one["crop_mean_pct"].append(round(rms(((rival - kept.yield_t_ha) / mean)[some]), 1))
                one["inside_80_pct"].append(round(100 * float(inside[some].mean()), 1))
                one["seasons"].append(int(some.sum()))
        scores[name] = table
    scores["harvest_days"] = harvest(kept)
    return scores


def harvest(kept: Kept) -> dict[str, dict[str, float]]:
    """The middle's distance from the day of ripeness at half season, days; seasons that died early are apart."""
    import numpy as np

    found = {}
    for name, named in (("season_days known", True), ("season_days not known", False)):
        rows = kept.at(0.5) & (kept.named == named) & kept.clean & kept.judged
        for family, some in (
            ("aquacrop", kept.family == "aquacrop"),
            ("other families", kept.family != "aquacrop"),
        ):
            mine = rows & some
            whole = np.zeros(len(rows), dtype=bool)
            for crop in set(kept.crop[mine]):
                of = mine & (kept.crop == crop)
                whole |= of & (kept.days >= 0.97 * np.median(kept.days[of]))
            off = np.abs(kept.ripe[whole, 1] - kept.days[whole])
            found[f"{name}, {family}"] = {
                "mean": round(float(off.mean()), 2),
                "worst": float(off.max()),
                "seasons": int(whole.sum()),
                "died_early": int(mine.sum() - whole.sum()),
            }
    return found


def others(kept: Kept, told: Any) -> dict[str, list[float]]:
    """Outside the clean AquaCrop seasons: error in per cent of the potential, by part of the season."""
    found = {}
    for name, some in (
        ("aquacrop, faults and warped weather", (kept.family == "aquacrop") & ~kept.clean),
        ("ky family (its potential is random, 8.7)", kept.family == "ky"),
        ("plot family", kept.family == "plot"),
    ):
        for strategy, advised in MANAGEMENTS.items():
            found[f"{name}, {strategy}"] = [
                round(rms((told[1] - kept.yield_frac)[kept.at(mark) & some & (kept.advised == advised)]), 1)
                for mark in MARKS
            ]
    return found


def printed(scores: dict[str, Any]) -> None:
    """The tables for a person."""
    told = "  ".join(f"{mark:>6}" for mark in marks_told())
    for name in MANAGEMENTS:
        print(
            f"\n{name}, clean AquaCrop, RMSE % of the crop's mean yield\n{'':<16}{told}   crop mean {'inside 80 %':>16}"
        )
        for group, one in scores[name].items():
            row = "  ".join(f"{value:6.1f}" for value in one["rmse_pct"])
            inside = " ".join(f"{value:5.1f}" for value in one["inside_80_pct"])
            print(
                f"{group:<16}{row}      {one['crop_mean_pct'][1]:5.1f}   {inside}   {one['seasons'][1]} seasons"
            )
    print("\nday of harvest at half season, days off")
    for name, one in scores["harvest_days"].items():
        print(
            f"{name:<40} mean {one['mean']:5.2f}  worst {one['worst']:5.1f}  {one['seasons']} seasons, {one['died_early']} died early apart"
        )


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("seasons", type=Path, help="what yield_seasons wrote")
    kept = kept_from(args.parse_args().seasons)
    told = honest(kept, left_out(kept))
    printed(judged(kept, told))
    print("\nelsewhere, RMSE % of the potential at 25, 50, 75 %")
    for name, values in others(kept, told).items():
        print(f"{name:<62}" + "  ".join(f"{value:6.1f}" for value in values))


if __name__ == "__main__":
    main()

"""What the models say of a field's past: dryness now, drying to come, harvest. It decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldstation.domain.forecast import Contribution, Quantiles
from fieldstation.learning.boosters import QUANTILES, Model, ModelError
from fieldstation.learning.contributions import by_group, most
from fieldstation.learning.history import AHEAD_NAMES, FEATURES, NAMES, History
from fieldstation.learning.widths import Widths, checked, columns, depth_class, width
from fieldstation.learning.yields import HarvestForecast, YieldModel

SHIPPED = Path(__file__).parent / "models"
SOIL_TARGETS = ("depletion", "drying_shallow", "drying_deep")
TARGETS = (*SOIL_TARGETS, "yield")
_DEPTH_AT, _DAYS_AT = AHEAD_NAMES.index("this_depth_cm"), AHEAD_NAMES.index("days")


@dataclass(frozen=True, slots=True)
class Ahead:
    """What one probe would read some hours ahead if no water is given, on its own scale."""

    depth_cm: int
    hours: int
    vwc_frac: Quantiles


class Forecaster:
    """Targets by three quantiles: root-zone depletion, drying of a shallow and of a deep probe, yield."""

    def __init__(
        self,
        version: str,
        models: dict[str, dict[str, Model]],
        yields: YieldModel | None,
        widen: float,
        drying: tuple[tuple[int, ...], Widths],
    ) -> None:
        self.version = version
        self._models, self._yields = models, yields
        self._widen = widen  # of the depletion's range
        self._looks_at, self._widths = drying  # columns of an ahead row, and factors by depth and horizon

    @classmethod
    def load(cls, folder: Path = SHIPPED, targets: Sequence[str] = TARGETS) -> Forecaster:
        """The models of a folder, each checked against the manifest. Without the yield's there is no harvest. Raises ModelError."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
            sums, version = dict(manifest["sha256"]), str(manifest["version"])
            names = list(manifest["features"])
            widen = float(manifest["widen"]["depletion"])
            drying = columns(manifest["ahead_features"], AHEAD_NAMES), checked(manifest["widen"]["drying"])
            about_yield = manifest["yield"] if "yield" in targets else None
        except FileNotFoundError:
            raise ModelError("model_missing", f"{folder}: no manifest.json; run: make models") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                "model_damaged", f"{folder}: manifest.json cannot be used ({error!r})"
            ) from error
        if names != list(NAMES):
            raise ModelError("model_damaged", f"{folder}: made for other features; run: make models")
        models: dict[str, dict[str, Model]] = defaultdict(dict)
        for target in targets:
            for quantile in QUANTILES:
                name = f"{target}_{quantile}.txt"
                try:
                    data = (folder / name).read_bytes()
                except OSError as error:
                    raise ModelError("model_missing", f"{folder / name}: {error.strerror}") from error
                if hashlib.sha256(data).hexdigest() != sums.get(name):
                    raise ModelError("model_damaged", f"{folder / name}: is not the file of the manifest")
                models[target][quantile] = Model(data.decode())
        try:
            yields = None if about_yield is None else YieldModel.of(models["yield"], about_yield)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                "model_damaged", f"{folder}: the yield model cannot be used ({error}); run: make models"
            ) from error
        return cls(version, dict(models), yields, widen, drying)

    def depletion(self, history: History) -> tuple[Quantiles, tuple[Contribution, ...]]:
        """Root-zone depletion of TAW this morning, and the groups that moved it most, in parts of TAW."""
        made = history.row()
        assert history.balance is not None
        assert history.corrected is not None
        base = history.corrected.depletion_frac
        predicted = [self._models["depletion"][name].predict([made]) for name in QUANTILES]
        found = _widened(predicted, [self._widen])[0]
        values = [min(1.0, max(0.0, base + value)) for value in (found.p10, found.p50, found.p90)]
        effects, _ = by_group(self._models["depletion"]["p50"], made, FEATURES)
        # the corrected balance is the weather's account and what the probes made of it
        effects["soil_balance"] += history.balance.depletion_frac
        effects["soil_probe"] += base - history.balance.depletion_frac
        return Quantiles(*values), most(effects, 1.0, 4)

    def ahead(self, history: History, horizons_d: tuple[int, ...]) -> tuple[Ahead, ...]:
        """Each probe of this morning, some days ahead, without any water from now on."""
        rows = history.ahead_rows(horizons_d)
        return readings_ahead(history, dict(zip(rows, self.drying(list(rows.values())), strict=True)))

    def drying(self, rows: Sequence[Sequence[float]]) -> list[Quantiles]:
        """How readings change, in parts of the soil's span; a row by AHEAD_NAMES each, by the models of its depth."""
        kinds = [depth_class(row[_DEPTH_AT]) for row in rows]
        found: dict[int, Quantiles] = {}
        for kind in set(kinds):
            places = [at for at, one in enumerate(kinds) if one == kind]
            seen = [[rows[at][column] for column in self._looks_at] for at in places]
            by = [width(self._widths, rows[at][_DEPTH_AT], rows[at][_DAYS_AT]) for at in places]
            columns_ = [self._models[f"drying_{kind}"][name].predict(seen) for name in QUANTILES]
            found.update(zip(places, _widened(columns_, by), strict=True))
        return [found[at] for at in range(len(rows))]

    def harvest(self, history: History) -> HarvestForecast | None:
        """Expected dry yield, the advice followed; None in the first days."""
        return None if self._yields is None else self._yields.forecast(history)

    def harvest_contributions(self, history: History) -> tuple[Contribution, ...]:
        """What its middle is made of, t/ha: what is usual, and the groups that moved it most."""
        return () if self._yields is None else self._yields.contributions(history)


def _widened(columns_: Sequence[Sequence[float]], by: Sequence[float]) -> list[Quantiles]:
    """Ranges a row from the columns p10, middle, p90, grown around the middle."""
    return [
        Quantiles(mid - wide * max(0.0, mid - low), mid, mid + wide * max(0.0, high - mid))
        for low, mid, high, wide in zip(*columns_, by, strict=True)
    ]


def readings_ahead(history: History, changes: Mapping[tuple[int, int], Quantiles]) -> tuple[Ahead, ...]:
    """Readings to come on each probe's own scale, from changes by (depth in cm, days ahead)."""
    assert history.morning is not None
    soil = history.plot.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac
    now = {reading.depth_cm: reading.vwc_frac for reading in history.morning.probes}
    found = []
    for (depth, days), change in changes.items():
        values = [now[depth] + part * span for part in (change.p10, change.p50, change.p90)]
        found.append(Ahead(depth, days * 24, Quantiles(*(min(0.7, max(0.0, round(v, 4))) for v in values))))
    return tuple(found)

"""Forecasts of every zone from the shipped or learned models. It decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fieldstation.domain.day import Day
from fieldstation.domain.forecast import HORIZONS_H, Driver, Quantiles, SoilForecast, ZoneForecast
from fieldstation.domain.station import Zone
from fieldstation.learning.boosters import QUANTILES, Model, ModelError
from fieldstation.learning.features import FEATURES, NAMES, main_probe, row

SHIPPED = Path(__file__).parent / "models"
TARGETS = ("drying", "depletion", "yield")
DRYING_NAMES = (*NAMES, "horizon_h")
MAX_DRIVERS = 4
YIELD_FROM_DAY = 20

Asked = tuple[Zone, Sequence[Day], Day]


class Forecaster:
    """Three targets by three quantiles: drying without water, depletion now, relative yield."""

    def __init__(self, version: str, models: dict[str, dict[str, Model]]) -> None:
        self.version = version
        self._models = models

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Forecaster:
        """The models of a folder, each checked against the manifest. Raises ModelError."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text())
            sums, version, names = manifest["sha256"], str(manifest["version"]), manifest["features"]
        except FileNotFoundError:
            raise ModelError("model_missing", f"{folder}: no manifest.json; run: make models") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                "model_damaged", f"{folder}: manifest.json cannot be used ({error!r})"
            ) from error
        if list(names) != list(NAMES):
            raise ModelError("model_damaged", f"{folder}: made for other features; run: make models")
        models: dict[str, dict[str, Model]] = defaultdict(dict)
        for target in TARGETS:
            for quantile in QUANTILES:
                name = f"{target}_{quantile}.txt"
                try:
                    data = (folder / name).read_bytes()
                except OSError as error:
                    raise ModelError("model_missing", f"{folder / name}: {error.strerror}") from error
                if hashlib.sha256(data).hexdigest() != sums.get(name):
                    raise ModelError("model_damaged", f"{folder / name}: is not the file of the manifest")
                models[target][quantile] = Model(data.decode())
        return cls(version, dict(models))

    def forecast_all(
        self, asked: Sequence[Asked], latitude_deg: float, at: datetime
    ) -> tuple[ZoneForecast, ...]:
        """One forecast a zone that has a living probe and a crop in the ground; others are left out."""
        able: list[Asked] = []
        rows: list[list[float]] = []
        taws_mm: list[float] = []
        for zone, days, today in asked:
            made, last = row(zone, latitude_deg, days, today)
            if last is not None and main_probe(zone, days, today) is not None:
                able.append((zone, days, today))
                rows.append(made)
                taws_mm.append(last.taw_mm)
        if not able:
            return ()
        drying = self._ranges("drying", [[*made, float(h)] for made in rows for h in HORIZONS_H])
        depletion = self._ranges("depletion", rows)
        yields = self._ranges("yield", rows)
        found = []
        for index, (zone, days, today) in enumerate(able):
            now_frac = main_probe(zone, days, today)
            assert now_frac is not None
            mine = drying[index * len(HORIZONS_H) : (index + 1) * len(HORIZONS_H)]
            soil = tuple(
                SoilForecast(hours, _absolute(now_frac, change, zone))
                for hours, change in zip(HORIZONS_H, mine, strict=True)
            )
            likely = _clamped(depletion[index], -0.2, 1.0)
            age = (today.on - zone.planted_on).days
            best = zone.crop.yield_potential_t_ha
            dry = yields[index]
            found.append(
                ZoneForecast(
                    zone=zone.id,
                    at=at,
                    model=self.version,
                    soil=soil,
                    depletion_frac=likely,
                    need_mm=_times(_clamped(likely, 0.0, 1.0), taws_mm[index]),
                    yield_t_ha=_times(_clamped(dry, 0.0, 1.2), best) if age >= YIELD_FROM_DAY else None,
                    drivers=self._drivers(rows[index]),
                )
            )
        return tuple(found)

    def _ranges(self, target: str, rows: list[list[float]]) -> list[Quantiles]:
        columns = [self._models[target][name].predict(rows) for name in QUANTILES]
        return [Quantiles(*sorted(values)) for values in zip(*columns, strict=True)]

    def _drivers(self, made: list[float]) -> tuple[Driver, ...]:
        """The groups that moved the depletion most, in parts of TAW."""
        effects: dict[str, float] = defaultdict(float)
        moved = self._models["depletion"]["p50"].contributions(made)
        for name, effect in zip(NAMES, moved[:-1], strict=True):
            effects[FEATURES[name]] += effect
        ranked = sorted(effects.items(), key=lambda item: -abs(item[1]))[:MAX_DRIVERS]
        return tuple(Driver(name, round(effect, 4)) for name, effect in ranked)


def _absolute(now_frac: float, change: Quantiles, zone: Zone) -> Quantiles:
    """The probe's own scale: last reading plus a change in parts of the soil's span; drying only."""
    span = zone.soil.field_capacity_frac - zone.soil.wilting_point_frac
    values = [min(0.6, max(0.0, now_frac + part * span)) for part in (change.p10, change.p50, change.p90)]
    return Quantiles(*(round(value, 4) for value in values))


def _clamped(found: Quantiles, low: float, high: float) -> Quantiles:
    return Quantiles(*(min(high, max(low, value)) for value in (found.p10, found.p50, found.p90)))


def _times(found: Quantiles, factor: float) -> Quantiles:
    return Quantiles(*(round(value * factor, 3) for value in (found.p10, found.p50, found.p90)))

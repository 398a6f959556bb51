"""The station's own models at forecast time: the champion speaks, a challenger in shadow is only noted down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldstation.domain.forecast import HORIZONS_D, Quantiles, SoilForecast
from fieldstation.domain.learned import ModelState, OwnModel, Point, Prediction, RefusedModel
from fieldstation.domain.station import Zone
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import Ahead, Forecaster, readings_ahead
from fieldstation.learning.history import History
from fieldstation.learning.own import OwnDrying, read, without_rain


@dataclass(slots=True)
class OwnModels:
    """What is loaded, what was refused, and what was forecast by whom."""

    champion: OwnDrying | None = None
    shadow: OwnDrying | None = None
    refused: list[RefusedModel] = field(default_factory=list)
    predictions: list[Prediction] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path, models: Sequence[OwnModel], base: str) -> OwnModels:
        """Champion and shadow of the record; a file that is not the one on record is refused, and told."""
        found = cls()
        for model in models:
            if model.state not in (ModelState.CHAMPION, ModelState.SHADOW):
                continue
            try:
                loaded = read(folder / model.version, model.version, model.sha256, base)
            except ModelError as error:
                found.refused.append(RefusedModel(model.version, error.code, str(error)[:300]))
                continue
            if model.state is ModelState.CHAMPION:
                found.champion = loaded
            else:
                found.shadow = loaded
        return found

    def name(self, base: str) -> str:
        """The version in charge: the shipped one, with the station's own upon it."""
        return base if self.champion is None else f"{base}+{self.champion.version}"

    def ahead(self, shipped: Forecaster, zone: Zone, history: History, at: datetime) -> tuple[Ahead, ...]:
        """Each probe some days ahead without water, rain included, by the model in charge.

        Every model's answer is kept to be judged, while there is one of the station's own.
        """
        asked = history.ahead_rows(HORIZONS_D)
        keys, rows = list(asked), [without_rain(row) for row in asked.values()]
        predicted = shipped.drying(rows)
        sensors = {probe.depth_cm: probe.device.id for probe in zone.probes}
        probes = [sensors.get(depth, "") for depth, _ in keys]
        said: dict[str, tuple[Ahead, ...]] = {}
        for version, model in (
            (shipped.version, None),
            *((model.version, model) for model in (self.champion, self.shadow) if model),
        ):
            changes = predicted if model is None else model.corrected(probes, rows, predicted)
            said[version] = readings_ahead(history, dict(zip(keys, changes, strict=True)))
        if self.champion is not None or self.shadow is not None:
            self.predictions += [
                _prediction(zone, version, at, found, history) for version, found in said.items()
            ]
        return said[self.champion.version if self.champion else shipped.version]


def soil_of(ahead: Sequence[Ahead]) -> tuple[SoilForecast, ...]:
    """The shallowest probe that speaks."""
    depth = min((one.depth_cm for one in ahead), default=None)
    return tuple(SoilForecast(one.hours, one.vwc_frac) for one in ahead if one.depth_cm == depth)


def _prediction(
    zone: Zone, version: str, at: datetime, ahead: Sequence[Ahead], history: History
) -> Prediction:
    assert history.morning is not None
    now = {reading.depth_cm: reading.vwc_frac for reading in history.morning.probes}
    return Prediction(
        zone.id,
        version,
        at,
        tuple(
            Point(one.depth_cm, one.hours, round(now[one.depth_cm], 4), *_three(one.vwc_frac))
            for one in ahead
        ),
    )


def _three(found: Quantiles) -> tuple[float, float, float]:
    return found.p10, found.p50, found.p90

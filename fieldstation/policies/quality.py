"""Which samples to believe: range, rate, stuck, stale and cross-check, one reason each."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.reading import Quality, Quantity, Reading, Sample


@dataclass(frozen=True, slots=True)
class Plausible:
    """What one quantity can be and do. A jump is believed when the next sample confirms it."""

    low: float
    high: float
    fall: float  # largest believable fall between two samples, unconfirmed
    rise: float
    stuck_s: float  # the very same raw value for so long is a dead device
    raw_low: float | None = None
    raw_high: float | None = None


PLAUSIBLE = {
    # volts near 0 are a pulled wire (pull-down), near the supply a short
    Quantity.SOIL_WATER: Plausible(0.0, 0.60, 0.05, 0.60, 43200, raw_low=0.05, raw_high=3.25),
    Quantity.AIR_T: Plausible(-40.0, 60.0, 5.0, 5.0, 43200),
    Quantity.AIR_RH: Plausible(0.01, 1.0, 0.25, 0.25, 172800),  # fog keeps 100 % for days
    Quantity.RAIN: Plausible(0.0, 75.0, 1e9, 1e9, 1e12),
}
MAX_RAIN_MM_H = 300.0
CONFIRM_WITHIN = 0.5  # of the believable jump: how near the confirming sample must be
FORGET_S = 6 * 3600.0  # after so long without a good value any plausible one is taken
SKIN_DRY = 0.5  # a probe below this part of the wilting point is in air, not in soil


class QualityControl:
    """Judges the samples of one sensor and quantity, in order of time. Keeps a few numbers only."""

    __slots__ = ("_doubted", "_good", "_good_s", "_limits", "_quantity", "_raw", "_raw_since_s", "_seen_s")

    def __init__(self, quantity: Quantity) -> None:
        self._quantity = quantity
        self._limits = PLAUSIBLE[quantity]
        self._good: float | None = None
        self._good_s = float("-inf")
        self._doubted: float | None = None
        self._raw: float | None = None
        self._raw_since_s = 0.0
        self._seen_s: float | None = None

    def judge(self, sample: Sample, value: float | None) -> Reading:
        """The Reading of a sample; `value` is its converted value (m3/m3 for volts, else as sampled)."""
        raw = sample.value
        quality = sample.fault or self._fault_of(sample, raw, value)
        if sample.fault is None:  # rain goes on adding up while the gauge is silent
            self._seen_s = sample.mono_s
        if quality is not Quality.GOOD:
            at, mono_s, detail = sample.at, sample.mono_s, sample.detail
            return Reading(sample.sensor, sample.quantity, None, quality, at, mono_s, raw, detail)
        self._good, self._good_s, self._doubted = value, sample.mono_s, None
        return Reading(sample.sensor, sample.quantity, value, Quality.GOOD, sample.at, sample.mono_s, raw)

    def _fault_of(self, sample: Sample, raw: float | None, value: float | None) -> Quality:
        limits, now_s = self._limits, sample.mono_s
        if raw is None or value is None or value != value:
            return Quality.NO_ANSWER
        if limits.raw_low is not None and raw < limits.raw_low:
            return Quality.NO_ANSWER
        if limits.raw_high is not None and raw > limits.raw_high:
            return Quality.OUT_OF_RANGE
        if not limits.low <= value <= limits.high:
            return Quality.OUT_OF_RANGE
        if self._quantity is Quantity.RAIN:
            return self._heavy(value, now_s)
        if raw != self._raw:
            self._raw, self._raw_since_s = raw, now_s
        elif now_s - self._raw_since_s > limits.stuck_s:
            return Quality.STUCK
        return self._jump(value, now_s)

    def _heavy(self, mm: float, now_s: float) -> Quality:
        elapsed_s = 3600.0 if self._seen_s is None else max(60.0, now_s - self._seen_s)
        return Quality.GOOD if mm * 3600.0 / elapsed_s <= MAX_RAIN_MM_H else Quality.OUT_OF_RANGE

    def _jump(self, value: float, now_s: float) -> Quality:
        limits, good = self._limits, self._good
        if good is None or now_s - self._good_s > FORGET_S:
            return Quality.GOOD
        change = value - good
        if -limits.fall <= change <= limits.rise:
            return Quality.GOOD
        doubted, self._doubted = self._doubted, value
        allowed = limits.rise if change > 0 else limits.fall
        if doubted is not None and abs(value - doubted) <= CONFIRM_WITHIN * allowed:
            return Quality.GOOD
        return Quality.TOO_FAST


def cross_checked(reading: Reading, wilting_point_frac: float) -> Reading:
    """A probe far drier than roots can make soil hangs in air: DISAGREES, so that it starts no water."""
    if reading.value is None or reading.value >= SKIN_DRY * wilting_point_frac:
        return reading
    return Reading(
        reading.sensor, reading.quantity, None, Quality.DISAGREES, reading.at, reading.mono_s, reading.raw
    )


def fresh(reading: Reading, now_mono_s: float, max_age_s: float) -> Reading:
    """The reading, or the same without value and STALE when it is too old."""
    if not reading.good or now_mono_s - reading.mono_s <= max_age_s:
        return reading
    return Reading(
        reading.sensor, reading.quantity, None, Quality.STALE, reading.at, reading.mono_s, reading.raw
    )

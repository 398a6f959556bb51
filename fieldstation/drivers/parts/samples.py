"""Samples of one look at a device: its values, or one fault with its cause."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError, StationError, cause
from fieldstation.domain.reading import Quality, Quantity, Sample


def take(
    sensor: str,
    clock: Clock,
    quantities: Iterable[Quantity],
    measure: Callable[[], Mapping[Quantity, float]],
) -> list[Sample]:
    """One sample of each quantity. What `measure` raises is the fault of all; NaN is garbled."""
    now, mono_s = clock.now(), clock.mono_s()
    try:
        values = measure()
        if not all(map(math.isfinite, values.values())):
            raise DeviceError(Quality.CHECKSUM, f"{sensor}: the answer is no number")
    except (StationError, OSError) as error:
        fault = Quality(getattr(error, "fault", Quality.NO_ANSWER))
        return [Sample(sensor, each, None, fault, now, mono_s, cause(error)) for each in quantities]
    return [Sample(sensor, each, values[each], None, now, mono_s) for each in quantities]

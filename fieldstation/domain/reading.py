"""A Sample is what a device said; a Reading is what the station believes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Quantity(StrEnum):
    """What is measured, and the unit of a Reading's value."""

    SOIL_WATER = "soil_water"  # m3/m3; a Sample carries volts
    AIR_T = "air_t"  # degrees C
    AIR_RH = "air_rh"  # fraction 0-1
    RAIN = "rain"  # mm since the previous sample of this sensor

    @property
    def unit(self) -> str:
        """The unit as text for people and the API."""
        return {"soil_water": "m3/m3", "air_t": "C", "air_rh": "frac", "rain": "mm"}[self.value]


class Quality(StrEnum):
    """Why a Reading may or may not be used. Only GOOD has a value."""

    GOOD = "good"
    NO_ANSWER = "no_answer"  # the device or its bus did not answer in time
    CHECKSUM = "checksum"  # it answered, garbled
    OUT_OF_RANGE = "out_of_range"  # outside what the device or nature can give
    TOO_FAST = "too_fast"  # changed faster than nature can, unconfirmed
    STUCK = "stuck"  # a noisy device has repeated itself too long
    DISAGREES = "disagrees"  # contradicts another sensor or the water given
    STALE = "stale"  # was good once, too long ago


@dataclass(frozen=True, slots=True)
class Sample:
    """One raw answer. Exactly one of `value` and `fault` is set.

    `value` is volts for SOIL_WATER, else already in the quantity's unit. `detail` is the cause of a
    fault as the device or its library told it: English, for the technician; empty where nothing was told.
    """

    sensor: str
    quantity: Quantity
    value: float | None
    fault: Quality | None
    at: datetime
    mono_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity at one instant. `value` is None unless `quality` is GOOD; `detail` is its Sample's."""

    sensor: str
    quantity: Quantity
    value: float | None
    quality: Quality
    at: datetime
    mono_s: float
    raw: float | None = None
    detail: str = ""

    @property
    def good(self) -> bool:
        """Whether the value may be used."""
        return self.quality is Quality.GOOD

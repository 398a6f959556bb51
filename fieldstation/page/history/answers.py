"""What the API tells of the past, as it is written and described."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fieldstation.domain.decision import Rung, Value
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Code
from fieldstation.domain.status.decision import ReasonStatus
from fieldstation.page.history.chart_data import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanned:
    """What an answer is about: a zone, and a stretch of time; `planted_on` of which season."""

    zone: str
    span: str
    since: datetime
    until: datetime
    planted_on: date | None


@dataclass(frozen=True, slots=True)
class MeasuredSeries:
    """A quantity of a sensor, one item a step; null where nothing was heard."""

    sensor: str
    quantity: Quantity
    unit: str
    depth_cm: int | None
    n: list[int | None]
    min: list[float | None]
    mean: list[float | None]
    max: list[float | None]


@dataclass(frozen=True, slots=True)
class RainSeries:
    """Rain of each step."""

    sensor: str
    quantity: Quantity
    unit: str
    depth_cm: int | None
    n: list[int | None]
    sum: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAnswer(Spanned):
    """Measurements and water (gross mm, litres) on equal steps; `dry` and `full`: soil water at the lines."""

    steps: Steps
    dry: float
    full: float
    series: list[MeasuredSeries | RainSeries]
    water_mm: list[float | None]
    water_l: list[float | None]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run on record; `trusted`: its instants come from a clock that was set."""

    id: str
    started_at: datetime
    ended_at: datetime
    on_s: float
    litres: float
    measured: bool
    depth_mm: float
    origin: str
    stop_reason: Code
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunList(Spanned):
    """Water given, newest first; `more` was left out."""

    runs: list[RunRow]
    more: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision on record; 0 mm is no water."""

    id: str
    at: datetime
    rung: Rung
    depth_mm: float
    reason: ReasonStatus
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList(Spanned):
    """What was decided, newest first."""

    decisions: list[DecisionRow]
    more: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened, to the station where `zone` is null."""

    code: str
    at: datetime
    zone: str | None
    values: dict[str, Value]
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList(Spanned):
    """What else happened, newest first."""

    events: list[EventRow]
    more: bool

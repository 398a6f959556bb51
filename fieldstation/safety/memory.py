"""What the guard must not forget: this, and only this, stands in the ledger.

Monotonic time ends with the boot, so the memory keeps a time of its own, `t_s`: it runs
while the guard runs. Over a restart it moves on by the wall clock's difference only when
that clock was trusted at both ends, and else not at all. So time spent in the dark never
makes a budget younger than it is: a reboot loop or a set clock gains nobody water.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fieldstation.domain.run import Code

DAY_S = 86400.0
HOUR_S = 3600.0
CLOSED_KEPT = 20
VERSION = 1


@dataclass(slots=True)
class Span:
    """One run's share of the budgets, by zone and pump."""

    zone: str
    pump: str
    start_s: float
    end_s: float
    on_s: float
    litres: float


@dataclass(slots=True)
class OpenRun:
    """The run that was open when this was saved."""

    id: str
    seq: int
    zone: str
    pump: str
    origin: str
    started_at: str
    start_s: float
    planned_s: float
    on_s: float
    litres: float


@dataclass(slots=True)
class Latch:
    """A fault that only a person may clear."""

    code: str
    pump: str | None
    zone: str | None
    since_s: float


@dataclass(slots=True)
class Memory:
    """Latches, budgets, open and closed runs. Times are `t_s` (see the module)."""

    t_s: float = 0.0
    wall: datetime | None = None
    trusted: bool = False
    seq: int = 0
    stopped_by: str | None = None
    latches: list[Latch] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    dry_trips: dict[str, list[float]] = field(default_factory=dict)
    open: list[OpenRun] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    _sums: dict[str, tuple[float, float, float]] = field(default_factory=dict, repr=False, compare=False)

    def spent(self, owner: str, now_s: float) -> tuple[float, float]:
        """Seconds and litres of a zone id or `pump:` id in the sliding day, open runs included."""
        until_s, on_s, litres = self._sums.get(owner) or (now_s, 0.0, 0.0)
        if now_s >= until_s:  # a span leaves the day, or one has been booked
            mine = [s for s in self.spans if _owns(owner, s) and s.end_s > now_s - DAY_S]
            until_s = min((s.end_s + DAY_S for s in mine), default=float("inf"))
            on_s, litres = sum(s.on_s for s in mine), sum(s.litres for s in mine)
            self._sums[owner] = (until_s, on_s, litres)
        for run in self.open:
            if _owns(owner, run):
                on_s, litres = on_s + run.on_s, litres + run.litres
        return on_s, litres

    def starts(self, owner: str, now_s: float) -> list[float]:
        """When runs of a zone id or `pump:` id began in the sliding hour before `now_s`."""
        runs: list[Span | OpenRun] = [*self.spans, *self.open]
        return [run.start_s for run in runs if _owns(owner, run) and run.start_s > now_s - HOUR_S]

    def last_end_s(self, owner: str) -> float | None:
        """When the newest remembered run of a zone or pump ended."""
        ends = [s.end_s for s in self.spans if _owns(owner, s)]
        return max(ends) if ends else None

    def book(self, run: OpenRun, now_s: float) -> None:
        """Add a finished run to the budgets and forget what is older than a day."""
        self.spans = [s for s in self.spans if s.end_s > now_s - DAY_S]
        self._sums.clear()
        self.spans.append(Span(run.zone, run.pump, run.start_s, now_s, run.on_s, run.litres))

    def close(self, run: OpenRun, ended_at: datetime, code: Code, *, measured: bool) -> None:
        """Keep a finished run for the controller to record."""
        self.closed.append(
            {
                "id": run.id,
                "seq": run.seq,
                "zone": run.zone,
                "origin": run.origin,
                "started_at": run.started_at,
                "ended_at": iso(ended_at),
                "on_s": round(run.on_s, 2),
                "litres": round(run.litres, 3),
                "measured": measured,
                "stop_reason": code.value,
            }
        )
        del self.closed[:-CLOSED_KEPT]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the ledger."""
        plain = {name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")}
        return {
            **plain,
            "version": VERSION,
            "wall": None if self.wall is None else iso(self.wall),
            "latches": [_plain(latch) for latch in self.latches],
            "spans": [_plain(span) for span in self.spans],
            "open": [_plain(run) for run in self.open],
            "dry_trips": {pump: list(trips) for pump, trips in self.dry_trips.items()},
            "closed": list(self.closed),
        }


def memory_from(plain: dict[str, Any]) -> Memory:
    """The memory of a ledger's plain values. Raises ValueError on anything it did not write itself."""
    try:
        if plain["version"] != VERSION:
            raise ValueError(f"version {plain['version']!r} is not {VERSION}")
        memory = Memory(
            t_s=_seconds(plain["t_s"]),
            wall=None if plain["wall"] is None else datetime.fromisoformat(plain["wall"]),
            trusted=bool(plain["trusted"]),
            seq=int(plain["seq"]),
            stopped_by=plain["stopped_by"],
            latches=[Latch(**latch) for latch in plain["latches"]],
            spans=[Span(**span) for span in plain["spans"]],
            dry_trips={str(k): [_seconds(t) for t in v] for k, v in plain["dry_trips"].items()},
            open=[OpenRun(**run) for run in plain["open"]],
            closed=list(plain["closed"]),
        )
        for span in memory.spans:
            for value in (span.start_s, span.end_s, span.on_s, span.litres):
                _seconds(value)
        for run in memory.open:
            for value in (run.start_s, run.planned_s, run.on_s, run.litres):
                _seconds(value)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a ledger's memory: {error!r}") from error
    return memory


def _owns(owner: str, run: Span | OpenRun) -> bool:
    return owner == run.zone or owner == "pump:" + run.pump


def iso(at: datetime) -> str:
    """An instant as text, UTC with `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


def _plain(item: Latch | Span | OpenRun) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}

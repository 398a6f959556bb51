"""What the guard must not forget: this, and only this, stands in the ledger.

Monotonic time ends with the boot, so the memory keeps a time of its own, `t_s`: it runs
while the guard runs. Over a restart it moves on by the wall clock's difference only when
that clock was trusted at both ends, and else not at all. So time spent in the dark never
makes a budget younger than it is: a reboot loop or a set clock gains nobody water.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fieldstation.binding import plain, read
from fieldstation.domain.run import Code, Run

DAY_S = 86400.0
HOUR_S = 3600.0
CLOSED_KEPT = 20
VERSION = 1
DROPPED = ("boots",)
"""Keys of older ledgers that nobody needs."""


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
    started_at: datetime
    start_s: float
    planned_s: float
    on_s: float
    litres: float


@dataclass(slots=True)
class Latch:
    """A fault that only a person may clear."""

    code: Code
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
    closed: list[Run] = field(default_factory=list)
    _sums: dict[str, tuple[float, float, float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

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

    def count(self, run: OpenRun, now_s: float) -> None:
        """Add a finished run to the budgets and forget what is older than a day."""
        self.spans = [s for s in self.spans if s.end_s > now_s - DAY_S]
        self._sums.clear()
        self.spans.append(Span(run.zone, run.pump, run.start_s, now_s, run.on_s, run.litres))

    def close(self, run: OpenRun, ended_at: datetime, code: Code, *, measured: bool) -> None:
        """Keep a finished run for the controller to record."""
        began, ended = run.started_at, ended_at.replace(microsecond=0)
        on_s, litres = round(run.on_s, 2), round(run.litres, 3)
        made = Run(run.id, run.seq, run.zone, run.origin, began, ended, on_s, litres, measured, code)
        self.closed.append(made)
        del self.closed[:-CLOSED_KEPT]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the ledger."""
        return {"version": VERSION, **plain(self)}


def memory_from(ledger: dict[str, Any]) -> Memory:
    """The memory of a ledger's plain values. Raises ValueError on anything it did not write itself."""
    if ledger.get("version") != VERSION:
        raise ValueError(f"version {ledger.get('version')!r} is not {VERSION}")
    if missing := Memory().as_dict().keys() - ledger.keys():
        raise ValueError(f"not a ledger's memory: {', '.join(sorted(missing))} missing")
    kept = {name: value for name, value in ledger.items() if name not in ("version", *DROPPED)}
    return read(Memory, kept, "ledger")


def _owns(owner: str, run: Span | OpenRun) -> bool:
    return owner == run.zone or owner == "pump:" + run.pump

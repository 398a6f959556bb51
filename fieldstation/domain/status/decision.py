"""A decision as the other processes and the API hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldstation.binding import like, setting
from fieldstation.domain.change import Change
from fieldstation.domain.decision import Decision, Input, OtherRung, Reason, Rung, SkippedRung, Value
from fieldstation.domain.soil_water_balance import SoilWaterBalance


@dataclass(frozen=True, slots=True)
class ReasonStatus:
    """Why, as a code and the values of its sentence."""

    code: Reason
    values: dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSummary:
    """What was chosen and why, as the API tells it. `depth_mm` is gross, 0 for no water."""

    at: datetime
    rung: Rung
    depth_mm: float
    reason: ReasonStatus
    depletion_mm: float | None
    taw_mm: float | None
    changes: tuple[Change, ...]
    skipped: tuple[SkippedRung, ...]
    below: OtherRung | None
    soil_water_balance: SoilWaterBalance | None = setting("mm net", key="account")
    limited_by: tuple[str, ...]

    @property
    def line_mm(self) -> float | None:
        """The depletion at which water is due, mm; None where the rung knew none."""
        found = self.reason.values.get("line_mm")
        return float(found) if isinstance(found, int | float) and found > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStatus(DecisionSummary):
    """The same with all that it was made of. `start_at` is when a run may start."""

    id: str
    inputs: tuple[Input, ...]
    start_at: datetime | None
    model: str | None


def decision_status(decision: Decision) -> DecisionStatus:
    """A decision, new or of the record. Instants are whole seconds."""
    return like(
        DecisionStatus,
        decision,
        at=decision.at.replace(microsecond=0),
        depth_mm=round(decision.depth_mm, 2),
        reason=ReasonStatus(decision.reason, decision.values),
        soil_water_balance=decision.account,
        start_at=decision.start_at and decision.start_at.replace(microsecond=0),
    )

"""A decision as plain values, for the snapshot, the page and the advice stream alike."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from fieldstation.domain.change import Change
from fieldstation.domain.decision import Decision, OtherRung, SkippedRung
from fieldstation.domain.soil_account import SoilAccount


def decision_plain(decision: Decision) -> dict[str, Any]:
    """Everything about a decision, absent values null."""
    return {
        "id": decision.id,
        "at": _stamp(decision.at),
        "rung": decision.rung.value,
        "depth_mm": round(decision.depth_mm, 2),
        "reason": {"code": decision.reason.value, "values": decision.values},
        "depletion_mm": decision.depletion_mm,
        "taw_mm": decision.taw_mm,
        **because_plain(decision.changes, decision.skipped, decision.below, decision.account),
        "inputs": [
            {"name": i.name, "value": i.value, "unit": i.unit, "age_s": i.age_s, "quality": i.quality}
            for i in decision.inputs
        ],
        "start_at": _stamp(decision.start_at) if decision.start_at else None,
        "limited_by": list(decision.limited_by),
        "model": decision.model,
    }


def because_plain(
    changes: tuple[Change, ...],
    skipped: tuple[SkippedRung, ...],
    below: OtherRung | None,
    account: SoilAccount | None,
) -> dict[str, Any]:
    """What stands behind a decision."""
    return {
        "changes": [{"code": change.code.value, "values": change.values} for change in changes],
        "skipped": [{"rung": s.rung.value, "why": s.why, "would_mm": s.would_mm} for s in skipped],
        "below": None if below is None else {"rung": below.rung.value, "depth_mm": below.depth_mm},
        "account": None if account is None else dataclasses.asdict(account),
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

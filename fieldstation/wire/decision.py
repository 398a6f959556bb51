"""A decision as plain values, for the snapshot, the page and the advice stream alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldstation.binding import plain
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
        "inputs": plain(decision.inputs),
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
        "changes": plain(changes),
        "skipped": plain(skipped),
        "below": plain(below),
        "account": plain(account),
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

"""Rung 5: no water, and why."""

from __future__ import annotations

from fieldstation.domain.decision import Reason
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import Refill
from fieldstation.policies.rootzone import RootZone, levels
from fieldstation.policies.rungs.answer import Answer


def decide(facts: ZoneFacts, balance: RootZone | None) -> Answer:
    """Hold: nothing here is sure enough to give water on."""
    del balance
    reason = Reason.NO_TRUSTED_INPUT if facts.clock_trusted else Reason.CLOCK_UNTRUSTED
    return Answer(Refill(reason, {}, 0.0, 0.0, None, None, None, ()), levels(facts))

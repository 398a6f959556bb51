"""What a rung may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import Refill
from fieldstation.policies.rootzone import RootZone


@dataclass(frozen=True, slots=True)
class Answer:
    """A refill and the root zone it was made from; `again` makes the refill of another root zone, where one counts."""

    refill: Refill
    root_zone: RootZone
    again: Callable[[ZoneFacts, RootZone], Refill] | None = None


@dataclass(frozen=True, slots=True)
class Unable:
    """Why this rung cannot decide, as a code."""

    why: str

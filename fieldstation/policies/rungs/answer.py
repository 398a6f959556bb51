"""What a rung may answer."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.policies.refill import Wish
from fieldstation.policies.rootzone import RootZone


@dataclass(frozen=True, slots=True)
class Answer:
    """A wish and the root zone it was made from."""

    wish: Wish
    root_zone: RootZone


@dataclass(frozen=True, slots=True)
class Unable:
    """Why this rung cannot decide, as a code."""

    why: str

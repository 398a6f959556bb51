"""What the controller asks of the guard, and the answers, checked at the door."""

from __future__ import annotations

from typing import Protocol

from fieldstation.domain.run import Code
from fieldstation.domain.status.guard import GuardStatus, LeaseAnswer
from fieldstation.wire.client import understood
from fieldstation.wire.line import Message

Air = tuple[float | None, float | None]
"""Temperature in C and its age in s; None while unknown."""


class Guard(Protocol):
    """How the controller speaks to the guard: one question, one answer, or PeerSilent."""

    def __call__(self, message: Message) -> Message:
        """Answer one question, or raise PeerSilent."""


class GuardDoor:
    """Every method raises PeerSilent when there is no answer, or none that can be read."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def to(cls, guard: Guard | GuardDoor) -> GuardDoor:
        """The door to a guard that is asked by messages; a door stays what it is."""
        return guard if isinstance(guard, GuardDoor) else cls(guard)

    def status(self) -> GuardStatus:
        """Everything the guard knows of now."""
        return understood(GuardStatus, self._guard({"verb": "status"}))

    def start(
        self, run_id: str, zone: str, origin: str, max_s: float, max_l: float | None, air: Air
    ) -> LeaseAnswer:
        """Ask for a run."""
        return self._lease(
            {
                "verb": "start",
                "id": run_id,
                "zone": zone,
                "origin": origin,
                "max_s": max_s,
                "max_l": max_l,
                "air_t_c": air[0],
                "air_t_age_s": air[1],
            }
        )

    def renew(self, run_id: str, air: Air) -> LeaseAnswer:
        """Ask for ten more seconds of a run."""
        return self._lease({"verb": "renew", "id": run_id, "air_t_c": air[0], "air_t_age_s": air[1]})

    def end(self, run_id: str) -> None:
        """Ask for the end of a run."""
        self._guard({"verb": "end", "id": run_id})

    def _lease(self, question: Message) -> LeaseAnswer:
        answer = self._guard(question)
        if "error" in answer:  # a question that the guard calls malformed is no permission
            return LeaseAnswer(False, reason=Code.BAD_REQUEST)
        return understood(LeaseAnswer, answer)

"""What a view asks of whoever asks for it; `authorize` holds it against every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fieldstation.domain.people import Role

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Need:
    """What a view asks of whoever asks for it: a role, a password given lately, a form of ours.

    Without a role anybody may, `always`, or unless the owner lets only people look who are signed in.
    What is `personal` is no machine's, whatever its token says.
    """

    role: Role | None
    fresh: bool = False
    form: bool = True
    always: bool = False
    personal: bool = False


STOPPING = Need(None, form=False)
"""STOP's own need."""


def mark(need: Need) -> Callable[[View], View]:
    """Mark a view with its need."""

    def marked(view: View) -> View:
        view.need = need  # type: ignore[attr-defined] # `authorize` reads it
        return view

    return marked

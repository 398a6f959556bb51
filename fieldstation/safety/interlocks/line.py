"""A relay line does not read back as it was driven."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """No water on lines that do not obey."""
    return No(Code.LINE_FAULT, latch_pump=True, at_once=True) if view.line_fault else None

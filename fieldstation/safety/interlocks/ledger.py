"""No record, no water."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """No water, manual included, while the ledger cannot be read or written."""
    return None if view.ledger_ok else No(Code.LEDGER)

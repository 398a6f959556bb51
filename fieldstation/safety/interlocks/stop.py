"""STOP is latched, or the stop button is pressed or cut off."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """No water while a STOP stands. A button that cannot be read counts as pressed, without latching."""
    if view.memory.stopped_by is not None:
        return No(Code.STOPPED, at_once=True)
    if view.settings.stop_button is not None and view.inputs.stop_button is not False:
        return No(Code.STOP_BUTTON, at_once=True)
    return None

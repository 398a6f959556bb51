"""The tank is low, or its float is silent."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """No pumping from an empty tank. A cut wire reads as empty; a float that does not answer is stale."""
    if view.pump.tank_float is None:
        return None
    if view.pump_inputs.tank_ok is None:
        return No(Code.STALE_INPUT)
    return None if view.pump_inputs.tank_ok else No(Code.TANK_LOW)

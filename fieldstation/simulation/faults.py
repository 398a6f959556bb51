"""What can go wrong in the simulated field: the one list, used live and in `simulate`."""

from __future__ import annotations

from enum import StrEnum

from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.station import Station


class Fault(StrEnum):
    """Names of faults, and what each one's target is."""

    UNPLUG = "unplug"  # a sensor, float, flow meter or stop button: its wire is pulled
    STUCK = "stuck"  # a sensor: it repeats itself; a rain gauge's bucket is jammed
    DRAIN_TANK = "drain_tank"  # a pump: its tank is empty and stays so
    BLOCK_VALVE = "block_valve"  # a zone: its valve opens, no water comes
    WELD_RELAY = "weld_relay"  # a line such as pump:main: its contact stays closed
    BURST_PIPE = "burst_pipe"  # a pump: its pipe is open to the ditch
    DEAD_FLOW_METER = "dead_flow_meter"  # a pump: no pulses any more
    RAIN_NOW = "rain_now"  # no target: 15 mm in the next hour
    JUMP_CLOCK = "jump_clock"  # no target: the wall clock is set (`simulate` only)


def targets(station: Station, fault: Fault) -> list[str]:
    """What this fault may befall at this station; empty when it needs no target."""
    if fault in (Fault.UNPLUG, Fault.STUCK):
        devices = station.sensors
        if fault is Fault.UNPLUG:
            devices += [pump.tank_float for pump in station.pumps if pump.tank_float is not None]
            devices += [pump.flow.meter for pump in station.pumps if pump.flow is not None]
            devices += [station.guard.stop_button] if station.guard.stop_button is not None else []
        return [device.id for device in devices]
    if fault in (Fault.DRAIN_TANK, Fault.BURST_PIPE, Fault.DEAD_FLOW_METER):
        return [pump.id for pump in station.pumps]
    if fault is Fault.BLOCK_VALVE:
        return [zone.id for zone in station.zones]
    if fault is Fault.WELD_RELAY:
        return [f"pump:{p.id}" for p in station.pumps] + [f"valve:{z.id}" for z in station.zones]
    return []


def checked(station: Station, name: str, target: str | None) -> tuple[Fault, str | None]:
    """The fault and its target, the first possible one when none is named. Raises ConfigError."""
    try:
        fault = Fault(name)
    except ValueError:
        names = ", ".join(fault.value for fault in Fault)
        raise ConfigError([Problem("fault", f"{name!r} is not known", f"choose one of: {names}")]) from None
    possible = targets(station, fault)
    if not possible:
        return fault, None
    if target is None:
        return fault, possible[0]
    if target not in possible:
        raise ConfigError([Problem(f"fault {name}", f"no {target!r} here", f"choose: {', '.join(possible)}")])
    return fault, target

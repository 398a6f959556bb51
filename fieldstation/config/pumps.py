"""Pumps: what their file's section says, and what must fit together in it."""

from __future__ import annotations

from itertools import pairwise

from fieldstation.config.devices import Devices
from fieldstation.config.draft import Draft, Table
from fieldstation.config.sections import LIMITS, PUMP
from fieldstation.domain.station import Device, Flow, Limits, Pump

SHORT_RUN_S = 900.0  # without a flow meter nobody sees a dry pump or a burst: runs stay short
FLOOD = "without limits water may flood a field: "


def read_pump(draft: Draft, devices: Devices, id: str, table: Table) -> Pump | None:
    """One pump; None once the file has any problem."""
    section = f"pump.{id}"
    skip = (Flow,) if table.get("no_flow_meter") is True else ()
    own, absent, flow = draft.read(section, table, PUMP, skip=skip)
    relay = devices.read(section, "relay", f"pump:{id}", table.get("relay"), role="relay")
    (limits,) = draft.read(f"{section}.limits", table.get("limits"), LIMITS, why=FLOOD)
    meter = _unless_absent(draft, devices, id, table, "flow_meter", absent)
    tank = _unless_absent(draft, devices, id, table, "tank_float", absent)
    _rising(draft, section, {**own, **flow})
    longest_s = limits.get("longest_run_s", 0.0)
    if absent.get("no_flow_meter") and longest_s > SHORT_RUN_S:
        what = f"is {longest_s:g} without a flow meter"
        do = f"give at most {SHORT_RUN_S:g}: nobody would see a dry pump"
        draft.problem(f"{section}.limits", "longest_run_s", what, do)
    if draft.problems or relay is None:
        return None
    made = Flow(meter=meter, **flow) if meter else None
    return Pump(id=id, relay=relay, limits=Limits(**limits), flow=made, tank_float=tank, **own)


def _rising(draft: Draft, section: str, said: Table) -> None:
    flows = [said.get(key) for key in ("leak_lpm", "min_lpm", "nominal_lpm", "max_lpm")]
    flows[0] = flows[0] or 1.0 if "min_lpm" in said else None
    known = [flow for flow in flows if flow is not None]
    if any(low >= high for low, high in pairwise(known)):
        shown = ", ".join("unknown" if flow is None else f"{flow:g}" for flow in flows)
        draft.problem(
            section, "min_lpm", f"leak, min, nominal, max are {shown}", "they must rise in that order"
        )


def _unless_absent(
    draft: Draft, devices: Devices, id: str, table: Table, key: str, absent: Table
) -> Device | None:
    """A device, unless the file says that there is none."""
    if absent.get(f"no_{key}"):
        if key in table:
            draft.problem(f"pump.{id}", f"no_{key}", f"is true, yet there is a {key}", "keep one of the two")
        return None
    if key not in table:
        do = f"or say no_{key} = true"
        if key == "flow_meter":
            do += f", with longest_run_s of at most {SHORT_RUN_S:g}"
        draft.problem(f"pump.{id}", key, "is missing", f"add {key} = {devices.example(key)}, {do}")
        return None
    return devices.read(f"pump.{id}", key, f"{id}_{key}", table[key], role=key)

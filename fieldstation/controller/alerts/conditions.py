"""What is wrong at this moment, derived afresh from what is known."""

from __future__ import annotations

from collections.abc import Iterator

from fieldstation.controller.core import CUT_SHORT, Core
from fieldstation.domain.alert import AlertCode
from fieldstation.domain.decision import Rung, Value
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.run import Code

AIR_STALE_S = 3600.0
MOST_STARTS = 3
STARTS_WITHIN_S = 3600.0

Found = tuple[AlertCode, str | None, dict[str, Value]]

_BY_GUARD = frozenset(
    {AlertCode.STOP_LATCHED, AlertCode.LATCHED, AlertCode.LEDGER, AlertCode.TANK_LOW, AlertCode.DEVICE_BAD}
)
_BY_SENSORS = frozenset({AlertCode.SENSOR_BAD, AlertCode.NO_GOOD_PROBE, AlertCode.AIR_UNKNOWN})
_BY_PLAN = frozenset({AlertCode.PLANNER_FAILED, AlertCode.WATER_REFUSED, AlertCode.HOLDING})


class AlertConditions:
    """Looks at the core; what the core cannot see itself is `set`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._begun_s = core.clock.mono_s()
        self.starts = 1  # of the controller in the last hour, this one too
        self._standing: dict[AlertCode, dict[str, Value]] = {}

    def set(self, code: AlertCode, values: dict[str, Value] | None) -> None:
        """Raise (values) or clear (None) a cause that the core cannot see itself."""
        if values is None:
            self._standing.pop(code, None)
        else:
            self._standing[code] = values

    def found(self) -> Iterator[Found]:
        """Every cause there is now; one may come twice."""
        for code, values in self._standing.items():
            yield code, None, values
        if self.starts > MOST_STARTS and self._core.clock.mono_s() - self._begun_s < STARTS_WITHIN_S:
            yield AlertCode.RESTARTED_OFTEN, None, {"times": float(self.starts)}
        yield from self._guard()
        yield from self._sensors()
        if not self._core.clock.trusted():
            yield AlertCode.CLOCK_UNTRUSTED, None, {}
        report = self._core.report
        if report is not None and report.failure:
            yield AlertCode.PLANNER_FAILED, None, {"code": report.failure, "detail": report.detail}
        for zone in self._core.station.zones:
            refusal = self._core.watering.refusals.get(zone.id)
            if refusal is not None and refusal.code.value not in self._reported_by_guard():
                yield AlertCode.WATER_REFUSED, zone.id, {"code": refusal.code.value}
            run = self._core.last_runs.get(zone.id)
            stopped = run is not None and run.stop_reason is Code.STOPPED
            if (
                run is not None
                and run.stop_reason in CUT_SHORT
                and not (stopped and Code.STOPPED.value in self._reported_by_guard())
            ):
                yield AlertCode.RUN_CUT, zone.id, {"code": run.stop_reason.value, "litres": run.litres}
            decision = self._core.decisions.get(zone.id)
            if decision is not None and decision.rung is Rung.HOLD:
                yield AlertCode.HOLDING, zone.id, {"reason": decision.reason.value}

    def surely_gone(self, code: AlertCode, *, inherited: bool) -> bool:
        """Whether a cause that is not found is gone, rather than unknown for now.

        `inherited`: known from before a restart only, so that whoever tells of it may not have spoken yet.
        """
        if code in _BY_GUARD:
            return self._core.watering.status is not None
        if inherited and code in _BY_SENSORS:
            return bool(self._core.sensing.newest)
        if inherited and code in _BY_PLAN:
            return self._core.report is not None
        return True

    def _reported_by_guard(self) -> frozenset[str]:
        """The guard's reasons that stand as alerts of their own: what they refuse is no second cause."""
        status = self._core.watering.status
        if status is None:
            return frozenset()
        latched = {latch.code.value for latch in status.latches}
        if status.stop_latched:
            latched.add(Code.STOPPED.value)
        if not status.ledger_ok:
            latched.add(Code.LEDGER.value)
        if any(pump.tank_ok is False for pump in status.inputs.values()):
            latched.add(Code.TANK_LOW.value)
        return frozenset(latched)

    def _guard(self) -> Iterator[Found]:
        status, silent = self._core.watering.status, self._core.watering.silent
        if status is None:
            yield AlertCode.GUARD_SILENT, None, {"detail": silent} if silent else {}
            return
        if status.stop_latched:
            yield AlertCode.STOP_LATCHED, None, {"by": status.latched_by}
        if not status.ledger_ok:
            yield AlertCode.LEDGER, None, {"detail": status.ledger_detail} if status.ledger_detail else {}
        for device, why in status.faults.items():
            yield AlertCode.DEVICE_BAD, None, {"device": device, "detail": why}
        for latch in status.latches:
            yield AlertCode.LATCHED, latch.zone, {"code": latch.code.value, "pump": latch.pump}
        for name, pump in status.inputs.items():
            if pump.tank_ok is False:
                yield AlertCode.TANK_LOW, None, {"pump": name}

    def _sensors(self) -> Iterator[Found]:
        newest = self._core.sensing.newest
        for broken in self._core.station.broken:
            dead: dict[str, Value] = {"sensor": broken.id, "quality": Quality.NO_ANSWER.value}
            yield AlertCode.SENSOR_BAD, None, dead | {"detail": broken.cause}
        for (sensor, _), reading in newest.items():
            if reading.quality is not Quality.GOOD:
                bad: dict[str, Value] = {"sensor": sensor, "quality": reading.quality.value}
                yield AlertCode.SENSOR_BAD, None, bad | ({"detail": reading.detail} if reading.detail else {})
        for zone in self._core.station.zones:
            readings = [newest.get((p.device.id, Quantity.SOIL_WATER)) for p in zone.probes]
            if readings and all(r is not None and not r.good for r in readings):
                yield AlertCode.NO_GOOD_PROBE, zone.id, {}
        air = self._core.station.air
        if air is not None:
            good = self._core.sensing.newest_good.get((air.id, Quantity.AIR_T))
            if newest and (good is None or self._core.clock.mono_s() - good.mono_s > AIR_STALE_S):
                yield AlertCode.AIR_UNKNOWN, None, {}

"""The controller's side of learning: start the child, register what it made, say who is in charge.

The child proposes; this alone writes. No state here touches water: a champion changes what
is forecast, and the guard's limits and the ladder stand above every forecast.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from fieldstation.controller.commands.harvest import HarvestWrong, harvest_of
from fieldstation.controller.jobs.child import Child, command
from fieldstation.domain.clock import Clock
from fieldstation.domain.decision import Value
from fieldstation.domain.errors import cause
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.learned import (
    Calibration,
    LearnReport,
    ModelState,
    OwnModel,
    Planting,
    ZoneLearned,
    in_charge,
    in_shadow,
    planting_of,
)
from fieldstation.domain.people import named
from fieldstation.domain.station import Station
from fieldstation.learning.calibration import FLOW_FROM, FLOW_TO, USE_FROM, USE_TO
from fieldstation.store.codec import decode
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError, Trouble
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

DEADLINE_S = 900.0
SURE_ENOUGH = {"mm_per_minute": 0.5, "crop_use": 0.3}
"""The kinds that are used, and how sure they must be. The others are told, not used (decision 0018)."""
_VERSION = re.compile(r"own-[0-9a-f]{8}")
_ACTIVE = (ModelState.SHADOW, ModelState.CHAMPION)


class RecordEvent(Protocol):
    """Record an event."""

    def __call__(self, what: str, zone: str | None = None, **values: float | str | None) -> None:
        """`what` is its code."""


class Learning:
    """At most one learning child at a time; the versions as they stand on record."""

    def __init__(
        self,
        station: Station,
        places: Places,
        config: Path,
        clock: Clock,
        record: Record,
        record_event: RecordEvent,
    ) -> None:
        self._station = station
        self._places = places
        self._clock = clock
        self._record = record
        self._record_event = record_event
        self._child = Child(command("learn", config, places.data, places.sockets), DEADLINE_S, clock)
        self.models: list[OwnModel] = []
        self.newest: LearnReport | None = None  # the newest run, failed or not
        self.found: LearnReport | None = None  # the newest one that did not fail
        self._plantings: list[Planting] = []
        self.trouble: tuple[str, str] | None = None  # code and detail of what stands in the way

    @property
    def running(self) -> bool:
        """Whether a child is at work."""
        return self._child.running

    def begin(self) -> None:
        """Take over what is on record, and keep what is told of today's plantings."""
        self.trouble = None
        try:
            with Reader(self._record.path) as reader:
                self.models = reader.models()
                self.newest, self.found = reader.learning(), reader.learning(whole=True)
            for zone in self._station.zones:
                self._record.add_planting(planting_of(zone))
            with Reader(self._record.path) as reader:
                self._plantings = reader.plantings()
        except RecordError as error:
            self._failed(error.code.value, str(error))
        if self.newest is not None and self.newest.failure is not None:
            self.trouble = (self.newest.failure, self.newest.detail)

    def start(self) -> None:
        """Start a child unless one is at work; flush the record first."""
        self._child.start()

    def poll(self) -> LearnReport | None:
        """What a child found, once registered; None while it works or when there is none."""
        outcome = self._child.poll()
        if outcome is None:
            return None
        if outcome.trouble is not None:
            return self.register(self._failure(f"learning_{outcome.trouble}", outcome.detail))
        try:
            report = decode(LearnReport, outcome.text.decode())
            self._check(report)
        except (ValueError, ArithmeticError) as error:
            return self.register(self._failure("learning_garbage", str(error)))
        return self.register(report)

    def register(self, report: LearnReport) -> LearnReport:
        """Register what a run found; on a full disk nothing changes, and that is said."""
        changed = [] if report.failure else self._changes(report)
        try:
            self._record.add_learning(report, changed)
        except RecordError as error:
            self._failed(error.code.value, str(error))
            return report
        self.newest = report
        self._stand(changed)
        if report.failure:
            self._failed(report.failure, report.detail)
            return report
        self.found, self.trouble = report, None
        self._record_event("learned", windows=report.windows, cpu_s=report.cpu_s)
        return report

    def retire_unusable(self, report: PlannerReport) -> None:
        """A planner could not use the files of a version: it is out, and a person should know."""
        codes = {refused.version: refused for refused in report.refused}
        changed = [
            replace(model, state=ModelState.DAMAGED, why=codes[model.version].code)
            for model in self.models
            if model.state in _ACTIVE and model.version in codes
        ]
        if not changed:
            return
        first = codes[changed[0].version]
        self.trouble = (f"own_{first.code}", first.detail)
        self._write(changed)

    def roll_back(self) -> Message:
        """Take the model in charge out, by hand: the one before it returns, else the shipped one."""
        champion = in_charge(self.models) or in_shadow(self.models)
        if champion is None:
            return {"rolled_back": None, "in_charge": "base"}
        changed = [replace(champion, state=ModelState.ROLLED_BACK, why="by_hand")]
        before = None
        if champion.state is ModelState.CHAMPION:
            before = next(
                (
                    model
                    for model in self.models
                    if model.state is ModelState.REPLACED and (self._places.models / model.version).is_dir()
                ),
                None,
            )
        if before is not None:
            changed.append(replace(before, state=ModelState.CHAMPION, why="by_hand"))
        if not self._write(changed):
            return {
                "error": f"not rolled back: {self.trouble[1] if self.trouble else 'the record did not take it'}"
            }
        return {"rolled_back": champion.version, "in_charge": before.version if before else "base"}

    def harvest(self, message: Message) -> Message:
        """Keep a harvest that a person tells, with a line in the audit log where it says `by` whom.

        An answer with `error` says what to mend, with `refused` and `values` the same as a code.
        """
        try:
            harvest = harvest_of(message, self._station, self._plantings, self._clock.now())
        except HarvestWrong as wrong:
            return {"error": str(wrong), "refused": wrong.code, "values": wrong.values}
        try:
            with self._record.together():
                self._record.add_harvest(harvest)
                if message.get("by") is not None:
                    details: dict[str, Value] = {"on": harvest.on.isoformat(), "t_ha": harvest.t_ha}
                    self._record.add_audit(named(message["by"]), "harvest", harvest.zone, details)
        except RecordError as error:
            return {
                "error": f"not kept: {error}",
                "refused": "disk_full" if error.code is Trouble.DISK_FULL else "record_failed",
                "values": {"detail": str(error)},
            }
        except ValueError:
            return {"error": "by: nobody is named", "refused": "nobody_asks", "values": {}}
        self._record_event("harvest_entered", harvest.zone, on=harvest.on.isoformat(), t_ha=harvest.t_ha)
        return {
            "kept": True,
            "zone": harvest.zone,
            "on": harvest.on.isoformat(),
            "t_ha_dry": round(harvest.t_ha, 4),
        }

    def of_zone(self, zone: str) -> ZoneLearned:
        """What may be used for a zone: figures that are sure enough, and within their span for today's pump."""
        here = self._station.zone(zone)
        flow, use = self._calibration(zone, "mm_per_minute"), self._calibration(zone, "crop_use")
        told_lpm = 0.0 if flow is None or flow.value is None else flow.value * here.area_m2
        of_nominal = told_lpm / self._station.pump(here.pump).nominal_lpm
        crop_use = 1.0
        if use is not None and use.value is not None and USE_FROM <= use.value <= USE_TO:
            crop_use = 1 + min(1.0, use.sure_frac) * (use.value - 1)
        return ZoneLearned(told_lpm if FLOW_FROM <= of_nominal <= FLOW_TO else None, crop_use)

    def close(self) -> None:
        """End a child that is still at work: its half-written files stay aside and are swept later."""
        self._child.close()

    def _calibration(self, zone: str, kind: str) -> Calibration | None:
        found = self.found.calibrations if self.found is not None else ()
        return next(
            (
                c
                for c in found
                if c.zone == zone and c.kind == kind and c.credible and c.sure_frac >= SURE_ENOUGH[kind]
            ),
            None,
        )

    def _changes(self, report: LearnReport) -> list[OwnModel]:
        """How versions stand after a report. Only a shadow can come to charge, only by its later days."""
        standing = {model.version: model for model in self.models if model.state in _ACTIVE}
        changed = {
            judged.version: replace(
                standing[judged.version], state=judged.state, why=judged.why, later=judged.score
            )
            for judged in report.judged
            if judged.version in standing
        }
        champion = in_charge(self.models)
        if champion is not None and any(
            model.state is ModelState.CHAMPION and model.version != champion.version
            for model in changed.values()
        ):
            last = changed.pop(champion.version, champion)
            if last.state is ModelState.CHAMPION:
                last = replace(last, state=ModelState.REPLACED, why="replaced")
            changed = {last.version: last, **changed}
        if report.fitted is not None and in_shadow(self.models) is None:
            changed[report.fitted.version] = report.fitted
        return list(changed.values())

    def _check(self, report: LearnReport) -> None:
        """Raise ValueError for a report that cannot be of this station's child."""
        known = {zone.id for zone in self._station.zones}
        zones = {found.zone for found in report.calibrations} | {found.zone for found in report.yields}
        if zones - known:
            raise ValueError(f"unknown zone {min(zones - known)!r}")
        fitted = report.fitted
        if fitted is None:
            return
        if not _VERSION.fullmatch(fitted.version) or fitted.state not in (
            ModelState.SHADOW,
            ModelState.REFUSED,
        ):
            raise ValueError(f"a new version cannot be {fitted.version!r} in state {fitted.state.value}")
        if fitted.state is ModelState.SHADOW and not (self._places.models / fitted.version).is_dir():
            raise ValueError(f"{fitted.version} has no files")

    def _write(self, changed: Sequence[OwnModel]) -> bool:
        try:
            self._record.add_learning(None, list(changed))
        except RecordError as error:
            self._failed(error.code.value, str(error))
            return False
        self._stand(changed)
        return True

    def _stand(self, changed: Sequence[OwnModel]) -> None:
        names = {model.version for model in changed}
        before = {model.version: model.state for model in self.models}
        self.models = [*reversed(changed), *(model for model in self.models if model.version not in names)]
        for model in changed:
            if before.get(model.version) is not model.state:
                self._record_event(f"model_{model.state.value}", version=model.version, why=model.why)

    def _failure(self, code: str, detail: str) -> LearnReport:
        return LearnReport(self._clock.now(), code, cause(detail), 0, 0, None, (), (), (), 0.0, 0.0)

    def _failed(self, code: str, detail: str) -> None:
        self.trouble = (code, detail)
        self._record_event("learning_failed", code=code, detail=detail)

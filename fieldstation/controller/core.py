"""The controller without its process: samples in, decisions and runs out, on an injected clock.

`controller.main` drives it with the real clock and the record; `season` with a virtual
clock. Neither adds a rule of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from fieldstation.agronomy.application import depth_of_litres_mm
from fieldstation.controller.days import DailyHistory
from fieldstation.controller.guard_door import Air, Guard, GuardDoor
from fieldstation.controller.sensing.readings import Sensing
from fieldstation.controller.watering.manual import LEAST_S, ByHand, Hand
from fieldstation.controller.watering.runs import POLL_IDLE_S, Watering
from fieldstation.domain.adjustment import UNASKED, Adjustment, Adjustments, adjustments_of
from fieldstation.domain.clock import Clock
from fieldstation.domain.decision import Decision, Event, Reason
from fieldstation.domain.forecast import PlannerReport, ZoneForecast
from fieldstation.domain.learned import ZoneLearned
from fieldstation.domain.reading import Quantity, Reading, Sample
from fieldstation.domain.run import Code, Run
from fieldstation.domain.settings import Settings, SettingValue
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.zone import HandState, Refusal
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.ladder import decide
from fieldstation.policies.window import within

CUT_SHORT = frozenset(Code) - {Code.DONE, Code.ENDED, Code.LONGEST_RUN}
"""Ends of a run that a person should hear of."""
BY_STOP = frozenset({Code.STOPPED, Code.STOP_BUTTON})
WATERED_FRAC = 0.5
"""A run that STOP cut before half of its time is no watering that a zone rests after. One that a fault cut is: it is
not tried again at once."""


class Recorder(Protocol):
    """What the core needs of the record; each call returns at once and never raises."""

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        """Keep one sampling round."""

    def add_decision(self, decision: Decision) -> bool:
        """Whether the decision is durably kept."""

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        """Settings that changed by themselves, with the decision that used them; what stands now, None if not kept."""

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Keep a run and its gross depth."""

    def add_event(self, event: Event) -> None:
        """Keep an event."""


class Core:
    """One station's knowledge and will."""

    def __init__(
        self,
        station: Station,
        clock: Clock,
        guard: Guard | GuardDoor,
        record: Recorder,
        zone_info: tzinfo,
        poll_idle_s: float = POLL_IDLE_S,
    ) -> None:
        self.station = station
        self.clock = clock
        self.record = record
        self.zone_info = zone_info
        self.sensing = Sensing(station)
        self.daily_history = DailyHistory(station, zone_info)
        self.watering = Watering(
            station, clock, guard, self.air_for_guard, self._on_run, self._on_refusal, poll_idle_s
        )
        self.watering.quiet = self._quiet
        self.watering.resumed = self._resumed
        self.by_hand = ByHand(station, clock, self.watering, self.room_mm, self._on_hand)
        self.wants_plan = False  # a request of a person's is best answered by a fresh forecast
        self.decisions: dict[str, Decision] = {}
        self.unkept: set[str] = set()  # zones whose newest decision the record did not take
        self.last_runs: dict[str, Run] = {}
        self._watered_at: dict[str, datetime] = {}  # ends of runs that a zone may rest after
        self.learned: dict[str, ZoneLearned] = {}
        self.settings = Settings()
        self.report: PlannerReport | None = None
        self.planned_at: datetime | None = None  # last report that carried forecasts
        self._given: dict[str, list[tuple[datetime, float]]] = {zone.id: [] for zone in station.zones}

    def take_round(self, samples: Iterable[Sample]) -> list[Reading]:
        """One sampling round: judge, remember, record."""
        readings = self.sensing.judge(samples)
        self.daily_history.add(readings)
        self.record.add_round(readings, self.clock.now(), self.clock.mono_s(), trusted=self.clock.trusted())
        return readings

    def decide(self, report: PlannerReport) -> list[Decision]:
        """Decide for every zone, record, and only then let a decision ask for water."""
        self.report = report
        if report.zones:
            self.planned_at = report.at
        self._end_pauses()
        self.watering.poll()  # a STOP of before takes back only what was decided before
        decisions = self.consider(report)
        for decision in decisions:
            self._record_decision(decision)
        return decisions

    def consider(self, report: PlannerReport) -> list[Decision]:
        """What would be decided now for every zone; nothing is kept or asked."""
        now = self.clock.now()
        forecasts = {forecast.zone: forecast for forecast in report.zones}
        return [
            decide(self._facts(zone, forecasts.get(zone.id), report.failure, now))
            for zone in self.station.zones
        ]

    def tick(self) -> None:
        """Keep water flowing that should, ask for what is due. Call at least every second."""
        self.watering.tick()
        self.by_hand.tick()

    def adjustments(self, zone: str) -> Adjustments:
        """What people ask of a zone."""
        return adjustments_of(self.settings, zone) if self.settings.stored else UNASKED

    def apply_settings(self, settings: Settings) -> None:
        """Settings as they stand now. What waits was decided under the requests of before: it never starts."""
        before, self.settings = self.settings, settings
        for zone in self.station.zones:
            old, new = adjustments_of(before, zone.id), adjustments_of(settings, zone.id)
            if old != new:
                self._adjusted(zone, old, new)

    def room_mm(self, zone_id: str) -> float:
        """Gross depth that the zone's day has left, by its own limit and by what people asked for below it."""
        zone, cap_mm = self.station.zone(zone_id), self.adjustments(zone_id).day_cap_mm
        most_mm = zone.max_depth_mm_per_day if cap_mm is None else min(zone.max_depth_mm_per_day, cap_mm)
        return most_mm - self.given_mm(zone_id, self.clock.now() - timedelta(hours=24))

    def given_mm(self, zone: str, since: datetime) -> float:
        """Gross depth delivered to a zone since an instant."""
        return sum(depth for at, depth in self._given[zone] if at > since)

    def remember_run(self, run: Run, planned_s: float | None = None) -> float:
        """Count a run, new or read back from the record; its gross depth in mm. `planned_s`: how long it was to be."""
        zone = self.station.zone(run.zone)
        depth_mm = depth_of_litres_mm(run.litres, zone.area_m2)
        known = self.last_runs.get(run.zone)
        if known is None or known.ended_at <= run.ended_at:
            self.last_runs[run.zone] = run
        # a relay test, or what people took back before it was half given: its litres count, but no crop was watered by it
        stopped = run.stop_reason in BY_STOP and planned_s is not None and run.on_s < WATERED_FRAC * planned_s
        if not stopped and (run.origin != "manual" or run.on_s >= LEAST_S):
            before = self._watered_at.get(run.zone, run.ended_at)
            self._watered_at[run.zone] = max(before, run.ended_at)
        self._given[run.zone].append((run.ended_at, depth_mm))
        del self._given[run.zone][:-200]
        return depth_mm

    def _adjusted(self, zone: Zone, old: Adjustments, new: Adjustments) -> None:
        waited = self.watering.wants(zone.id) is not None
        self.watering.drop(zone.id)
        now, trusted = self.clock.now(), self.clock.trusted()
        today = self.daily_history.local_day(now)
        held = new.held(today, trusted=trusted)
        if self.report is not None and (held or (waited and new.skipping(now))):
            forecasts = {forecast.zone: forecast for forecast in self.report.zones}
            self._record_decision(decide(self._facts(zone, forecasts.get(zone.id), self.report.failure, now)))
        elif waited or old.held(today, trusted=trusted) or (self._skipped(zone.id) and not new.skipping(now)):
            self.wants_plan = True

    def _skipped(self, zone: str) -> bool:
        standing = self.decisions.get(zone)
        return standing is not None and standing.reason is Reason.SKIPPED

    def _record_decision(self, decision: Decision) -> None:
        """Record a decision, and only then let it ask for water. The skip that it used is used up with it."""
        self.decisions[decision.zone] = decision
        if decision.reason is Reason.SKIPPED and self.adjustments(decision.zone).skip_next:
            kept = self._use_skip(decision)
        else:
            kept = self.record.add_decision(decision)
        if kept:
            self.unkept.discard(decision.zone)
            self.watering.accept(decision)
        else:  # what it replaces must not water in its stead
            self.unkept.add(decision.zone)
            self.watering.drop(decision.zone)

    def _use_skip(self, decision: Decision) -> bool:
        by = self.adjustments(decision.zone).by("skip_next") or ""
        details = {"by": by, "would_mm": decision.values.get("would_mm")}
        values: dict[str, SettingValue] = {"skip_next": False, "skipped_at": decision.at.isoformat()}
        settings = self.record.adjust(
            Adjustment(decision.zone, "skip_used", by, values, details, "station"), decision
        )
        self.settings = settings or self.settings
        return settings is not None

    def _end_pauses(self) -> None:
        """A pause that is over is forgotten, or a clock that fails later would bring it back."""
        today, trusted = self.daily_history.local_day(self.clock.now()), self.clock.trusted()
        for zone in self.station.zones:
            adjustments = self.adjustments(zone.id)
            if adjustments.pause_over(today, trusted=trusted):
                by = adjustments.by("pause_until") or ""
                over = Adjustment(zone.id, "pause_ended", by, {"pause_until": None}, {"by": by}, "station")
                self.settings = self.record.adjust(over) or self.settings

    def _quiet(self, zone: str) -> bool:
        hours = self.adjustments(zone).quiet
        return hours is not None and within(self.clock.now().astimezone(self.zone_info).time(), *hours)

    def _facts(
        self, zone: Zone, forecast: ZoneForecast | None, missing: str | None, now: datetime
    ) -> ZoneFacts:
        return ZoneFacts(
            zone=zone,
            latitude_deg=self.station.latitude_deg,
            timezone=self.zone_info,
            at=now,
            clock_trusted=self.clock.trusted(),
            decision_id=str(uuid.uuid4()),
            days=self.daily_history.days(zone.id, now),
            today=self.daily_history.today(zone.id, now),
            probes=self._probes(zone),
            forecast=forecast,
            forecast_missing=None if forecast else missing or "no_forecast",
            last_run_ended_at=self._watered_at.get(zone.id),
            given_last_24h_mm=self.given_mm(zone.id, now - timedelta(hours=24)),
            nominal_lpm=self.station.pump(zone.pump).nominal_lpm,
            plan_interval_s=86400.0 / max(1, len(self.station.cadence.plan_at)),
            learned=self.learned.get(zone.id, ZoneLearned()),
            adjustments=self.adjustments(zone.id),
        )

    def _probes(self, zone: Zone) -> tuple[tuple[float, Reading, float], ...]:
        found, now_s = [], self.clock.mono_s()
        for probe in zone.probes:
            reading = self.sensing.newest.get((probe.device.id, Quantity.SOIL_WATER))
            if reading is not None:
                found.append((probe.depth_m, reading, now_s - reading.mono_s))
        return tuple(found)

    def air_for_guard(self) -> Air:
        """Air temperature in C and its age in s; None while unknown.

        The colder of the raw and the calibrated value.

        An offset set on the page must not lift the frost limit of `station.toml`.
        """
        if self.station.air is None:
            return None, None
        reading = self.sensing.newest_good.get((self.station.air.id, Quantity.AIR_T))
        if reading is None:
            return None, None
        cold_c = min(value for value in (reading.value, reading.raw) if value is not None)
        return cold_c, self.clock.mono_s() - reading.mono_s

    def _on_run(self, run: Run) -> None:
        if run.zone not in {zone.id for zone in self.station.zones}:
            return  # a zone taken out of station.toml since
        depth_mm = self.remember_run(run, self.watering.planned_s(run.id))
        self.daily_history.credit(run.zone, run.ended_at, depth_mm)
        self.record.add_run(run, depth_mm)
        if self.by_hand.closed(run) or self.watering.wants(run.zone):
            self.watering.drop(run.zone)  # what waits for this zone does not know of the water
            self.wants_plan = True
        if run.stop_reason in CUT_SHORT:
            self.record_event("run_cut", run.zone, code=run.stop_reason.value, litres=run.litres)

    def _resumed(self) -> None:
        """What STOP took back is not given late: it is decided anew, now."""
        self.wants_plan = True

    def _on_hand(self, hand: Hand) -> None:
        if hand.state is not HandState.ENDED:  # a run that ended is on record
            self.record_event(
                f"water_now_{hand.state.value}", hand.zone, by=hand.by, code=hand.code, run=hand.run_id
            )

    def _on_refusal(self, zone: str, refusal: Refusal) -> None:
        self.record_event("water_refused", zone, code=refusal.code.value)

    def record_event(self, what: str, zone: str | None, **values: float | str | None) -> None:
        """Keep an event of now."""
        self.record.add_event(Event(what, self.clock.now(), self.clock.trusted(), zone, dict(values)))

"""The controller's process: one loop that owns all state, and the things it waits for.

Threads and children (sensors, APScheduler, the planner) only hand in results; the loop
alone changes anything. Water stops without it: the guard's lease runs out.
"""

from __future__ import annotations

import queue
import shutil
import signal
import time
import uuid
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation import log
from fieldstation.binding import plain
from fieldstation.controller import setup_code
from fieldstation.controller.alerts.lifecycle import Alerts
from fieldstation.controller.alerts.notifier import Notifier
from fieldstation.controller.commands.calibration import use_calibrations
from fieldstation.controller.commands.context import CommandContext
from fieldstation.controller.commands.registry import COMMANDS
from fieldstation.controller.commands.registry import answer as answer_request
from fieldstation.controller.core import Core
from fieldstation.controller.jobs.child import Child, command
from fieldstation.controller.jobs.housekeeping import Housekeeping
from fieldstation.controller.jobs.learning import Learning
from fieldstation.controller.jobs.planning import Planning
from fieldstation.controller.jobs.schedule import Due, Jobs
from fieldstation.controller.recording import Recording
from fieldstation.controller.restore import restore_alerts, restore_state
from fieldstation.controller.sensing.devices import attach
from fieldstation.controller.sensing.poll import Sensors
from fieldstation.controller.sensing.watch import Watching
from fieldstation.controller.status.learning import learning_status
from fieldstation.controller.status.snapshot import ProcessStatus, snapshot
from fieldstation.controller.watering.relay_test import RelayTest
from fieldstation.domain.alert import AlertCode
from fieldstation.domain.decision import Event
from fieldstation.domain.station import Station
from fieldstation.domain.status.station import StationStatus, StorageStatus
from fieldstation.store.record import Record, RecordError, Trouble
from fieldstation.store.upkeep.migrate import migrate_in_child
from fieldstation.wire.client import call
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.ending import end_signals
from fieldstation.wire.line import Message
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places
from fieldstation.wire.serve import Server
from fieldstation.wire.unix import listen

LOOP_S = 0.25
GUARD_DEADLINE_S = 1.0
NOTIFY_DEADLINE_S = 120.0
RECORD_AGAIN_S = 15.0
SENSOR_DEADLINE_S = 9.0  # a DHT may need three tries, 2.1 s apart


class Controller:
    """Everything the loop owns."""

    def __init__(self, station: Station, places: Places, config: Path, record: Record, boot_id: str) -> None:
        self.station = station
        self.clock = SystemClock()
        self.recording = Recording(record)
        self.core = Core(
            station,
            self.clock,
            lambda message: call(places.guard_socket, message, GUARD_DEADLINE_S),
            self.recording,
            ZoneInfo(station.timezone),
        )
        self._record = record
        self.alerts = Alerts(self.core, record)
        self.due: queue.SimpleQueue[Due] = queue.SimpleQueue()
        self.jobs = Jobs(station, self.clock, self.due)
        self.planning = Planning(station, places, config, self.clock)
        self.housekeeping = Housekeeping(record, ZoneInfo(station.timezone), station.cadence.raw_days)
        self.learning = Learning(station, places, config, self.clock, record, self._record_event)
        self.notice: str | None = None
        self._record_path = places.record
        self.sensors = Sensors(self.clock, SENSOR_DEADLINE_S)
        attach(self.sensors, station, places, self.clock)
        self.watching = Watching(self.sensors, self.clock)
        self.relay_test = RelayTest(
            lambda message: call(places.guard_socket, message, GUARD_DEADLINE_S),
            self.clock,
            self.core.air_for_guard,
        )
        self.notifier = Notifier(
            record,
            self.clock,
            Child(command("notify", config, places.data, places.sockets), NOTIFY_DEADLINE_S, self.clock),
            lambda: self.core.settings,
        )
        self._context = CommandContext(
            self.core,
            record,
            self.recording,
            self.watching,
            self.relay_test,
            self.alerts,
            places.setup_code,
            self.notifier,
            self._begin_anew,
        )
        self._models, self._wiped = places.models, False
        self.boot_id = boot_id
        self._beat_s = self.clock.mono_s()
        self._first_plan = station.cadence.plan_at_start
        self._wants_plan = self._wants_learning = False
        self._record_again_s = float("-inf")

    def start(self) -> None:
        """Learn what happened before, then begin the calendar with a first round."""
        self.housekeeping.roll_up()  # rain and extremes of the hour before a restart
        restore_state(self.core, self._record_path, self.clock.now())
        restore_alerts(self.alerts, self.notifier, self._record_path, self.clock.now())
        with suppress(RecordError):  # without them the station reads as station.toml says
            use_calibrations(self._context)
        self._apply_settings()
        setup_code.lead(self._context.setup_code, self._record)
        self.learning.begin()
        self._use_learned()
        self.core.watering.poll()
        self._record_event("controller_started")
        self.jobs.start()
        self.due.put(Due.SAMPLE)

    def turn(self) -> None:
        """One turn of the loop; nothing in it waits."""
        step_s = self.jobs.watch()
        if step_s is not None:
            self._record_event("clock_step", step_s=round(step_s))
            self.alerts.stepped(step_s)
            self.notifier.stepped(step_s)
        while not self.due.empty():
            self._do(self.due.get())
        samples = self.sensors.collect()
        if samples is not None:
            self.core.take_round(samples)
            if self._first_plan:
                self._first_plan = False
                self.due.put(Due.PLAN)
        self._try_record()
        self._plan()
        self._learn()
        self.housekeeping.poll()
        self.watching.tick()
        self.relay_test.tick()
        self.core.tick()
        self._notify_alerts()
        self._beat_s = self.clock.mono_s()

    def answer(self, message: Message) -> Message:
        """Answer one question on the socket."""
        command = message.get("verb")
        if command == "snapshot":
            status: Message = plain(self._snapshot())
            return status
        if command == "flush":
            return {"flushed": self.recording.flush()}
        if command == "plan":
            self._wants_plan = True
            return {"started": True}
        if command == "learn":
            if not self.clock.trusted():
                return {"error": "the clock is not set, so nobody knows which days are past"}
            self._wants_learning = True
            return {"started": True}
        if command == "learned":
            return {**plain(learning_status(self.learning)), "waiting": self._wants_learning}
        if command == "roll_back":
            return self.learning.roll_back()
        if command == "harvest":
            return self.learning.harvest(message)
        answer = answer_request(self._context, message)
        if answer is not None:
            return answer
        known = ", ".join(
            ("snapshot", "flush", "plan", "learn", "learned", "roll_back", "harvest", *COMMANDS)
        )
        return {"error": f"unknown command {command!r}; known: {known}"}

    def close(self) -> None:
        """Stop what was started, water first; keep what was read."""
        self.core.watering.close(time.sleep)
        self.jobs.close()
        self.planning.close()
        self.learning.close()
        self.sensors.close()
        self.notifier.close()
        if self._wiped:  # what is still in memory is of the record before
            shutil.rmtree(self._models, ignore_errors=True)
            return
        self._record_event("controller_stopped")
        self.alerts.close()
        self.recording.flush()

    def _begin_anew(self) -> None:
        """End in order once this turn is over; whoever keeps the station up starts this process again, knowing nothing."""
        self._wiped = True
        signal.raise_signal(signal.SIGTERM)

    def _do(self, due: Due) -> None:
        if due is Due.SAMPLE:
            self.sensors.start_round()
        elif due is Due.BATCH:
            self.recording.flush()
            self.housekeeping.check_disk()
        elif due is Due.PLAN:
            self._wants_plan = True
        elif due is Due.LEARN:
            self._wants_learning = self.clock.trusted()  # a wrong date would read the wrong seasons
        elif self.core.watering.watering:
            return  # the lease comes first; roll-ups and backups catch up at their next hour
        elif due is Due.ROLL_UP:
            self.housekeeping.roll_up()
        else:
            self.housekeeping.nightly(self.clock.now())

    def _apply_settings(self) -> None:
        """What people have set. A record that cannot be read takes no decision either, so nothing waters meanwhile."""
        with suppress(RecordError):
            self.core.apply_settings(self._record.settings())

    def _try_record(self) -> None:
        """Ask a record that failed again, by itself; what it could not take is decided anew once it takes it."""
        late = self.housekeeping.failure is not None and self.housekeeping.failure.code is Trouble.DISK_FULL
        if not (self.recording.behind or late) or self.clock.mono_s() < self._record_again_s:
            return
        self._record_again_s = self.clock.mono_s() + RECORD_AGAIN_S
        self.housekeeping.check_disk()
        if self.recording.again():
            self.housekeeping.roll_up()
            self._wants_plan = self._wants_plan or bool(self.core.unkept)
            if self.learning.trouble is not None and self.learning.trouble[0] == Trouble.DISK_FULL:
                self.learning.begin()
                self._use_learned()

    def _plan(self) -> None:
        if self.core.wants_plan:
            self.core.wants_plan, self._wants_plan = False, True
        if self._wants_plan and not self.planning.running:
            self._wants_plan = False
            self.recording.flush()  # the planner reads the record
            self.housekeeping.roll_up()
            self.planning.start()
        report = self.planning.poll()
        if report is not None:
            if report.failure is None:
                log.info("planned", zones=len(report.zones))
            else:
                self._record_event("planner_failed", code=report.failure, detail=report.detail)
            self._apply_settings()
            self.core.decide(report)
            self.recording.add_predictions(report.predictions)
            self.learning.retire_unusable(report)

    def _learn(self) -> None:
        """Learning waits for water and for the planner: it is in no hurry, and its memory comes on top."""
        busy = self.core.watering.watering or self.planning.running or self.learning.running
        if self._wants_learning and not busy:
            self._wants_learning = False
            self.recording.flush()
            self.housekeeping.roll_up()
            self.learning.start()
        if self.learning.poll() is not None:
            self._use_learned()

    def _use_learned(self) -> None:
        """Hand the calibrations that are sure enough to those who may use them."""
        for zone in self.station.zones:
            self.core.learned[zone.id] = self.learning.of_zone(zone.id)

    def _notify_alerts(self) -> None:
        self._set_conditions()
        self.alerts.update()
        self.notifier.turn(self.alerts.lately())

    def _set_conditions(self) -> None:
        """What is wrong that the core cannot see itself."""
        failure = self._record_failure
        full = failure is not None and failure.code is Trouble.DISK_FULL
        self.alerts.set(
            AlertCode.RECORD_FAILED, {"code": failure.code, "detail": str(failure)} if failure else None
        )
        trouble = self.learning.trouble
        self.alerts.set(
            AlertCode.LEARNING_FAILED, {"code": trouble[0], "detail": trouble[1]} if trouble else None
        )
        notice = self.notice
        self.alerts.set(AlertCode.RECORD_RESTORED, {"detail": notice} if notice else None)
        free_mb = None if full else self.housekeeping.free_mb  # one cause, told once
        self.alerts.set(AlertCode.DISK_NEARLY_FULL, None if free_mb is None else {"free_mb": free_mb})

    @property
    def _record_failure(self) -> RecordError | None:
        return self.recording.failure or self.housekeeping.failure

    def _snapshot(self) -> StationStatus:
        failure = self._record_failure
        self._set_conditions()
        process = ProcessStatus(
            boot_id=self.boot_id,
            heartbeat_age_s=round(self.clock.mono_s() - self._beat_s, 2),
            planning=self.planning.running or self._wants_plan or self._first_plan,
            learning=learning_status(self.learning),
            channels=self.notifier.view(),
            storage=StorageStatus(failure is None, failure.code if failure else None),
        )
        return snapshot(self.core, self.alerts.open(), process)

    def _record_event(self, what: str, zone: str | None = None, **values: float | str | None) -> None:
        self.recording.add_event(Event(what, self.clock.now(), self.clock.trusted(), zone, dict(values)))


def main(station: Station, places: Places, *, config: Path) -> int:
    """Run until SIGTERM or SIGINT. Raises StationError when it cannot start."""
    log.start("controller")
    lock = Lock(places.sockets / "controller.lock")
    stopping = end_signals()
    notice = migrate_in_child(places.record)
    boot_id = str(uuid.uuid4())
    record = Record.open(places.record, boot_id)
    controller = Controller(station, places, config, record, boot_id)
    controller.notice = notice
    server = Server(listen(places.controller_socket), controller.answer)
    try:
        controller.start()
        log.info("ready", zones=len(station.zones), sensors=len(station.sensors))
        while not stopping:
            controller.turn()
            server.serve_for(LOOP_S)
    finally:
        controller.close()
        server.close()
        record.close()
        lock.close()
        log.info("stopped")
    return 0

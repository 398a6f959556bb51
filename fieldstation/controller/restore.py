"""What a starting controller takes over from the record: days, runs, alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from fieldstation.controller.alerts.conditions import STARTS_WITHIN_S
from fieldstation.controller.alerts.lifecycle import REOPEN_S, Alerts
from fieldstation.controller.alerts.notifier import Notifier
from fieldstation.controller.core import BY_STOP, Core
from fieldstation.controller.watering.runs import WANTED_FOR
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Run
from fieldstation.store.reader import Reader

RUNS_BACK = timedelta(days=30)


def restore_state(core: Core, record: Path, now: datetime) -> None:
    """Fill the daily history and the run memory. What the record cannot tell stays unknown."""
    try:
        with Reader(record) as reader:
            today = core.daily_history.local_day(now)
            air = core.station.air
            heard = reader.daily(air.id, Quantity.AIR_T, today, today) if air else []
            hours = [hour for total in heard for hour in range(24) if total.hours >> hour & 1]
            for zone in core.station.zones:
                days = reader.days(zone, core.station.timezone, zone.planted_on, today)
                core.daily_history.remember(zone.id, days, today, hours)
                runs = reader.runs(zone.id, now - RUNS_BACK)
                for run in runs:
                    core.remember_run(run, _planned_s(reader, run))
                core.watering.seen(run.id for run in runs)
            core.watering.seen(reader.runs_before_wipe())
    except StationError:
        return


def _planned_s(reader: Reader, run: Run) -> float | None:
    """How long a run that STOP cut was to be, by the decision it came from; None for any other run and without one."""
    if run.origin != "auto" or run.stop_reason not in BY_STOP:
        return None
    made = reader.decisions(run.zone, run.started_at - WANTED_FOR)
    from_it = [one.run_s for one in made if one.run_s > 0 and one.at <= run.started_at]
    return from_it[-1] if from_it else None


def restore_alerts(alerts: Alerts, notifier: Notifier, record: Path, now: datetime) -> None:
    """Go on with the alerts that were open and the messages that wait, and count how often the controller began lately."""
    try:
        with Reader(record) as reader:
            alerts.restore(reader.alerts(now - timedelta(seconds=REOPEN_S)))
            notifier.restore(reader.notifications())
            events = reader.events(now - timedelta(seconds=STARTS_WITHIN_S))
            alerts.conditions.starts += sum(event.code == "controller_started" for event in events)
    except StationError:
        return

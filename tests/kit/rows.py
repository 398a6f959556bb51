"""Small things to put into a record."""

from __future__ import annotations

from datetime import datetime, timedelta

from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import Decision, Input, OtherRung, Reason, Rung, SkippedRung
from fieldstation.domain.forecast import Contribution, Quantiles, SoilForecast, ZoneForecast
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.domain.run import Code, Run
from fieldstation.domain.soil_water_balance import closed
from tests.kit.store_clock import START


def at(minutes: float = 0, **parts: float) -> datetime:
    return START + timedelta(minutes=minutes, **parts)


def reading(
    when: datetime,
    value: float | None = 0.25,
    sensor: str = "probe",
    quantity: Quantity = Quantity.SOIL_WATER,
    quality: Quality | None = None,
    raw: float | None = None,
    mono_s: float = 0.0,
) -> Reading:
    found = quality or (Quality.GOOD if value is not None else Quality.NO_ANSWER)
    return Reading(sensor, quantity, value, found, when, mono_s, raw)


def run(
    ended_at: datetime, run_id: str = "r1", seq: int = 1, zone: str = "north", litres: float = 600.0
) -> Run:
    begun = ended_at - timedelta(minutes=20)
    return Run(run_id, seq, zone, "auto", begun, ended_at, 1200.0, litres, True, Code.DONE)


def decision(when: datetime, decision_id: str = "d1", zone: str = "north") -> Decision:
    range_ = Quantiles(0.2, 0.21, 0.22)
    return Decision(
        id=decision_id,
        zone=zone,
        at=when,
        clock_trusted=True,
        rung=Rung.LEARNED,
        reason=Reason.REFILL_LINE_REACHED,
        values={"line_mm": 40.5, "why": "dry", "nothing": None},
        depth_mm=8.0,
        run_s=1200.0,
        start_at=when + timedelta(minutes=1),
        expected_at=None,
        expected_run_s=None,
        depletion_mm=41.0,
        taw_mm=90.0,
        dry_frac=0.18,
        full_frac=0.3,
        skipped=(SkippedRung(Rung.LEARNED, "no_forecast"), SkippedRung(Rung.WATER_BALANCE, "x", 3.5)),
        inputs=(Input("air_t", 21.5, "C", 12.0, "good"), Input("rain", None, "mm", None, "stale")),
        limited_by=("longest_run",),
        forecast=ZoneForecast(
            zone,
            when,
            "base-1",
            (SoilForecast(24, range_),),
            range_,
            range_,
            None,
            (Contribution("rain", -0.5),),
            (Contribution("usual", 8.5),),
        ),
        model="base-1",
        changes=(Change(ChangeCode.DRIER, {"mm": 7.2, "days": 1.2}), Change(ChangeCode.NOTHING)),
        below=OtherRung(Rung.THRESHOLD, 0.0),
        account=closed(1, 38.0, 5.0, 0.0, 2.0, 0.0, 41.0),
    )

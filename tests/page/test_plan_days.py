"""The week ahead and the days behind, without a page: nothing is promised that nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldstation.binding import read
from fieldstation.domain.decision import Decision, Event, Reason, Rung
from fieldstation.domain.forecast import Quantiles, ZoneForecast
from fieldstation.domain.run import Code, Run
from fieldstation.domain.soil_water_balance import closed
from fieldstation.domain.status.decision import decision_status
from fieldstation.domain.status.guard import Phase
from fieldstation.domain.status.zone import NextRun, OpenRun, ZoneStatus
from fieldstation.page.plan.decisions import Diary
from fieldstation.page.plan.past import past_days
from fieldstation.page.plan.soil_balance import balance_rows
from fieldstation.page.plan.week import DAYS, week
from tests.kit.controller_bench import WATER
from tests.kit.status import zone

TZ = ZoneInfo("Africa/Nairobi")  # three hours ahead: days are local, not UTC
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
ZONE: Any = SimpleNamespace(
    id="north", planted_on=date(2026, 5, 1), crop=SimpleNamespace(season_days=120), area_m2=100.0
)


def decided(at: datetime = NOW, depth_mm: float = 0.0, **more: Any) -> Decision:
    usual: dict[str, Any] = {
        "rung": Rung.LEARNED,
        "depletion_mm": 25.0,
        "taw_mm": 100.0,
        "dry_frac": 0.15,
        "full_frac": 0.25,
        "reason": Reason.REFILL_LINE_REACHED if depth_mm else Reason.ENOUGH_WATER,
        "values": {"use_mm_day": 5.0, "line_mm": 40.0, "days_left": 3.0},
        "run_s": 600.0 if depth_mm else 0.0,
        "start_at": at if depth_mm else None,
    }
    return replace(WATER, id=f"d{at.timestamp()}", at=at, depth_mm=depth_mm, **usual | more)


def live(decision: Decision | None, **more: Any) -> ZoneStatus:
    known = None if decision is None else decision_status(decision)
    return replace(
        read(ZoneStatus, zone("north")), **{"run": None, "next_run": None, "decision": known, **more}
    )


def ahead(decision: Decision | None, *, watered: bool = False, **more: Any) -> Any:
    return week(ZONE, live(decision, **more), decision, watered, NOW, TZ, 40.0)


def planned(at: datetime, *, certain: bool) -> NextRun:
    return NextRun(at, 25, certain, skipped=False)


def likely(p10: float, p90: float) -> ZoneForecast:
    need = Quantiles(1.0, 2.0, 3.0)
    return ZoneForecast("north", NOW, "base", (), Quantiles(p10, (p10 + p90) / 2, p90), need, None)


def test_what_is_decided_has_its_hour_its_minutes_and_its_litres() -> None:
    rows = ahead(
        decided(depth_mm=10.0), next_run=planned(datetime(2026, 6, 10, 22, tzinfo=UTC), certain=True)
    )
    assert [row.kind for row in rows] == ["wait", "water", *["unknown"] * 5], "22:00 UTC is tomorrow here"
    assert (rows[1].on, rows[1].minutes, rows[1].litres, rows[1].sure) == (
        date(2026, 6, 11),
        25,
        1000.0,
        "decided",
    )


def test_after_the_next_watering_nobody_knows() -> None:
    rows = ahead(decided(), next_run=planned(NOW + timedelta(days=3), certain=False))
    assert [row.kind for row in rows] == ["wait", "wait", "wait", "expected", *["unknown"] * 3]
    assert {row.why for row in rows[4:]} == {"after"}
    assert not any(row.at or row.litres for row in rows[4:])


@pytest.mark.parametrize(
    ("p10", "p90", "sure", "quite"),
    [(0.22, 0.28, "close", ["quite", "quite"]), (0.10, 0.30, "range", ["maybe", "maybe"])],
)
def test_how_sure_follows_the_range_of_the_forecast(p10: float, p90: float, sure: str, quite: Any) -> None:
    decision = decided(forecast=likely(p10, p90))
    rows = ahead(decision, next_run=planned(NOW + timedelta(days=3), certain=False))
    assert rows[3].sure == sure
    assert [row.sure for row in rows[1:3]] == quite
    if sure == "range":  # 0.1 of 100 mm either side, at 5 mm a day
        assert (rows[3].early_on, rows[3].late_on) == (date(2026, 6, 11), date(2026, 6, 15))


def test_a_range_does_not_reach_back_into_a_day_that_is_decided() -> None:
    rows = ahead(decided(forecast=likely(0.0, 0.8)), next_run=planned(NOW + timedelta(days=2), certain=False))
    assert (rows[2].early_on, rows[2].late_on) == (date(2026, 6, 11), date(2026, 6, 20))


def test_a_range_is_not_borrowed_from_another_decision() -> None:
    row = week(
        ZONE,
        live(decided(), next_run=planned(NOW + timedelta(days=2), certain=False)),
        decided(NOW - timedelta(days=1), forecast=likely(0.1, 0.5)),
        False,
        NOW,
        TZ,
        40.0,
    )[2]
    assert row.sure == "books"


@pytest.mark.parametrize(("rung", "code"), [(Rung.THRESHOLD, "probe"), (Rung.CALENDAR, "calendar")])
def test_a_rung_that_sees_no_days_ahead_says_so(rung: Rung, code: str) -> None:
    row = ahead(decided(rung=rung), next_run=planned(NOW + timedelta(days=2), certain=False))[2]
    assert (row.why, row.sure) == (code, code)


def test_holding_and_no_decision_plan_nothing() -> None:
    hold = ahead(decided(rung=Rung.HOLD, reason=Reason.NO_TRUSTED_INPUT))
    assert {(row.kind, row.why) for row in hold} == {("unknown", "hold")}
    assert {(row.kind, row.why) for row in ahead(None)} == {("unknown", "undecided")}


def test_a_season_that_ends_within_the_week_ends_in_the_plan() -> None:
    short: Any = SimpleNamespace(
        id="north", planted_on=date(2026, 6, 1), crop=SimpleNamespace(season_days=12)
    )
    rows = week(short, live(decided(reason=Reason.ENOUGH_TO_HARVEST, values={})), None, False, NOW, TZ, 40.0)
    assert [row.kind for row in rows] == ["wait", "wait", "wait", *["bare"] * 4]
    early: Any = SimpleNamespace(
        id="north", planted_on=date(2026, 6, 12), crop=SimpleNamespace(season_days=90)
    )
    rows = week(early, live(None), None, False, NOW, TZ, 40.0)
    assert [(row.kind, row.why) for row in rows[:2]] == [("bare", "planting")] * 2


def test_what_a_person_holds_dry_stays_dry_until_its_day() -> None:
    until = date(2026, 6, 13)
    paused = decided(reason=Reason.PAUSED, values={"by": "Rosa", "until": until.isoformat(), "would_mm": 8.0})
    rows = ahead(paused, next_run=planned(datetime(2026, 6, 13, 3, tzinfo=UTC), certain=False))
    assert [row.sure for row in rows[:3]] == ["person"] * 3
    assert rows[3].kind == "expected"
    off = ahead(decided(reason=Reason.AUTOMATIC_OFF, values={"by": "Rosa"}))
    assert [row.sure for row in off] == ["person"] * DAYS


def test_running_water_and_water_given_today() -> None:
    run = OpenRun("r", "auto", NOW, 60.0, 1500.0, 20.0, Phase.WATERING, None)
    assert ahead(decided(depth_mm=10.0), run=run)[0].kind == "running"
    assert ahead(decided(depth_mm=10.0), watered=True)[0].kind == "done"


@pytest.mark.parametrize(
    ("lost_mm", "now_mm", "codes"),
    [(0.0, 42.2, set()), (3.0, 45.2, {"lost"}), (0.0, 50.0, {"roots"}), (0.0, 30.0, {"gave"})],
)
def test_the_account_adds_up(lost_mm: float, now_mm: float, codes: set[str]) -> None:
    books = closed(1, 38.0, 8.2, 1.0, 3.0, lost_mm, now_mm)
    rows = balance_rows(decision_status(decided(account=books)))
    codes_found = [row.code for row in rows]
    assert {"lost", "roots", "gave"} & set(codes_found) == codes
    until = codes_found.index("now")
    total = rows[0].mm + sum(row.mm if row.sign == "+" else -row.mm for row in rows[1:until])
    assert total == pytest.approx(rows[until].mm, abs=0.5)
    assert rows[until].mm == pytest.approx(100.0 - now_mm)
    assert ("seen" in codes_found) is (abs(25.0 - now_mm) >= 0.5)
    assert [(row.code, row.mm) for row in rows[-2:]] == [("line", 60.0), ("full", 100.0)]


def test_without_books_there_is_no_table() -> None:
    assert balance_rows(decision_status(decided())) == []


def run_at(at: datetime, **more: Any) -> Run:
    origin, ended = more.pop("origin", "auto"), at + timedelta(minutes=10)
    return Run("r", 1, "north", origin, at, ended, 600.0, 400.0, True, Code.DONE)


def morning(day: int) -> datetime:
    return datetime(2026, 6, day, 2, tzinfo=UTC)


def test_each_day_is_told_by_the_decision_that_counts() -> None:
    diary = Diary(
        decisions=[
            decided(morning(6)),
            decided(morning(7), 10.0),
            decided(morning(7) + timedelta(hours=12)),
            decided(morning(8), 8.0),
            decided(morning(10)),
        ],
        runs=[run_at(morning(7) + timedelta(minutes=5))],
        refusals=[Event("water_refused", morning(8), True, "north", {"code": "tank_low"})],
    )
    found = past_days("north", ZONE.planted_on, diary, NOW, TZ)
    assert [(one.on.day, one.kind) for one in found] == [
        (10, "waited"),
        (9, "nothing"),
        (8, "refused"),
        (7, "watered"),
        (6, "waited"),
    ]
    assert found[3].decision is diary.decisions[1], "the one that asked, not the one after"
    assert found[2].decision is diary.decisions[3]
    assert found[1].decision is None


def test_water_by_hand_has_no_decision_behind_it_and_an_old_one_is_no_cause() -> None:
    by_hand = past_days("north", ZONE.planted_on, Diary(runs=[run_at(morning(9), origin="manual")]), NOW, TZ)
    assert [one.kind for one in by_hand] == ["manual"]
    assert by_hand[0].decision is None
    diary = Diary(decisions=[decided(morning(7), 10.0)], runs=[run_at(morning(9))])
    late = next(one for one in past_days("north", ZONE.planted_on, diary, NOW, TZ) if one.runs)
    assert late.decision is None


def test_a_day_that_is_not_over_is_not_judged() -> None:
    diary = Diary(decisions=[decided(morning(9)), decided(morning(10), 8.0)])
    assert [one.on.day for one in past_days("north", ZONE.planted_on, diary, NOW, TZ, pending=True)] == [9]
    assert past_days("north", ZONE.planted_on, diary, NOW, TZ)[0].kind == "wanted"
    assert past_days("north", ZONE.planted_on, Diary(), NOW, TZ) == []

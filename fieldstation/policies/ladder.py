"""The ladder: the best rung that can decide does, and every rung above says why it could not."""

from __future__ import annotations

from dataclasses import replace

from fieldstation.domain.adjustment import UNASKED
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import Decision, Input, Reason, Rung, SkippedRung
from fieldstation.domain.plot import plot_of
from fieldstation.policies import explanation
from fieldstation.policies.adjusted import obey
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import Refill, chosen
from fieldstation.policies.rootzone import PROBE_MAX_AGE_S, RootZone, by_balance, levels
from fieldstation.policies.rungs import calendar, hold, learned, threshold, water_balance
from fieldstation.policies.rungs.answer import Answer, Unable

RUNGS = (
    (Rung.LEARNED, learned.decide),
    (Rung.WATER_BALANCE, water_balance.decide),
    (Rung.THRESHOLD, threshold.decide),
    (Rung.CALENDAR, calendar.decide),
    (Rung.HOLD, hold.decide),
)


def decide(facts: ZoneFacts) -> Decision:
    """One zone's decision. Always one, always with a reason; same facts, same decision."""
    decided = _by_rungs(facts)
    if facts.adjustments == UNASKED:
        return decided
    return obey(facts, decided, _by_rungs(replace(facts, adjustments=UNASKED)))


def _by_rungs(facts: ZoneFacts) -> Decision:
    balance = by_balance(facts)
    if facts.clock_trusted and not 0 <= facts.day < facts.zone.crop.season_days:
        over = {"day": facts.day, "season_days": facts.zone.crop.season_days}
        rest = Refill(Reason.OUT_OF_SEASON, dict(over), 0.0, 0.0, None, None, None, ())
        fallow = explanation.Explanation((Change(ChangeCode.CROP_IN_GROUND),))
        return _decision(facts, Rung.WATER_BALANCE, Answer(rest, levels(facts)), fallow)
    skipped: list[SkippedRung] = []
    for rung, rung_decides in RUNGS:
        answer = rung_decides(facts, balance)
        if isinstance(answer, Unable):
            skipped.append(SkippedRung(rung, answer.why))
            continue
        return _decision(
            facts, rung, answer, explanation.explain(facts, balance, RUNGS, rung, answer, skipped)
        )
    raise AssertionError("hold always answers")


def _decision(facts: ZoneFacts, rung: Rung, answer: Answer, explanation: explanation.Explanation) -> Decision:
    refill, zone, soil = answer.refill, answer.root_zone, facts.zone.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac
    line_of_taw = refill.line_frac
    if line_of_taw is None:
        line_of_taw = chosen(facts, zone, plot_of(facts.zone, facts.latitude_deg)).line_frac
    knows = rung in (Rung.LEARNED, Rung.WATER_BALANCE) and refill.reason is not Reason.OUT_OF_SEASON
    return Decision(
        id=facts.decision_id,
        zone=facts.zone.id,
        at=facts.at,
        clock_trusted=facts.clock_trusted,
        rung=rung,
        reason=refill.reason,
        values=refill.values,
        depth_mm=round(refill.depth_mm, 2),
        run_s=round(refill.run_s, 1),
        start_at=refill.start_at,
        expected_at=refill.expected_at,
        expected_run_s=refill.expected_run_s,
        depletion_mm=round(zone.depletion_mm, 2) if knows else None,
        taw_mm=round(zone.taw_mm, 2),
        dry_frac=round(soil.field_capacity_frac - line_of_taw * span, 4),
        full_frac=soil.field_capacity_frac,
        skipped=explanation.skipped,
        inputs=_inputs(facts, zone),
        limited_by=refill.limited_by,
        forecast=facts.forecast,
        model=facts.forecast.model if facts.forecast else None,
        changes=explanation.changes,
        below=explanation.below,
        account=explanation.soil_balance,
    )


def _inputs(facts: ZoneFacts, zone: RootZone) -> tuple[Input, ...]:
    """What was looked at, with age and quality, as it will be stored."""
    found = [
        Input(
            reading.sensor,
            reading.value,
            "m3/m3",
            round(age_s, 1),
            "stale" if reading.good and age_s > PROBE_MAX_AGE_S else reading.quality.value,
        )
        for _, reading, age_s in facts.probes
    ]
    yesterday = facts.days[-1] if facts.days else None
    for name, value, unit in (
        ("air_t_min_c", yesterday.air_t_min_c if yesterday else None, "C"),
        ("air_t_max_c", yesterday.air_t_max_c if yesterday else None, "C"),
        ("rain_yesterday_mm", yesterday.rain_mm if yesterday else None, "mm"),
        ("rain_today_mm", facts.today.rain_mm, "mm"),
        ("given_last_24h_mm", round(facts.given_last_24h_mm, 2), "mm"),
        ("depletion_mm", round(zone.depletion_mm, 2), "mm"),
        ("raw_mm", round(zone.raw_mm, 2), "mm"),
    ):
        found.append(Input(name, value, unit, None, "good" if value is not None else "no_answer"))
    return tuple(found)

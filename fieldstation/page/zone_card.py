"""A zone as screens show it: words, numbers with units, the water line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from typing import Any

from fieldstation.domain.decision import Value, Verdict
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.run import Code
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.decision import DecisionSummary
from fieldstation.domain.status.zone import SoilWater, ZoneStatus
from fieldstation.language.sentences import Words
from fieldstation.page.charts.zone_strip import roots_known, stand_in, strip
from fieldstation.page.explanation import harvest_sentence
from fieldstation.page.sources import Picture, ZoneRecord
from fieldstation.page.today.status import RunSummary, ZoneSummary

TURN = timedelta(minutes=2)
CUT_SHORT = frozenset(Code) - {Code.DONE, Code.ENDED, Code.LONGEST_RUN}


def zone_view(
    zone: Zone, shown: ZoneSummary, station: Station, picture: Picture, words: Words, tz: tzinfo
) -> dict[str, Any]:
    """All that a screen may show of a zone; `shown` is its part of `status`."""
    live = picture.zone(zone.id)
    record = picture.zones.get(zone.id) or ZoneRecord()
    soil = shown.soil_water
    full, dry = _marks(zone, live, record)
    decision = live.decision if live else shown.decision
    return {
        "id": zone.id,
        "name": zone.name,
        "crop": words.say("crop", zone.crop.name),
        "verdict": shown.verdict,
        "verdict_word": words.say("verdict", shown.verdict),
        "sentence": sentence(decision, words),
        "next": _next(live, picture, _served(zone, station, picture), words),
        "last": _last(shown.last_run, live is not None or picture.record_error is None, words),
        "now": live is not None and live.run is not None,
        "read": _read(soil, live, words),
        "source": _source(zone, soil, dry, full, live, words),
        "drawn": _drawn(zone, decision, roots_known(live, record), words),
        "svg": strip(zone, live, record, picture, (full, dry), words, tz),
        "yield_why": harvest_sentence(live.yield_contributions, words) if live else None,
        "yield": _yield(shown.yield_t_ha, words),
    }


def sentence(decision: DecisionSummary | None, words: Words) -> str:
    """Why water was chosen or not; before the first decision, that there is none."""
    if decision is None:
        return words("no_data")
    return reason_sentence(decision.reason.code, decision.reason.values, words)


def reason_sentence(code: str, values: Mapping[str, Value], words: Words) -> str:
    """Why, in one sentence."""
    filled = dict(values)
    if "until" in filled:
        filled["until"] = words.date(date.fromisoformat(str(filled["until"])))
    return words.say("reason", code, **filled)


def _next(live: ZoneStatus | None, picture: Picture, before: str | None, words: Words) -> str:
    """What comes; `before` is the zone that the same pump serves now."""
    if live is None:
        return ""
    run, planned = live.run, live.next_run
    if run is not None:
        return words(
            "running_here",
            minutes_on=round(run.on_s / 60),
            minutes=words.minutes(run.planned_s / 60),
            litres=run.litres,
        )
    if picture.stopped:
        return words("next_stopped")
    if planned is None:
        unkept = live.unkept and live.decision is not None and live.decision.depth_mm > 0
        return words("next_unkept" if unkept else "next_none")
    if planned.certain and before and planned.at <= picture.now + TURN:
        return words("next_waiting", zone=before, minutes=words.minutes(planned.minutes))
    if planned.skipped:
        return words("next_skipped", when=words.when(planned.at))
    key = "next_certain" if planned.certain else "next_expected"
    return words(key, when=words.when(planned.at), minutes=words.minutes(planned.minutes))


def _served(zone: Zone, station: Station, picture: Picture) -> str | None:
    """The other zone that this zone's pump waters now."""
    running = {run.zone for run in picture.guard.runs} if picture.guard else set()
    others = [other for other in station.zones if other.pump == zone.pump and other.id != zone.id]
    return next((other.name for other in others if other.id in running), None)


def _last(run: RunSummary | None, known: bool, words: Words) -> str:
    if run is None:
        return words("last_none") if known else words.say("today", "last_unknown")
    minutes = round((run.ended_at - run.started_at).total_seconds() / 60)
    values = {"when": words.when(run.started_at), "minutes": words.minutes(minutes), "litres": run.litres}
    if run.stop_reason in CUT_SHORT:
        return words("last_cut", why=words.say("code", run.stop_reason), **values)
    return words("last", **values)


def _marks(zone: Zone, live: ZoneStatus | None, record: ZoneRecord) -> tuple[float, float]:
    """Soil water at the full and the dry line: of the decision in force, else of the one on record."""
    if live is not None:
        return live.full_frac, live.dry_frac
    if record.decision is not None:
        return record.decision.full_frac, record.decision.dry_frac
    return zone.soil.field_capacity_frac, zone.soil.wilting_point_frac


def _age(seconds: float | None, words: Words) -> str:
    """An age to the minute, so that a page that says nothing new is the same page."""
    if seconds is not None and seconds < 90:
        return words.say("today", "a_minute")
    return words.age(seconds)


def _read(soil: SoilWater, live: ZoneStatus | None, words: Words) -> str:
    """How old the newest reading is; whatever is wrong with it is said where nobody has to ask."""
    if soil.value is None or live is None or stand_in(live) is not None:
        return ""
    return words.say("today", "read", age=_age(soil.age_s, words))


def _drawn(zone: Zone, decision: DecisionSummary | None, roots: bool, words: Words) -> str:
    """What the line in the picture is."""
    if roots and decision is not None:
        return words.say("today", "drawn_roots", missing_mm=decision.depletion_mm, line_mm=decision.line_mm)
    if not zone.probes:
        return ""
    return words.say("today", "drawn_probe", depth=words.length(min(p.depth_m for p in zone.probes)))


def _source(
    zone: Zone, soil: SoilWater, dry: float, full: float, live: ZoneStatus | None, words: Words
) -> str:
    """What the probe of the picture reads; it names its depth, for it may stand full over dry roots."""
    if soil.value is None or not zone.probes:
        return words("no_reading", quality=words.say("quality", soil.quality))
    if live is None:
        return words("recorded", age=_age(soil.age_s, words))
    values = {"now_frac": soil.value, "full_frac": full, "age": _age(soil.age_s, words)}
    deeper = stand_in(live)
    if deeper is not None:
        return words("source_deeper", depth=words.length(deeper.depth_m), **values)
    depth = words.length(zone.probes[0].depth_m)
    thirsty = live.verdict in (Verdict.NEEDS_WATER, Verdict.GETTING_DRY)
    if thirsty and soil.value > (dry + full) / 2:
        return words("source_over_drier", depth=depth, **values)
    return words("source", depth=depth, **values)


def _yield(found: Quantiles | None, words: Words) -> str:
    if found is None:
        return words("yield_none")
    return words("yield", p10_t_ha=found.p10, p50_t_ha=found.p50, p90_t_ha=found.p90)

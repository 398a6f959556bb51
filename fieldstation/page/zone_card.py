"""A zone as screens show it: words, numbers with units, the water line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from fieldstation.domain.decision import ZoneState
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.run import Run
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.zone import LastRun
from fieldstation.language.sentences import Words
from fieldstation.page.charts.water_line import Labels, draw
from fieldstation.page.explanation import CUT_SHORT, harvest_sentence, sentence
from fieldstation.page.sources import StationSnapshot
from fieldstation.page.zone_now import ZoneNow

TURN = timedelta(minutes=2)
MONDAY = datetime(2024, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """All that a screen may show of a zone. `now`: water runs; `drawn` says what the line of the picture is."""

    id: str
    name: str
    crop: str
    verdict: ZoneState
    verdict_word: str
    sentence: str
    next: str
    last: str
    now: bool
    read: str
    source: str
    drawn: str
    svg: str
    harvest: str
    harvest_why: str | None


def zone_card(zone: Zone, station: Station, snapshot: StationSnapshot, words: Words, tz: tzinfo) -> ZoneCard:
    """One zone of a snapshot in a reader's words."""
    now = snapshot.zones[zone.id]
    live = now.live
    return ZoneCard(
        id=zone.id,
        name=zone.name,
        crop=words.say("crop", zone.crop.name),
        verdict=now.verdict,
        verdict_word=words.say("verdict", now.verdict),
        sentence=sentence(now.decision, words),
        next=_next(now, snapshot, _served(zone, station, snapshot), words),
        last=_last(now.last_run, live is not None or snapshot.record_error is None, words),
        now=live is not None and live.run is not None,
        read=_read(now, words),
        source=source(zone, now, words),
        drawn=_line_caption(zone, now, words),
        svg=draw(now.line, labels(zone, words, tz), tz),
        harvest=harvest(live.yield_t_ha if live else None, words),
        harvest_why=harvest_sentence(live.yield_contributions, words) if live else None,
    )


def labels(zone: Zone, words: Words, tz: tzinfo) -> Labels:
    """The words of a zone's line."""
    return Labels(
        words("line_title", zone=zone.name),
        words("full"),
        words("dry"),
        words("now"),
        words("gap"),
        words.say("today", "no_forecast"),
        {day: words.day((MONDAY + timedelta(days=day)).astimezone(tz)) for day in range(7)},
    )


def _next(now: ZoneNow, snapshot: StationSnapshot, before: str | None, words: Words) -> str:
    """What comes; `before` is the zone that the same pump serves now."""
    if now.live is None:
        return ""
    run, planned = now.live.run, now.live.next_run
    if run is not None:
        return words(
            "running_here",
            minutes_on=round(run.on_s / 60),
            minutes=words.minutes(run.planned_s / 60),
            litres=run.litres,
        )
    if snapshot.stopped:
        return words("next_stopped")
    if planned is None:
        unkept = now.live.unkept and now.decision is not None and now.decision.depth_mm > 0
        return words("next_unkept" if unkept else "next_none")
    if planned.certain and before and planned.at <= snapshot.now + TURN:
        return words("next_waiting", zone=before, minutes=words.minutes(planned.minutes))
    if planned.skipped:
        return words("next_skipped", when=words.when(planned.at))
    key = "next_certain" if planned.certain else "next_expected"
    return words(key, when=words.when(planned.at), minutes=words.minutes(planned.minutes))


def _served(zone: Zone, station: Station, snapshot: StationSnapshot) -> str | None:
    """The other zone that this zone's pump waters now."""
    running = {run.zone for run in snapshot.guard.runs} if snapshot.guard else set()
    others = [other for other in station.zones if other.pump == zone.pump and other.id != zone.id]
    return next((other.name for other in others if other.id in running), None)


def _last(run: LastRun | Run | None, known: bool, words: Words) -> str:
    if run is None:
        return words("last_none") if known else words.say("today", "last_unknown")
    started, ended = run.started_at.replace(microsecond=0), run.ended_at.replace(microsecond=0)
    minutes = words.minutes(round((ended - started).total_seconds() / 60))
    when, litres = words.when(started), round(run.litres, 1)
    if run.stop_reason in CUT_SHORT:
        why = words.say("code", run.stop_reason)
        return words("last_cut", why=why, when=when, minutes=minutes, litres=litres)
    return words("last", when=when, minutes=minutes, litres=litres)


def _age(seconds: float | None, words: Words) -> str:
    """An age to the minute, so that a page that says nothing new is the same page."""
    if seconds is not None and seconds < 90:
        return words.say("today", "a_minute")
    return words.age(seconds)


def _read(now: ZoneNow, words: Words) -> str:
    """How old the newest reading is; whatever is wrong with it is said where nobody has to ask."""
    if now.soil_water.value is None or now.live is None or now.stand_in is not None:
        return ""
    return words.say("today", "read", age=_age(now.soil_water.age_s, words))


def _line_caption(zone: Zone, now: ZoneNow, words: Words) -> str:
    """What the line in the picture is."""
    if now.line_mm is not None and now.decision is not None:
        missing_mm = now.decision.depletion_mm
        return words.say("today", "drawn_roots", missing_mm=missing_mm, line_mm=now.line_mm)
    if not zone.probes:
        return ""
    return words.say("today", "drawn_probe", depth=words.length(min(p.depth_m for p in zone.probes)))


def source(zone: Zone, now: ZoneNow, words: Words) -> str:
    """What the probe of the picture reads; it names its depth, for it may stand full over dry roots."""
    soil = now.soil_water
    if soil.value is None or not zone.probes:
        return words("no_reading", quality=words.say("quality", soil.quality))
    if now.live is None:
        return words("recorded", age=_age(soil.age_s, words))
    values = {"now_frac": soil.value, "full_frac": now.full_frac, "age": _age(soil.age_s, words)}
    if now.stand_in is not None:
        return words("source_deeper", depth=words.length(now.stand_in.depth_m), **values)
    depth = words.length(zone.probes[0].depth_m)
    thirsty = now.verdict in (ZoneState.NEEDS_WATER, ZoneState.GETTING_DRY)
    if thirsty and soil.value > (now.dry_frac + now.full_frac) / 2:
        return words("source_over_drier", depth=depth, **values)
    return words("source", depth=depth, **values)


def harvest(likely: Quantiles | None, words: Words) -> str:
    """What is expected of the season."""
    if likely is None:
        return words("yield_none")
    return words("yield", p10_t_ha=likely.p10, p50_t_ha=likely.p50, p90_t_ha=likely.p90)

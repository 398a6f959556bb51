"""A zone's season in words and small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fieldstation.agronomy.crop_stage import stage_of
from fieldstation.binding import setting
from fieldstation.domain.forecast import Contribution, Quantiles, YieldBy
from fieldstation.domain.station import Zone
from fieldstation.domain.status.zone import DateRange
from fieldstation.language.sentences import Words
from fieldstation.page.charts.season_charts import range_chart, season_chart
from fieldstation.page.explanation import harvest_sentence
from fieldstation.page.history.data import Season
from fieldstation.page.season.totals import SeasonRecord, Sums
from fieldstation.page.sources import StationSnapshot

GOOD_FRAC, FAIR_FRAC = 0.2, 0.5
"""A range narrower than this part of its middle is called quite sure, or fairly sure."""
F_DAYS_PER_C_DAY = 1.8
WORTH_SHOWING_MM = 1.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What is forecast of the harvest: a range, what it rests on, likely days, what moved it."""

    yield_t_ha: Quantiles | None = None
    yield_by: YieldBy | None = None
    harvest_on: DateRange | None = None
    contributions: tuple[Contribution, ...] = setting("to the yield, t/ha", key="yield_drivers", default=())


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the crop; `now` while it lasts."""

    name: str
    days: str
    now: bool


@dataclass(frozen=True, slots=True)
class StageView:
    """Where the season stands, said and drawn."""

    said: str
    svg: str
    stages: list[Stage]


@dataclass(frozen=True, slots=True)
class YieldView:
    """The expected harvest; the picture's scale goes from one of `ends` to the other."""

    said: list[str]
    svg: str | None = None
    ends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SumsView:
    """The season in figures: what, how much, what else is to be said of it."""

    figures: list[tuple[str, str, str | None]]
    said: list[str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A season before."""

    planted: str
    crop: str
    harvest: str


@dataclass(frozen=True, slots=True)
class HarvestsView:
    """What was said of the harvest; `before` are words that were taken back."""

    kept: bool
    said: list[str]
    before: list[str]
    earlier: list[Earlier]


def expected(zone: Zone, snapshot: StationSnapshot) -> Expected:
    """By the controller, or while it is silent by the decision on record."""
    live = snapshot.zone(zone.id)
    if live is not None:
        return Expected(live.yield_t_ha, live.yield_by, live.harvest_on, live.yield_contributions)
    recorded = snapshot.zones[zone.id].record.decision
    found = recorded.forecast if recorded else None
    if found is None:
        return Expected()
    harvest_on = DateRange(*found.harvest_on) if found.harvest_on else None
    return Expected(found.yield_t_ha, found.yield_by, harvest_on, found.yield_drivers)


def stage_view(zone: Zone, found: Expected, today: date, words: Words) -> StageView:
    """How old the crop is, and when it is likely to be ready."""
    age, days = (today - zone.planted_on).days, zone.crop.season_days
    stage = stage_of(zone.crop, age) if 0 <= age < days else None
    ready_days = None
    if (ready := found.harvest_on) is not None:
        early, likely, late = ((on - zone.planted_on).days for on in (ready.p10, ready.p50, ready.p90))
        ready_days = (early, likely, late)
    if age < 0:
        said = _sentence(words, "not_planted", date=words.date(zone.planted_on))
    elif stage is None:
        said = _sentence(words, "over", days=days, date=words.date(zone.planted_on + timedelta(days=days)))
    else:
        said = _sentence(words, "planted", date=words.date(zone.planted_on), day=age + 1, days=days)
    stages = [
        Stage(_sentence(words, f"stage_{number}"), words.say("unit", "days", n=length), number == stage)
        for number, length in enumerate(zone.crop.stage_days)
    ]
    svg = season_chart(zone.crop.stage_days, age, ready_days, _sentence(words, "strip_title"))
    return StageView(said, svg, stages)


def yield_view(zone: Zone, found: Expected, totals: SeasonRecord | None, words: Words) -> YieldView:
    """The expected harvest as a range, how sure, what moved it, and when it is ready."""
    harvested = totals.season.harvest if totals else None
    if harvested is not None:
        return YieldView([])
    likely = found.yield_t_ha
    if likely is None:
        return YieldView([_sentence(words, "yield_none"), *_ready(found, words)])
    width = (likely.p90 - likely.p10) / max(likely.p50, 0.1)
    sure = "sure_good" if width <= GOOD_FRAC else "sure_fair" if width <= FAIR_FRAC else "sure_rough"
    if found.yield_by is YieldBy.CROP_MEAN:
        sure = "sure_mean"
    contributions = harvest_sentence(found.contributions, words)
    said = [
        _sentence(words, "yield", low_t_ha=likely.p10, likely_t_ha=likely.p50, high_t_ha=likely.p90),
        _sentence(words, sure),
        *([contributions] if contributions else []),
        *_ready(found, words),
    ]
    most = 1.15 * max(zone.crop.yield_potential_t_ha, likely.p90)
    svg = range_chart((likely.p10, likely.p50, likely.p90), 0.0, most, said[0])
    return YieldView(said, svg, (words.yield_(0.0), words.yield_(most)))


def _ready(found: Expected, words: Words) -> list[str]:
    ready = found.harvest_on
    if ready is None:
        return []
    early, likely, late = (words.date(on) for on in (ready.p10, ready.p50, ready.p90))
    return [_sentence(words, "ready", early=early, likely=likely, late=late)]


def sums_view(totals: SeasonRecord, zone: Zone, words: Words) -> SumsView:
    """The season in figures, beside the season before, and what is not in them."""
    sums = totals.sums
    if sums is None:
        return SumsView([], [_sentence(words, "not_enough")] if totals.age_days >= 0 else [])
    us = words.system == "us"
    heat = round(sums.heat_c_days * (F_DAYS_PER_C_DAY if us else 1.0))
    figures: list[tuple[str, str, str | None]] = [
        (_sentence(words, "water"), words.depth(sums.water_mm), words.litres(sums.litres)),
        (_sentence(words, "use"), words.depth(sums.use_mm), None),
        (_sentence(words, "rain"), words.depth(sums.rain_mm), None),
        (_sentence(words, "lost"), words.depth(sums.lost_mm), None),
        (
            _sentence(words, "heat"),
            _sentence(words, "heat_f" if us else "heat_c", n=heat),
            _heat_above(zone, words),
        ),
        (
            _sentence(words, "thirsty"),
            words.say("unit", "days", n=sums.thirsty_days),
            _sentence(words, "thirsty_note"),
        ),
    ]
    return SumsView(figures, [*_compared(totals, sums, words), *_unknown(sums, words)])


def _heat_above(zone: Zone, words: Words) -> str:
    return _sentence(words, "heat_note", base_t_c=zone.crop.base_t_c)


def _compared(totals: SeasonRecord, sums: Sums, words: Words) -> list[str]:
    said = []
    if sums.use_mm > 0:
        of_frac = sums.water_mm / sums.use_mm
        said.append(_sentence(words, "water_of_use" if of_frac <= 1 else "water_over_use", of_frac=of_frac))
    before = totals.before
    if before is None:
        return [*said, _sentence(words, "before_none")]
    values = {"before_mm": before.water_mm, "whole_mm": before.whole_mm}
    by_mm = sums.water_mm - before.water_mm
    if abs(by_mm) < WORTH_SHOWING_MM:
        return [*said, _sentence(words, "before_same", **values)]
    return [
        *said,
        _sentence(words, "before_more" if by_mm > 0 else "before_less", by_mm=abs(by_mm), **values),
    ]


def _unknown(sums: Sums, words: Words) -> list[str]:
    missing = sums.days - sums.known_days
    return [_sentence(words, "unknown_days", n=missing)] if missing > 0 else []


def harvests_view(totals: SeasonRecord, found: Expected, words: Words) -> HarvestsView:
    """What was said of the harvest: the last word counts, what was said before stays."""
    kept = totals.season.harvest
    of = [one for one in totals.harvests if one.on <= (totals.season.ends_on)] if kept else []
    likely = found.yield_t_ha
    said = []
    if kept is not None:
        said.append(_sentence(words, "harvest_kept", t_ha=kept.t_ha, date=words.date(kept.on)))
        if likely and likely.p50 > 0:
            said.append(
                _sentence(words, "harvest_of", of_frac=kept.t_ha / likely.p50, likely_t_ha=likely.p50)
            )
    else:
        said.append(_sentence(words, "harvest_none"))
    before = [_sentence(words, "harvest_before", t_ha=one.t_ha, date=words.date(one.on)) for one in of[:-1]]
    return HarvestsView(kept is not None, said, before, [_earlier(one, words) for one in totals.earlier])


def _earlier(one: Season, words: Words) -> Earlier:
    brought = words.yield_(one.harvest.t_ha) if one.harvest else _sentence(words, "harvest_unknown")
    return Earlier(words.date(one.planting.planted_on), words.say("crop", one.planting.crop), brought)


def corrected(snapshot: StationSnapshot, zone: Zone, words: Words) -> list[str]:
    """What earlier harvests taught, where that is used."""
    yields = snapshot.controller.learning.yields if snapshot.controller else ()
    mine = next((one for one in yields if one.zone == zone.id and one.crop == zone.crop.name), None)
    if mine is None or not mine.used:
        return []
    return [_sentence(words, "corrected", of_frac=mine.scale, seasons=mine.seasons)]


def _sentence(words: Words, code: str, **values: Any) -> str:
    return words.say("season", code, **values)

"""A zone's season in words and small pictures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fieldstation.agronomy.crop_stage import stage_of
from fieldstation.domain.decision import Decision
from fieldstation.domain.forecast import YieldBy
from fieldstation.domain.station import Zone
from fieldstation.language.sentences import Words
from fieldstation.page.charts.season_strips import range_strip, season_strip
from fieldstation.page.explanation import harvest_sentence
from fieldstation.page.season.totals import Books, Sums
from fieldstation.wire.report import dates_plain, drivers_plain, range_plain

GOOD_FRAC, FAIR_FRAC = 0.2, 0.5
"""A range narrower than this part of its middle is called quite sure, or fairly sure."""
F_DAYS_PER_C_DAY = 1.8
TELLING_MM = 1.0

Plain = dict[str, Any]


def foretold(live: Plain | None, recorded: Decision | None) -> tuple[Plain | None, bool]:
    """What is forecast of yield and harvest, and whether it is only what the record had last."""
    if live is not None:
        keys = ("yield_t_ha", "yield_by", "harvest_on", "yield_drivers")
        return {key: live.get(key) for key in keys}, False
    forecast = recorded.forecast if recorded else None
    if forecast is None:
        return None, True
    return {
        "yield_t_ha": range_plain(forecast.yield_t_ha) if forecast.yield_t_ha else None,
        "yield_by": forecast.yield_by.value if forecast.yield_by else None,
        "harvest_on": dates_plain(forecast.harvest_on) if forecast.harvest_on else None,
        "yield_drivers": drivers_plain(forecast.yield_drivers),
    }, True


def stage_view(zone: Zone, found: Plain | None, today: date, words: Words) -> Plain:
    """Where the season stands, drawn and said."""
    age, days = (today - zone.planted_on).days, zone.crop.season_days
    stage = stage_of(zone.crop, age) if 0 <= age < days else None
    ready = (found or {}).get("harvest_on")
    ready_days = None
    if ready:
        ready_days = tuple(
            (date.fromisoformat(ready[p]) - zone.planted_on).days for p in ("p10", "p50", "p90")
        )
    if age < 0:
        said = _say(words, "not_planted", date=words.date(zone.planted_on))
    elif stage is None:
        said = _say(words, "over", days=days, date=words.date(zone.planted_on + timedelta(days=days)))
    else:
        said = _say(words, "planted", date=words.date(zone.planted_on), day=age + 1, days=days)
    title = _say(words, "strip_title")
    return {
        "said": said,
        "svg": season_strip(zone.crop.stage_days, age, ready_days, title),  # type: ignore[arg-type] # three days
        "stages": [
            {
                "name": _say(words, f"stage_{number}"),
                "days": words.say("unit", "days", n=length),
                "now": number == stage,
            }
            for number, length in enumerate(zone.crop.stage_days)
        ],
    }


def yield_view(zone: Zone, found: Plain | None, books: Books | None, words: Words) -> Plain:
    """The expected harvest as a range, how sure, what moved it, and when it is ready."""
    harvested = books.season.harvest if books else None
    if harvested is not None:
        return {"said": [], "svg": None}
    likely = (found or {}).get("yield_t_ha")
    if found is None or likely is None:
        return {"said": [_say(words, "yield_none"), *_ready(found, words)], "svg": None}
    width = (likely["p90"] - likely["p10"]) / max(likely["p50"], 0.1)
    sure = "sure_good" if width <= GOOD_FRAC else "sure_fair" if width <= FAIR_FRAC else "sure_rough"
    if found["yield_by"] == YieldBy.CROP_MEAN.value:
        sure = "sure_mean"
    drivers = harvest_sentence(found["yield_drivers"] or [], words)
    said = [
        _say(words, "yield", low_t_ha=likely["p10"], likely_t_ha=likely["p50"], high_t_ha=likely["p90"]),
        _say(words, sure),
        *([drivers] if drivers else []),
        *_ready(found, words),
    ]
    most = 1.15 * max(zone.crop.yield_potential_t_ha, likely["p90"])
    title = said[0]
    return {
        "said": said,
        "svg": range_strip([likely[p] for p in ("p10", "p50", "p90")], 0.0, most, title),
        "ends": (words.yield_(0.0), words.yield_(most)),
    }


def _ready(found: Plain | None, words: Words) -> list[str]:
    ready = (found or {}).get("harvest_on")
    if not ready:
        return []
    early, likely, late = (words.date(date.fromisoformat(ready[p])) for p in ("p10", "p50", "p90"))
    return [_say(words, "ready", early=early, likely=likely, late=late)]


def sums_view(books: Books, zone: Zone, words: Words) -> Plain:
    """The season in figures, beside the season before, and what is not in them."""
    sums = books.sums
    if sums is None:
        return {"figures": [], "said": [_say(words, "not_enough")] if books.age_days >= 0 else []}
    us = words.system == "us"
    heat = round(sums.heat_c_days * (F_DAYS_PER_C_DAY if us else 1.0))
    figures = [
        (_say(words, "water"), words.depth(sums.water_mm), words.litres(sums.litres)),
        (_say(words, "use"), words.depth(sums.use_mm), None),
        (_say(words, "rain"), words.depth(sums.rain_mm), None),
        (_say(words, "lost"), words.depth(sums.lost_mm), None),
        (_say(words, "heat"), _say(words, "heat_f" if us else "heat_c", n=heat), _heat_above(zone, words)),
        (_say(words, "thirsty"), words.say("unit", "days", n=sums.thirsty_days), _say(words, "thirsty_note")),
    ]
    return {"figures": figures, "said": [*_compared(books, sums, words), *_unknown(sums, words)]}


def _heat_above(zone: Zone, words: Words) -> str:
    return _say(words, "heat_note", base_t_c=zone.crop.base_t_c)


def _compared(books: Books, sums: Sums, words: Words) -> list[str]:
    said = []
    if sums.use_mm > 0:
        of_frac = sums.water_mm / sums.use_mm
        said.append(_say(words, "water_of_use" if of_frac <= 1 else "water_over_use", of_frac=of_frac))
    before = books.before
    if before is None:
        return [*said, _say(words, "before_none")]
    values = {"before_mm": before.water_mm, "whole_mm": before.whole_mm}
    by_mm = sums.water_mm - before.water_mm
    if abs(by_mm) < TELLING_MM:
        return [*said, _say(words, "before_same", **values)]
    return [*said, _say(words, "before_more" if by_mm > 0 else "before_less", by_mm=abs(by_mm), **values)]


def _unknown(sums: Sums, words: Words) -> list[str]:
    missing = sums.days - sums.known_days
    return [_say(words, "unknown_days", n=missing)] if missing > 0 else []


def harvests_view(books: Books, found: Plain | None, words: Words) -> Plain:
    """What was said of the harvest: the last word counts, what was said before stays."""
    kept = books.season.harvest
    of = [one for one in books.harvests if one.on <= (books.season.ends_on)] if kept else []
    likely = (found or {}).get("yield_t_ha")
    said = []
    if kept is not None:
        said.append(_say(words, "harvest_kept", t_ha=kept.t_ha, date=words.date(kept.on)))
        if likely and likely["p50"] > 0:
            said.append(
                _say(words, "harvest_of", of_frac=kept.t_ha / likely["p50"], likely_t_ha=likely["p50"])
            )
    else:
        said.append(_say(words, "harvest_none"))
    return {
        "kept": kept is not None,
        "said": said,
        "before": [_say(words, "harvest_before", t_ha=one.t_ha, date=words.date(one.on)) for one in of[:-1]],
        "earlier": [
            {
                "planted": words.date(one.planting.planted_on),
                "crop": words.say("crop", one.planting.crop),
                "harvest": words.yield_(one.harvest.t_ha) if one.harvest else _say(words, "harvest_unknown"),
            }
            for one in books.earlier
        ],
    }


def corrected(snapshot: Plain | None, zone: Zone, words: Words) -> list[str]:
    """What earlier harvests taught, where that is used."""
    yields = ((snapshot or {}).get("learning") or {}).get("yields") or []
    mine = next((one for one in yields if one["zone"] == zone.id and one["crop"] == zone.crop.name), None)
    if mine is None or not mine["used"]:
        return []
    return [_say(words, "corrected", of_frac=mine["scale"], seasons=mine["seasons"])]


def _say(words: Words, code: str, **values: Any) -> str:
    return words.say("season", code, **values)

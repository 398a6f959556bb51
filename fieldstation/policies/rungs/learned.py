"""Rung 1: LightGBM's view of the root zone, kept honest by the balance."""

from __future__ import annotations

from dataclasses import replace

from fieldstation.domain.forecast import ZoneForecast
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import refill_of
from fieldstation.policies.rootzone import RootZone, by_probes, usable_probes
from fieldstation.policies.rungs.answer import Answer, Unable

MAX_DISAGREEMENT = 0.45  # of TAW, between model and balance
MAX_SPREAD = 0.75  # of TAW, between p10 and p90
MAX_FORECAST_AGE_S = 6 * 3600.0
FULL_FRAC = 0.05  # of TAW: probes that show less missing stand in full soil


def decide(facts: ZoneFacts, balance: RootZone | None) -> Answer | Unable:
    """Decide by the virtual sensor; unable when it is missing, old, unsure, or against the balance."""
    forecast = facts.forecast
    if forecast is None:
        return Unable(facts.forecast_missing or "no_forecast")
    if not facts.clock_trusted:
        return Unable("clock_untrusted")
    if balance is None:
        return Unable("no_weather")
    if not usable_probes(facts):
        return Unable("no_good_probe")
    if not 0 <= (facts.at - forecast.at).total_seconds() <= MAX_FORECAST_AGE_S:
        return Unable("forecast_old")
    likely = forecast.depletion_frac
    if likely.p90 - likely.p10 > MAX_SPREAD:
        return Unable("forecast_unsure")
    if (
        balance.unknown_days == 0
        and abs(likely.p50 - balance.depletion_mm / balance.taw_mm) > MAX_DISAGREEMENT
    ):
        return Unable("disagrees_with_balance")
    return believed(facts, forecast, balance)


def believed(facts: ZoneFacts, forecast: ZoneForecast, balance: RootZone) -> Answer:
    """What this rung decides when nothing speaks against the forecast.

    The forecast alone gives no water while all probes are full and the balance waits. After rain or water
    that nobody reported, it sees the soil drier than it is.
    """
    seen = replace(balance, depletion_mm=max(0.0, forecast.depletion_frac.p50) * balance.taw_mm)
    wanted = refill_of(facts, seen)
    if wanted.depth_mm > 0 and _stand_full(facts, balance):
        waiting = refill_of(facts, balance)
        if waiting.depth_mm <= 0:
            return Answer(waiting, balance, refill_of)
    return Answer(wanted, seen, refill_of)


def _stand_full(facts: ZoneFacts, balance: RootZone) -> bool:
    """Whether two probes or more are heard and show full soil; one may be wrong for ever."""
    shown_mm = by_probes(facts, balance)
    return len(usable_probes(facts)) >= 2 and shown_mm is not None and shown_mm <= FULL_FRAC * balance.taw_mm


def would(facts: ZoneFacts, balance: RootZone | None) -> Answer | None:
    """What it would have decided without probe, certainty or agreement; None without a young forecast."""
    forecast = facts.forecast
    if forecast is None or balance is None or not facts.clock_trusted:
        return None
    if not 0 <= (facts.at - forecast.at).total_seconds() <= MAX_FORECAST_AGE_S:
        return None
    return believed(facts, forecast, balance)

"""Rung 2: the FAO-56 balance with Hargreaves ET0 and measured rain."""

from __future__ import annotations

from dataclasses import replace

from fieldstation.agronomy.balance import MAX_UNKNOWN_DAYS
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.refill import refill_of
from fieldstation.policies.rootzone import RootZone, by_probes, usable_probes
from fieldstation.policies.rungs.answer import Answer, Unable

WETTER_BY = 0.15  # of TAW: probes this much wetter than the balance are heard
BALANCE_RULES_BEYOND = 1.5  # of RAW: a crop this dry by balance is watered whatever one probe says


def decide(facts: ZoneFacts, balance: RootZone | None) -> Answer | Unable:
    """Decide by the balance; where good probes are clearly wetter, take what gives less water.

    One probe that says wet for ever must not starve a crop: far past the line the balance
    rules. Two that agree are believed until the balance is at the wilting point.
    """
    if not facts.clock_trusted:
        return Unable("clock_untrusted")
    if balance is None:
        return Unable("no_weather")
    if balance.unknown_days > MAX_UNKNOWN_DAYS:
        return Unable("weather_unknown")
    shown_mm = by_probes(facts, balance)
    heard = balance
    agreed = len(usable_probes(facts)) >= 2
    until_mm = balance.taw_mm if agreed else BALANCE_RULES_BEYOND * balance.raw_mm
    if (
        shown_mm is not None
        and shown_mm < balance.depletion_mm - WETTER_BY * balance.taw_mm
        and balance.depletion_mm < until_mm
    ):
        heard = replace(balance, depletion_mm=shown_mm)
    return Answer(refill_of(facts, heard), heard, refill_of)

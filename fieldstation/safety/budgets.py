"""What is left of a day's water: for people to see, and for a ledger that starts anew."""

from __future__ import annotations

from fieldstation.domain.station import Station
from fieldstation.domain.status.guard import BudgetStatus
from fieldstation.safety.memory import Memory, Span


def budgets(station: Station, memory: Memory) -> dict[str, BudgetStatus]:
    """Per zone: litres, seconds and starts left now, and seconds of rest still to wait."""
    left = {}
    for zone in station.zones:
        on_s, litres = memory.spent(zone.id, memory.t_s)
        ended_s = memory.last_end_s(zone.id)
        rest_s = 0.0 if ended_s is None else ended_s + zone.limits.min_rest_s - memory.t_s
        starts = len(memory.starts(zone.id, memory.t_s))
        left[zone.id] = BudgetStatus(
            litres_left=round(max(0.0, zone.limits.max_l_per_day - litres), 1),
            seconds_left=round(max(0.0, zone.limits.max_s_per_day - on_s)),
            starts_left=max(0, zone.limits.max_starts_per_hour - starts),
            rest_left_s=round(max(0.0, rest_s)),
        )
    return left


def spent_everywhere(station: Station) -> Memory:
    """A memory that begins with today's budgets used up: nobody knows what was given already."""
    memory = Memory()
    for zone in station.zones:
        limits = zone.limits
        memory.spans.append(Span(zone.id, zone.pump, 0.0, 0.0, limits.max_s_per_day, limits.max_l_per_day))
    return memory

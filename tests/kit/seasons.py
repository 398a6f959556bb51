"""A season of advice in which each advice is followed."""

from __future__ import annotations

from typing import Any

from fieldstation.advice.adviser import Advice, Adviser
from fieldstation.advice.input import parse_line, plot_from
from tests.kit.models import MODELS
from tests.kit.mornings import Ground, line, zone


def lived(days: int, adviser: Adviser | None = None, **change: Any) -> list[Advice]:
    """A dry season in which every advice is followed."""
    adviser = adviser or Adviser(plot_from(zone()), MODELS)
    ground, given, found = Ground(), 0.0, []
    for day in range(days):
        told = {"irrigated_mm": given, "soil": ground.soil(day, given), **change}
        found.append(adviser.advise(parse_line(line(day, **told), given)))
        given = found[-1].choice.depth_mm
    return found

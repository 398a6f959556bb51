"""What would have changed a decision, as codes and values; and the names of the bounds that may cut one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

LIMITS = (
    "max_depth_mm_per_day",
    "day_cap_mm",
    "longest_run_s",
    "max_s_per_day",
    "max_l_per_day",
    "season_water_cap_mm",
)
"""Every bound that may cut a depth, as `limited_by` names it."""


class ChangeCode(StrEnum):
    """The kinds of change. The page turns each into a sentence."""

    DRIER = "drier"  # wait: watered if the soil were `mm` drier, about `days` like this one
    SETTLED = "settled"  # wait: watered once the last water has settled, in `hours`
    SETTLED_AND_DRIER = "settled_and_drier"  # wait: both, `hours` and `mm`
    LESS_RAIN_FORECAST = "less_rain_foretold"  # wait: watered if no more than `below_mm` were forecast
    LESS_RAIN_FALLEN = "less_rain_fallen"  # wait: watered if no more than `below_mm` had fallen
    WITHOUT_LIMIT = "without_limit"  # wait or cut: without `limit` it would be `mm`
    LATER = "later"  # wait by calendar: watered in `days`
    WETTER = "wetter"  # water: it would have waited if the soil were `mm` wetter
    MORE_RAIN_FORECAST = "more_rain_foretold"  # water: `mm` more forecast rain would have delayed it
    MORE_RAIN_FALLEN = "more_rain_fallen"  # water: `mm` more rain today would have delayed it
    WATERED_LATELY = "watered_lately"  # water by calendar: not if watered less than `days` ago
    CROP_IN_GROUND = "crop_in_ground"  # out of season
    INPUT_BACK = "input_back"  # hold: any trusted input
    WITHOUT_REQUEST = "without_wish"  # wait or other depth: without what `by` asked it would be `mm`
    REQUEST_OVER = "wish_over"  # wait: judged again when what `by` asked is over
    QUIET_HOURS = "quiet_hours"  # water later: `by` asked for quiet hours
    NOTHING = "nothing"  # no change of soil, rain or limits alone


@dataclass(frozen=True, slots=True)
class Change:
    """One change that alone would have flipped the decision, or lifted its depth to `mm`."""

    code: ChangeCode
    values: dict[str, float | str | None] = field(default_factory=dict)

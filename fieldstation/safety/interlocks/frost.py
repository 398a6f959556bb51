"""Too cold to water, or no one knows and it may be."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.moment import known
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """Refuse below the limit; an unknown temperature refuses only in the frost months, or in an unknown month."""
    t_c, age_s = known(view.air_t_c), known(view.air_age_s)
    if t_c is None or age_s is None or not 0 <= age_s <= view.settings.air_stale_s:
        months, month = view.settings.frost_months, view.moment.month
        return No(Code.AIR_UNKNOWN) if months and (month is None or month in months) else None
    return No(Code.FROST) if t_c < view.settings.frost_limit_c else None

"""The screens, in the order of the navigation. A new screen is a file here and a line below."""

from __future__ import annotations

from fieldstation.page.screens import (
    about,
    alerts,
    bucket,
    calibration,
    commissioning,
    history,
    more,
    nudges,
    people,
    plan,
    planting,
    pulse,
    record,
    season,
    settings,
    setup,
    sign,
    today,
    zones,
)

SCREENS = (
    today, alerts, history, plan, nudges, season, planting, more, zones, settings, people, record, about, pulse, sign, setup, calibration, bucket,
    commissioning,
)  # fmt: skip
"""Each has `attach(app, site)`."""

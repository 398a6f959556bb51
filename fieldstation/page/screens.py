"""The screens, in the order of the navigation. A new screen is a file here and a line below."""

from __future__ import annotations

from fieldstation.page.alerts import screen as alerts
from fieldstation.page.calibration import bucket
from fieldstation.page.calibration import screen as calibration
from fieldstation.page.commissioning import screen as commissioning
from fieldstation.page.history import screen as history
from fieldstation.page.people import screen as people
from fieldstation.page.plan import screen as plan
from fieldstation.page.planting import screen as planting
from fieldstation.page.record import screen as record
from fieldstation.page.requests import screen as nudges
from fieldstation.page.season import screen as season
from fieldstation.page.settings import about, more
from fieldstation.page.settings import screen as settings
from fieldstation.page.sign_in import screen as sign
from fieldstation.page.sign_in import setup
from fieldstation.page.today import heartbeat
from fieldstation.page.today import screen as today
from fieldstation.page.zones import screen as zones

SCREENS = (
    today,
    alerts,
    history,
    plan,
    nudges,
    season,
    planting,
    more,
    zones,
    settings,
    people,
    record,
    about,
    heartbeat,
    sign,
    setup,
    calibration,
    bucket,
    commissioning,
)
"""Each has `attach(app, site)`."""

"""Every feature: its screens in the order of the navigation, and its part of the API. A new one is a folder and two lines here."""

from __future__ import annotations

from flask import Flask

from fieldstation.page import stop
from fieldstation.page.alerts import api as alerts_api
from fieldstation.page.alerts import screen as alerts
from fieldstation.page.api.openapi import Room
from fieldstation.page.calibration import api as calibration_api
from fieldstation.page.calibration import bucket
from fieldstation.page.calibration import screen as calibration
from fieldstation.page.commissioning import api as commissioning_api
from fieldstation.page.commissioning import screen as commissioning
from fieldstation.page.context import PageContext
from fieldstation.page.history import api as history_api
from fieldstation.page.history import screen as history
from fieldstation.page.people import api as people_api
from fieldstation.page.people import audit_api
from fieldstation.page.people import screen as people
from fieldstation.page.plan import screen as plan
from fieldstation.page.planting import api as planting_api
from fieldstation.page.planting import screen as planting
from fieldstation.page.record import api as record_api
from fieldstation.page.record import screen as record
from fieldstation.page.requests import api as requests_api
from fieldstation.page.requests import screen as requests
from fieldstation.page.season import api as season_api
from fieldstation.page.season import screen as season
from fieldstation.page.settings import about, more
from fieldstation.page.settings import api as settings_api
from fieldstation.page.settings import screen as settings
from fieldstation.page.sign_in import screen as sign_in
from fieldstation.page.sign_in import setup
from fieldstation.page.today import heartbeat
from fieldstation.page.today import screen as today
from fieldstation.page.zones import api as zones_api
from fieldstation.page.zones import screen as zones

SCREENS = (
    *(
        today,
        stop,
        heartbeat,
        alerts,
        history,
        plan,
        requests,
        season,
        planting,
        more,
        zones,
        settings,
        people,
    ),
    *(record, about, sign_in, setup, calibration, bucket, commissioning),
)
"""Each has `attach(app, page)`."""


def rooms(app: Flask, page: PageContext) -> list[Room]:
    """The API's parts, in the order of its description."""
    return [
        settings_api.attach(app, page),
        zones_api.attach(app, page),
        history_api.attach(page),
        requests_api.attach(page),
        season_api.attach(app, page),
        planting_api.attach(app, page),
        alerts_api.attach(page),
        people_api.attach(page),
        audit_api.attach(page),
        calibration_api.attach(page),
        commissioning_api.attach(page),
        record_api.attach(app, page),
    ]

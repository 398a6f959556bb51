"""The screens, in the order of the navigation. A new screen is a file here and a line below."""

from __future__ import annotations

from fieldstation.page.screens import bucket, calibration, commissioning, history, more, plan, pulse, today

SCREENS = (today, history, plan, more, pulse, calibration, bucket, commissioning)
"""Each has `attach(app, site)`."""

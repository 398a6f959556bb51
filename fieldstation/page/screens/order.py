"""The screens, in the order of the navigation. A new screen is a file here and a line below."""

from __future__ import annotations

from fieldstation.page.screens import today

SCREENS = (today,)
"""Each has `attach(app, site)`."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["tests.kit.manners"]

settings.register_profile("shared machine", deadline=None)  # a busy core makes any example slow
settings.load_profile("shared machine")

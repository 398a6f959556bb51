"""Where a declaration came from before `binding`; devices still ask here."""

from __future__ import annotations

from fieldstation.binding import Bounds, setting

__all__ = ["Bounds", "setting"]

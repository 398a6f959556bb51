"""One tree for every error the station raises on purpose."""

from __future__ import annotations

from fieldstation.binding import Problem

__all__ = ["ConfigError", "DeviceError", "PeerSilent", "PlaceError", "Problem", "StationError"]


class StationError(Exception):
    """Something the user can act on; its text says where, what, and what to do."""


class ConfigError(StationError):
    """Every problem found in a configuration or data file, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class DeviceError(StationError):
    """A device gave no usable answer; `fault` is a `Quality` value naming why."""

    def __init__(self, fault: str, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class PeerSilent(StationError):
    """Another process of the station did not answer within its deadline."""


class PlaceError(StationError):
    """A folder, file, port or lock is unusable: missing rights, foreign, busy or full."""

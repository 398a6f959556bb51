"""One tree for every error the station raises on purpose."""

from __future__ import annotations

from fieldstation.binding import Problem

__all__ = [
    "CAUSE_MAX",
    "ConfigError",
    "DeviceError",
    "PeerSilent",
    "PeerUnreadable",
    "PlaceError",
    "Problem",
    "StationError",
    "cause",
]

CAUSE_MAX = 300


class StationError(Exception):
    """Something the user can act on; its text says where, what, and what to do."""


def cause(error: BaseException | str) -> str:
    """An error in one line of at most 300 characters, for the technician. A bug's type is named.

    >>> cause(OSError(2, "No such file or directory"))
    '[Errno 2] No such file or directory'
    >>> cause(AttributeError("no 'reed'"))
    "AttributeError: no 'reed'"
    """
    text = " ".join(str(error).split())
    if not isinstance(error, str | StationError | OSError):
        text = f"{type(error).__name__}: {text}"
    return text[:CAUSE_MAX] or type(error).__name__


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


class PeerUnreadable(PeerSilent):
    """Another process answered, but not as it must: mostly, it is of another release. It counts as silent."""


class PlaceError(StationError):
    """A folder, file, port or lock is unusable: missing rights, foreign, busy or full."""

"""What marks a file as ours, and which schema this release reads and writes."""

from __future__ import annotations

APPLICATION_ID = 0x46445354
"""`FDST` in the file's header: tells our record from any other SQLite file."""

VERSION = 3
"""`user_version` of this release; `migrations` has one step for each."""

TABLES = (
    "boot",
    "series",
    "round",
    "hourly",
    "daily",
    "progress",
    "run",
    "decision",
    "event",
    "planting",
    "harvest",
    "model",
    "learning",
    "foretold",
    "account",
    "token",
    "setting",
    "audit",
    "calibration",
    "alert",
    "outbox",
    "commissioning",
)
"""Every table of ours, parents first."""

"""Rows of settings: each a word of somebody's; of one name and zone the last counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fieldstation.domain.settings import SETTINGS, Settings, SettingValue, StoredSetting
from fieldstation.store.instant import from_ms, to_ms

CURRENT = (
    "SELECT name, zone, value, by, at, trusted FROM setting"
    " WHERE id IN (SELECT max(id) FROM setting GROUP BY name, zone)"
)


def add_setting(
    connection: sqlite3.Connection,
    at: datetime,
    trusted: bool,
    name: str,
    zone: str | None,
    value: SettingValue,
    by: str,
) -> None:
    """Keep a checked value; what was set before stays as its history."""
    connection.execute(
        "INSERT INTO setting (at, trusted, name, zone, value, by) VALUES (?, ?, ?, ?, ?, ?)",
        (to_ms(at), trusted, name, zone, json.dumps(value), by),
    )


def settings_of(rows: Iterable[tuple[Any, ...]]) -> Settings:
    """The rows of CURRENT. A name this release does not know is left out; so is a value it would refuse."""
    stored = {}
    for name, zone, value, by, at, trusted in rows:
        spec = SETTINGS.get(name)
        if spec is None or spec.per_zone is (zone is None):
            continue
        try:
            checked = spec.checked(json.loads(value))
        except ValueError:
            continue
        stored[name, zone] = StoredSetting(checked, by, from_ms(at), bool(trusted))
    return Settings(stored)


def audit_value(name: str, value: SettingValue) -> str | float | None:
    """A value as the audit log keeps it."""
    if name in SETTINGS and SETTINGS[name].secret:  # the audit log is read by many
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else value

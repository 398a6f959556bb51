"""Accounts, tokens, settings and the audit log, on record: what ends stays as a row, the last word counts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fieldstation.domain.people import Role, Scope
from fieldstation.domain.settings import SETTINGS, Settings
from fieldstation.store.errors import RecordError
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record


def test_an_account_lives_ends_and_begins_anew(path: Path, record: Record) -> None:
    with record.people() as people:
        people.add_account("Ana", Role.FARMER, "hash-1")
    with Reader(path) as reader:
        (first,) = reader.accounts()
    assert (first.name, first.role, first.password) == ("Ana", Role.FARMER, "hash-1")
    with record.people() as people:
        assert people.account("ANA") == first
        people.set_role("ana", Role.VIEWER)
        people.set_password("ANA", "hash-2")
    with Reader(path) as reader:
        (second,) = reader.accounts()
    assert (second.role, second.password) == (Role.VIEWER, "hash-2")
    assert second.version != first.version
    with record.people() as people:
        people.end_account("ana")
    with Reader(path) as reader:
        assert reader.accounts() == []
    with record.people() as people:
        people.add_account("ana", Role.VIEWER, "hash-3")
    with Reader(path) as reader:
        (again,) = reader.accounts()
    assert again.version not in {first.version, second.version}, "sessions of before stay over"
    rows = sqlite3.connect(path).execute("SELECT count(*) FROM account").fetchone()
    assert rows == (1,)


def test_a_token_may_no_more_than_its_maker_and_ends_with_him(path: Path, record: Record) -> None:
    with record.people() as people:
        people.add_account("Ana", Role.TECHNICIAN, "h")
        people.add_token("pump room", (Scope.READ, Scope.OPERATE), "a" * 64, "Ana")
        people.add_token("screen", (Scope.READ,), "b" * 64, "Ana")
    with Reader(path) as reader:
        assert [one.role for one in reader.tokens()] == [Role.FARMER, Role.VIEWER], "never a technician"
    with record.people() as people:
        people.set_role("Ana", Role.VIEWER)
    with Reader(path) as reader:
        assert [one.role for one in reader.tokens()] == [Role.VIEWER, Role.VIEWER]
    with record.people() as people:
        people.set_role("Ana", Role.FARMER)
        people.end_token(1)
    with Reader(path) as reader:
        assert [one.name for one in reader.tokens()] == ["screen"]
    with record.people() as people:
        people.end_account("Ana")
        people.add_account("Ana", Role.FARMER, "h")
    with Reader(path) as reader:
        assert reader.tokens() == []


def test_of_one_setting_the_last_word_counts_and_the_trail_tells_who(path: Path, record: Record) -> None:
    record.set_setting("nudge_frac", "north", -0.1, "Ana")
    record.set_setting("nudge_frac", "north", 0.1, "Ben")
    record.set_setting("webhook_url", None, "https://user:secret@example.org", "Ben")
    with Reader(path) as reader:
        found, audit_log = reader.settings(), reader.audit()
        assert [one.id for one in reader.audit(limit=1, before=3)] == [2]
    assert found == record.settings()
    assert found.get("nudge_frac", "north") == 0.1
    assert found.get("nudge_frac", "south") == 0.0
    said = found.lookup("nudge_frac", "north")
    assert said is not None
    assert said.by == "Ben"
    assert found.lookup("nudge_frac", "south") is None
    assert [(one.who, one.what, one.zone, one.values) for one in audit_log] == [
        ("Ben", "setting", None, {"name": "webhook_url", "value": None}),
        ("Ben", "setting", "north", {"name": "nudge_frac", "value": 0.1}),
        ("Ana", "setting", "north", {"name": "nudge_frac", "value": -0.1}),
    ]


def test_a_setting_of_another_release_is_left_out(path: Path, record: Record) -> None:
    record.set_setting("of_tomorrow", None, "x", "Ana")
    record.set_setting("units", None, "furlongs", "Ana")
    assert record.settings() == Settings()
    assert record.settings().get("units") == "metric"


def test_a_wish_and_its_line_are_kept_together_or_not_at_all(path: Path, record: Record) -> None:
    with pytest.raises(ZeroDivisionError), record.together():  # noqa: PT012 -- what comes before is the point
        record.set_setting("units", None, "us", "Ana")
        record.add_audit("Ana", "more")
        raise ZeroDivisionError
    with Reader(path) as reader:
        assert reader.audit() == []
        assert reader.settings() == Settings()


def test_a_full_disk_is_told_and_changes_nothing(path: Path, record: Record) -> None:
    record._connection.execute("PRAGMA max_page_count = 1")
    pages = record._connection.execute("PRAGMA page_count").fetchone()[0]
    record._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordError) as told:  # noqa: PT012 -- the row that does not fit is any of many
        for _ in range(2000):
            record.set_setting("language", None, "es", "Ana" * 13)
    assert told.value.code == "disk_full"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("language", "ar", "xx"),
        ("units", "us", 3),
        ("viewer_sees", False, "no"),
        ("automatic", True, 1),
        ("nudge_frac", -0.2, -0.21),
        ("nudge_frac", 0.2, float("nan")),
        ("day_cap_mm", None, True),
        ("pause_until", "2026-07-01", "1.7.2026"),
        ("quiet_from", "21:30", "25:00"),
        ("quiet_until", None, "21:30+02:00"),
        ("skipped_at", "2026-07-01T04:30:00Z", "2026-07-01T04:30:00"),
        ("webhook_url", "https://a.example/x", "ftp://a"),
        ("webhook_url", None, "http://"),
        ("apprise_urls", ("a", "b"), "a"),
        ("apprise_urls", (), ("",)),
        ("units", "metric", None),
        ("quiet_from", "06:00", "06:00:30"),
        ("quiet_from", "06:00", "06:00Z"),
        ("pause_until", "2026-07-01", "2026-07-01T00:00Z"),
        ("pause_until", "2026-07-01", "20260701"),
        ("webhook_url", "http://u:p@[::1]:8/x?y", "https://a b"),
        ("webhook_url", None, "x" * 600),
    ],
)
def test_values_are_checked(name: str, good: object, bad: object) -> None:
    assert SETTINGS[name].checked(good) == good
    with pytest.raises(ValueError, match="must"):
        SETTINGS[name].checked(bad)


def test_every_default_is_a_value_it_would_take() -> None:
    for request in SETTINGS.values():
        assert request.checked(request.default) == request.default

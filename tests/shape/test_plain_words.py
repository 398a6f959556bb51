"""The words of the code are those of irrigation, control and the web. The invented ones do not come back."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

BANNED = {
    "nudge": "adjustment",
    "nudges": "adjustments",
    "nudged": "adjusted, or corrected by the probes",
    "nudging": "adjustment",
    "wish": "request, setting or refill",
    "wishes": "requests, settings",
    "verbs": "commands",
    "desk": "context",
    "heed": "apply_settings",
    "letter": "notification",
    "letters": "notifications",
    "tells": "notify, describe or report",
    "told": "described, reported, or what it is",
    "deed": "audit entry",
    "deeds": "audit entries",
    "trail": "audit log",
    "daybook": "daily history",
    "takeover": "restore",
    "manner": "irrigation strategy",
    "foretold": "prediction, or forecast rain",
    "doubts": "checks",
    "because": "explanation",
    "books": "totals, or water balance",
    "shelf": "cache",
    "gather": "source",
    "picture": "snapshot",
    "patience": "backoff",
    "callers": "connection limit",
    "ballast": "reserve",
    "looks": "inputs",
    "lived": "simulated",
}
"""The word that nobody finds in a manual, and the one to use."""

KEPT = {
    "nudge": "the command of `/api/v1/zones/ZONE/nudge`, and the code on record",
    "nudge_frac": "the setting on record, and its key in the API",
    "NUDGE": "the adjustment that the API calls nudge",
    "deeds": "the key of `/api/v1/audit` and of the plan's days",
    "letters": "of the alphabet",
    "letter": "of the alphabet",
    "LETTERS": "of the alphabet",
    "mean_told": "what people told of harvests, in a formula beside mean_got",
    "told_lpm": "the flow that the configuration tells, beside the measured one",
    "_looks_at": "which features a model looks at",
    "LOOKS_AT": "which features a model looks at",
    "CALENDAR_LOOKS_DAYS": "how far a calendar looks ahead",
    "SKIPPED_BECAUSE": "codes on record",
    "BECAUSE_WITHIN": "how old a decision may be that a run followed",
    "BECAUSE_BEFORE": "the same, for what is written out",
}
"""Identifiers that stay, each with its reason."""

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@pytest.fixture
def root(request: pytest.FixtureRequest) -> Path:
    return request.config.rootpath


def banned_in(name: str) -> set[str]:
    return {part.lower() for part in WORD.findall(name)} & set(BANNED)


def test_no_name_in_the_code_is_an_invented_word(root: Path) -> None:
    found: dict[str, str] = {}
    for path in sorted((root / "fieldstation").rglob("*.py")):
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if token.type == tokenize.NAME and token.string not in KEPT and (bad := banned_in(token.string)):
                found[f"{path.relative_to(root)}:{token.start[0]} {token.string}"] = BANNED[min(bad)]
    assert found == {}, "say it with the word beside it"


def test_no_file_is_named_by_an_invented_word(root: Path) -> None:
    files = [p for room in ("fieldstation", "web/templates", "web/src") for p in (root / room).rglob("*.*")]
    own = [p for p in files if not {"built", "models", "__pycache__"} & set(p.parts)]
    assert [str(path.relative_to(root)) for path in own if banned_in(path.stem)] == []


def test_each_exception_is_still_needed(root: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "fieldstation").rglob("*.py"))
    assert [name for name in KEPT if not re.search(rf"\b{name}\b", code)] == []

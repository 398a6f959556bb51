"""Learning on the page: a sentence for everything that can go wrong, in every language, and the API's part."""

from __future__ import annotations

import pytest

from fieldstation.language.sentences import LANGUAGES, catalogue
from fieldstation.store.errors import Trouble
from tests.kit.page_bench import NOW, Bench, guard_status, snapshot, z

CODES = [
    *(trouble.value for trouble in Trouble),
    "learning_died",
    "learning_late",
    "learning_garbage",
    "models_unwritable",
    "out_of_memory",
    "own_model_missing",
    "own_model_damaged",
    "own_model_foreign",
    "lightgbm_missing",
    "model_missing",
    "model_damaged",
]


CHAMPION = {
    "version": "own-1",
    "made_at": z(NOW),
    "against": "base-1",
    "why": "better",
    "mae_frac": 0.03,
    "rival_mae_frac": 0.06,
    "days": 14,
}


@pytest.fixture
def page(bench: Bench) -> Bench:
    return bench


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_stops_learning_has_its_words(page: Bench, language: str) -> None:
    words = catalogue(language)
    assert [code for code in CODES if code not in words["why"]] == []
    alert = {
        "code": "learning_failed",
        "zone": None,
        "since": z(NOW),
        "values": {"code": "own_model_damaged", "detail": "d"},
    }
    page.up(guard_status(), snapshot(alerts=[alert]))
    html = page.client.get(f"/?lang={language}").text
    assert str(words["why"]["own_model_damaged"]).replace("'", "&#39;") in html


def test_the_api_tells_who_is_in_charge(page: Bench) -> None:
    told = {"running": False, "last_at": z(NOW), "failure": None, "champion": CHAMPION}
    page.up(guard_status(), snapshot(learning=told))
    found = page.client.get("/api/v1/status").get_json()["learning"]
    assert found == {**found, **told}


def test_the_api_says_null_while_the_controller_is_silent(page: Bench) -> None:
    page.up(guard_status())
    assert page.client.get("/api/v1/status").get_json()["learning"] is None

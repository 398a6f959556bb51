"""Learning through real processes: asked for by a person, done by a child, registered by the controller."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fieldstation.domain.learned import ModelState
from fieldstation.learner.main import challenger
from fieldstation.learning.forecaster import Forecaster
from fieldstation.learning.own import TREES
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.commands import fieldstation
from tests.kit.fields import windows
from tests.kit.station import Demo, wait_for

pytestmark = pytest.mark.slow


def test_a_person_asks_to_learn_and_tells_a_harvest(demo: Callable[..., Demo]) -> None:
    station = demo()
    data = ("--data", station.places.data)
    silent = fieldstation("learn", *data)
    assert (silent.returncode, "controller is silent" in silent.stderr) == (2, True)
    station.start("field")
    for zone in station.station.zones:
        station.field("wet", zone=zone.id)  # learning waits for water that runs
    station.start("guard", "controller", "page")
    done = fieldstation("learn", *data, within_s=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stretches without water" in done.stdout
    assert "too little to learn from" in done.stdout, "twenty days are too few"
    today = datetime.now(UTC).date().isoformat()
    told = ("harvest", "--zone", "north", "--on", today, "--t-ha", "80", *data)
    fresh = fieldstation(*told)
    assert (fresh.returncode, "--dry-frac" in fresh.stdout) == (1, True)
    kept = fieldstation(*told, "--dry-frac", "0.06")
    assert (kept.returncode, "4.8 t/ha of dry matter" in kept.stdout) == (0, True)
    with Reader(station.places.record) as reader:
        assert [harvest.t_ha for harvest in reader.harvests()] == [4.8]
        assert {planting.zone for planting in reader.plantings()} == {"north", "south"}
    listed = fieldstation("learn", "--list", *data)
    assert "the shipped one is in charge" in listed.stdout
    back = fieldstation("learn", "--rollback", *data)
    assert (back.returncode, "Nothing to roll back" in back.stdout) == (0, True)
    learning = station.get("/api/v1/status")["learning"]
    assert (learning["failure"], learning["champion"], learning["shadow"]) == (None, None, None)
    assert learning["last_at"] is not None


def test_a_model_in_shadow_is_noted_down_and_a_damaged_champion_is_out(demo: Callable[..., Demo]) -> None:
    station = demo()
    places = station.places
    now = datetime.now(UTC)
    shipped = Forecaster.load()
    shadow = challenger(windows(lambda day: 0.3), shipped, places.models, [], now)
    assert shadow is not None
    assert shadow.state is ModelState.SHADOW
    second = challenger(windows(lambda day: 0.3, seed=5), shipped, places.models, [], now)
    assert second is not None
    champion = replace(second, state=ModelState.CHAMPION)
    trees = places.models / champion.version / TREES
    trees.write_bytes(trees.read_bytes()[:-1])
    with closing(Record.open(places.record, "before")) as record:
        record.add_learning(None, [shadow, champion])
    station.start("field", "guard", "controller", "page")

    def predictions() -> set[str]:
        with Reader(places.record) as reader:
            return {one.version for one in reader.predictions(now)}

    wait_for(lambda: predictions() == {shipped.version, shadow.version}, 60, "both forecasts are kept")
    status = wait_for(
        lambda: (found := station.get("/api/v1/status"))["learning"]["champion"] is None and found, 20, "out"
    )
    assert [a["values"]["code"] for a in status["alerts"] if a["code"] == "learning_failed"] == [
        "own_model_damaged"
    ]
    assert status["learning"]["shadow"]["version"] == shadow.version
    with Reader(places.record) as reader:
        assert {m.version: m.state.value for m in reader.models()} == {
            champion.version: "damaged",
            shadow.version: "shadow",
        }
        decision = reader.latest_decision("north")
    assert decision is not None
    assert (decision.model, decision.rung.value) == (shipped.version, "learned"), "the shipped one decides"
    back = fieldstation("learn", "--rollback", "--data", places.data)
    assert f"{shadow.version} is out" in back.stdout

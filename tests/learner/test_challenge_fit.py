"""A challenger is fitted on a station's own days and judged on days it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.learned import ModelState, OwnModel
from fieldstation.learner.dry_spells import Window
from fieldstation.learner.main import challenger, put
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import SHIPPED, Forecaster
from fieldstation.learning.in_charge import OwnModels
from fieldstation.learning.own import MANIFEST, TREES, read
from tests.kit.fields import windows

NOW = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Forecaster:
    return Forecaster.load()


def made(
    found: Sequence[Window], shipped: Forecaster, folder: Path, on_record: Sequence[OwnModel] = ()
) -> OwnModel:
    model = challenger(found, shipped, folder, on_record, NOW)
    assert model is not None
    return model


def test_a_field_that_dries_otherwise_than_told_is_forecast_better_after_learning(
    shipped: Forecaster, tmp_path: Path
) -> None:
    model = made(windows(lambda day: 0.30), shipped, tmp_path)
    assert (model.state, model.why, model.against) == (ModelState.SHADOW, "better", shipped.version)
    score = model.held_out
    assert score is not None
    assert score.mae < 0.5 * score.rival_mae
    assert score.pinball < 0.6 * score.rival_pinball
    own = read(tmp_path / model.version, model.version, model.sha256, shipped.version)
    fresh = [window for window in windows(lambda day: 0.30, seed=9) if window.days == 3]
    told = shipped.drying([window.row for window in fresh])
    said = own.corrected([window.probe for window in fresh], [window.row for window in fresh], told)

    def mae(answers: Sequence[Quantiles]) -> float:
        return sum(abs(a.p50 - w.change_frac) for a, w in zip(answers, fresh, strict=True)) / len(fresh)

    assert mae(said) < 0.6 * mae(told), "three days ahead, in a season it never saw"
    assert all(answer.p10 <= answer.p50 <= answer.p90 for answer in said)


def test_the_same_record_makes_the_same_model(shipped: Forecaster, tmp_path: Path) -> None:
    found = windows(lambda day: 0.3)
    first = made(found, shipped, tmp_path / "a")
    assert made(found, shipped, tmp_path / "b") == first
    assert challenger(found, shipped, tmp_path / "a", [first], NOW) is None, "nothing new to learn from"


def test_a_challenger_that_learned_what_is_true_no_more_is_refused(
    shipped: Forecaster, tmp_path: Path
) -> None:
    """The field dried fast while it learned; on the held-out days it is another field."""
    model = made(windows(lambda day: 0.35 if day < 80 else 0.03), shipped, tmp_path)
    assert model.state is ModelState.REFUSED
    assert model.held_out is not None
    assert model.held_out.pinball > model.held_out.rival_pinball
    assert not tmp_path.joinpath(model.version).exists(), "a loser leaves no files"


def test_a_challenger_must_beat_the_champion_and_not_only_the_shipped_model(
    shipped: Forecaster, tmp_path: Path
) -> None:
    champion = replace(made(windows(lambda day: 0.3), shipped, tmp_path), state=ModelState.CHAMPION)
    again = made(windows(lambda day: 0.3, seed=4), shipped, tmp_path, [champion])
    assert again.against == champion.version
    assert again.state is ModelState.REFUSED, "as good is not better"


def test_too_few_days_make_no_challenger(shipped: Forecaster, tmp_path: Path) -> None:
    assert challenger(windows(lambda day: 0.3, 45), shipped, tmp_path, [], NOW) is None
    assert challenger([], shipped, tmp_path, [], NOW) is None


def test_damaged_missing_and_foreign_files_are_refused_and_the_shipped_model_speaks(
    shipped: Forecaster, tmp_path: Path
) -> None:
    model = replace(made(windows(lambda day: 0.3), shipped, tmp_path), state=ModelState.CHAMPION)
    folder = tmp_path / model.version
    assert OwnModels.load(tmp_path, [model], shipped.version).champion is not None

    def refused(base: str = shipped.version) -> str:
        found = OwnModels.load(tmp_path, [model], base)
        assert found.champion is None
        assert found.name(shipped.version) == shipped.version
        (one,) = found.refused
        assert one.version == model.version
        return one.code

    assert refused("base-00000000") == "model_foreign"
    trees = (folder / TREES).read_bytes()
    (folder / TREES).write_bytes(trees[:-20] + b"x" * 20)
    assert refused() == "model_damaged"
    (folder / TREES).write_bytes(trees)
    about = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(about.replace('"low_wide"', '"low_wide" '))
    assert refused() == "model_damaged", "a manifest that somebody wrote is not the one on record"
    (folder / MANIFEST).unlink()
    assert refused() == "model_missing"


def test_a_full_disk_leaves_nothing_behind(
    shipped: Forecaster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    champion = made(windows(lambda day: 0.3), shipped, tmp_path)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path, "own-00000000", {MANIFEST: b"{}"})
    assert sorted(tmp_path.rglob("*")) == before
    read(tmp_path / champion.version, champion.version, champion.sha256, shipped.version)


def test_a_probe_that_was_never_learned_keeps_the_shipped_answer(shipped: Forecaster, tmp_path: Path) -> None:
    model = made(windows(lambda day: 0.3), shipped, tmp_path)
    own = read(tmp_path / model.version, model.version, model.sha256, shipped.version)
    (window, *_) = windows(lambda day: 0.3)
    told = shipped.drying([window.row])
    assert own.corrected(["a new probe"], [window.row], told) == told
    with pytest.raises(ModelError):
        read(tmp_path / "own-none", "own-none", "", shipped.version)
    assert SHIPPED.is_dir()

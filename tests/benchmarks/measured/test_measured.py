"""The benchmark itself: nothing from after the forecast instant, and a plain word where the data are absent."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.measured.wazihub import BEGINS, samples

STEPS, CUT = 200, 120


def written(folder: Path, later_shift: float) -> Path:
    """A plot watered every 16 readings; after the cut every number of the folder moves by `later_shift`."""
    folder.mkdir()
    chance = random.Random(3)
    soil, air = (
        ["timestamp,plot,sensor,soil_moisture_raw_pct"],
        ["timestamp,air_temp_c,rel_humidity_pct,wind_speed_kmh"],
    )
    for step in range(STEPS):
        at = (BEGINS + timedelta(hours=3 * step)).replace(tzinfo=None)
        moved = later_shift if step > CUT else 0.0
        soil.append(f"{at},1,80,{50 - 2 * (step % 16) + chance.gauss(0, 1) + moved}")
        air.append(f"{at},{25 + chance.gauss(0, 3) + moved},{40 + chance.gauss(0, 3) + moved},{5 + moved}")
    (folder / "soil_moisture_raw.csv").write_text("\n".join(soil))
    (folder / "weather_15min.csv").write_text("\n".join(air))
    return folder


def test_a_forecast_knows_nothing_from_after_its_instant(tmp_path: Path) -> None:
    one, other = samples(written(tmp_path / "one", 0.0)), samples(written(tmp_path / "other", 40.0))
    before = one.at_h <= 3 * CUT
    assert before.sum() > 50
    np.testing.assert_array_equal(one.rows[before], other.rows[before])
    assert not np.array_equal(one.rows[~before], other.rows[~before])
    assert (one.known_h > one.at_h + 20).all()


@pytest.mark.slow
def test_without_data_it_says_so_and_ends_well(tmp_path: Path) -> None:
    for asked, said in (([str(tmp_path / "none")], "skipped"), ([str(tmp_path)], "wazihub_senegal: skipped")):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.measured", "--data", *asked],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
        assert said in done.stdout

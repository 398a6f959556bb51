"""Rows about what the station learned: plain statements inside the caller's transaction or visit.

Nothing is ever overwritten: a harvest said again and a model's new state are new rows, the last counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime

from fieldstation.domain.learned import (
    Harvest,
    LearnReport,
    OwnModel,
    Planting,
    Point,
    Prediction,
)
from fieldstation.store.codec import decode, encode
from fieldstation.store.instant import from_ms, to_ms

PREDICTION_DAYS = 400
MODELS_KEPT = 40

NEWEST_MODELS = (
    "SELECT body FROM model WHERE id IN (SELECT max(id) FROM model GROUP BY version) ORDER BY id DESC LIMIT ?"
)
NEWEST_LEARNING = "SELECT body FROM learning ORDER BY id DESC LIMIT 1"
NEWEST_FOUND = "SELECT body FROM learning WHERE failure IS NULL ORDER BY id DESC LIMIT 1"
PLANTINGS = (
    "SELECT zone, planted_on, crop, season_days, area_m2, efficiency_frac, field_capacity_frac, wilting_point_frac,"
    " saturation_frac FROM planting WHERE id IN (SELECT max(id) FROM planting GROUP BY zone, planted_on)"
    " ORDER BY zone, planted_on"
)
HARVESTS = "SELECT zone, on_date, t_ha FROM harvest ORDER BY id"
PREDICTIONS = "SELECT zone, version, at, points FROM foretold WHERE at >= ? ORDER BY id"


def add_planting(connection: sqlite3.Connection, at: datetime, planting: Planting) -> bool:
    """Keep what is told of a zone's season, unless it is on record as it is; whether it was news."""
    if planting in [
        planting_of(row) for row in connection.execute(PLANTINGS).fetchall() if row[0] == planting.zone
    ]:
        return False
    p = planting
    connection.execute(
        "INSERT INTO planting (at, zone, planted_on, crop, season_days, area_m2, efficiency_frac, field_capacity_frac,"
        " wilting_point_frac, saturation_frac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_ms(at),
            p.zone,
            p.planted_on.isoformat(),
            p.crop,
            p.season_days,
            p.area_m2,
            p.efficiency_frac,
            p.field_capacity_frac,
            p.wilting_point_frac,
            p.saturation_frac,
        ),
    )
    return True


def add_harvest(connection: sqlite3.Connection, at: datetime, trusted: bool, harvest: Harvest) -> None:
    """Keep what was said; what was said before stays."""
    connection.execute(
        "INSERT INTO harvest (at, trusted, zone, on_date, t_ha) VALUES (?, ?, ?, ?, ?)",
        (to_ms(at), trusted, harvest.zone, harvest.on.isoformat(), harvest.t_ha),
    )


def add_models(connection: sqlite3.Connection, at: datetime, models: Iterable[OwnModel]) -> None:
    """Keep how versions stand now."""
    connection.executemany(
        "INSERT INTO model (at, version, state, body) VALUES (?, ?, ?, ?)",
        [(to_ms(at), model.version, model.state.value, encode(model)) for model in models],
    )


def add_learning(connection: sqlite3.Connection, report: LearnReport) -> None:
    """Keep a learning run."""
    connection.execute(
        "INSERT INTO learning (at, failure, body) VALUES (?, ?, ?)",
        (to_ms(report.at), report.failure, encode(report)),
    )


def add_predictions(connection: sqlite3.Connection, predictions: Iterable[Prediction]) -> None:
    """Keep forecasts that are to be judged."""
    connection.executemany(
        "INSERT INTO foretold (at, zone, version, points) VALUES (?, ?, ?, ?)",
        [
            (
                to_ms(one.at),
                one.zone,
                one.version,
                json.dumps([[p.depth_cm, p.hours, p.now_frac, p.p10, p.p50, p.p90] for p in one.points]),
            )
            for one in predictions
        ],
    )


def planting_of(row: tuple[object, ...]) -> Planting:
    """A row of PLANTINGS. Raises ValueError or TypeError for a damaged one."""
    zone, planted_on, crop, season_days, *numbers = row
    area, efficiency, full, dry, saturated = (float(str(number)) for number in numbers)
    return Planting(
        str(zone),
        date.fromisoformat(str(planted_on)),
        str(crop),
        int(str(season_days)),
        area,
        efficiency,
        full,
        dry,
        saturated,
    )


def harvest_of(row: tuple[object, ...]) -> Harvest:
    """A row of HARVESTS."""
    return Harvest(str(row[0]), date.fromisoformat(str(row[1])), float(str(row[2])))


def prediction_of(row: tuple[object, ...]) -> Prediction:
    """A row of FORETOLD."""
    zone, version, at_ms, points = row
    found = (
        Point(int(depth), int(hours), *(float(n) for n in rest))
        for depth, hours, *rest in json.loads(str(points))
    )
    return Prediction(str(zone), str(version), from_ms(int(str(at_ms))), tuple(found))


def model_of(row: tuple[object, ...]) -> OwnModel:
    """A row of NEWEST_MODELS."""
    return decode(OwnModel, str(row[0]))


def report_of(row: tuple[object, ...]) -> LearnReport:
    """A row of NEWEST_LEARNING or NEWEST_FOUND."""
    return decode(LearnReport, str(row[0]))

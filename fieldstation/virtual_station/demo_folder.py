"""The demo's folder: whole, or made anew; never half of each, whenever it was interrupted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fieldstation.config.load import load
from fieldstation.domain.errors import ConfigError, PlaceError, StationError, cause
from fieldstation.domain.station import Station
from fieldstation.simulation.generator import generate
from fieldstation.simulation.weather import Weather
from fieldstation.simulation.world import World
from fieldstation.simulator.state import restore
from fieldstation.store.errors import RecordError
from fieldstation.store.schema import VERSION
from fieldstation.store.upkeep.quarantine import damaged_files, mend
from fieldstation.virtual_station.demo_past import prepare
from fieldstation.wire import durable
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places

MARK = "made-by-fieldstation-demo"
MAKING = "making"
"""Where a new past is made; what is there is thrown away at the next start."""
PARTS = ("station.toml", "field.json", "ledger")
ANEW = "begin anew with --fresh (erases its accounts and its record)"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """How a demo was made. Its field goes on under the same sky."""

    seed: int = 1
    history_days: int = 45
    climate: str = "semi_arid_warm"
    weather: str | None = None
    weather_columns: str = "station"

    @property
    def as_options(self) -> str:
        """As options of the command."""
        sky = f"--weather {self.weather}" if self.weather else f"--climate {self.climate}"
        return f"--seed {self.seed} --history-days {self.history_days} {sky}"


def open_demo(
    places: Places, wanted: Made, sky: Weather | None, *, fresh: bool, say: Say
) -> tuple[Station, Path, Made]:
    """A whole demo in `places`: the one that is there, or a new one. The station, its configuration, how it was made.

    Raises PlaceError for a folder that holds anything but a demo, for a running one, and for one that cannot go on.
    """
    refuse_foreign(places.data)
    places.data.mkdir(parents=True, exist_ok=True)
    for name in ("guard", "controller", "field"):
        Lock(places.sockets / f"{name}.lock").close()  # a running demo keeps its folder
    shutil.rmtree(places.data / MAKING, ignore_errors=True)
    made, whole = _marked(places.data)
    config = places.data / "station.toml"
    if made is not None and not fresh:
        if not whole:
            say("The demo here was interrupted while it was made: it is made anew.")
        elif _sound(places, say):
            return _going_on(places, made, wanted, say), config, made
    _make(places, wanted, sky, say, first=made is None)
    return load(config), config, wanted


def refuse_foreign(data: Path) -> None:
    """Raise PlaceError for a folder that holds anything but an earlier demo; touches nothing."""
    if not data.is_dir() or (data / MARK).exists():
        return
    others = [entry.name for entry in data.iterdir() if entry.name != "run"]
    if others:
        raise PlaceError(
            f"{data}: holds something that no demo made ({', '.join(sorted(others)[:3])}); "
            "choose an empty folder with --data"
        )


def _sound(places: Places, say: Say) -> bool:
    """Whether the record can go on, mended or brought up to date where that is needed. Raises PlaceError."""
    missing = [name for name in PARTS if not (places.data / name).exists()]
    if missing:
        raise PlaceError(f"{places.data}: {missing[0]} is missing, so this demo cannot go on; {ANEW}")
    try:
        notice = mend(places.record, datetime.now(UTC))
    except RecordError as error:
        raise PlaceError(f"{error}; or {ANEW}") from error
    if notice is not None:
        say(f"Take care: {notice}.")
    elif not places.record.exists():
        say("Take care: the record is gone.")
    if not places.record.exists():
        return False
    with places.record.open("rb") as file:
        version = int.from_bytes(file.read(64)[60:64], "big")
    if version < VERSION:
        say(
            f"The record is of an older release (schema {version}); the controller brings it up to {VERSION}."
        )
    return True


def _going_on(places: Places, made: Made, wanted: Made, say: Say) -> Station:
    if made.weather is not None and not Path(made.weather).exists():
        raise PlaceError(f"{made.weather}: this demo's weather is gone; {ANEW}")
    try:
        station = load(places.data / "station.toml")
    except ConfigError as error:
        raise PlaceError(f"{error}\nThis demo's configuration is not of this release; {ANEW}") from error
    state, now = places.data / "field.json", datetime.now(UTC)
    sky = generate(made.climate, made.seed, now.date(), 2, station.latitude_deg)
    try:
        restore(state, World(station, sky, made.seed, now, 0.8))
    except StationError as error:
        say(f"Take care: the simulated ground begins anew ({cause(error)}).")
        state.unlink()
    since = datetime.fromtimestamp((places.data / MARK).stat().st_mtime, UTC)
    say(f"Going on with the demo of {since:%Y-%m-%d} in {places.data}, its accounts and its record.")
    if wanted != made:
        say(f"It stays as it was made: {made.as_options}.")
    say("fieldstation demo --fresh erases them and begins anew (make run ARGS=--fresh).")
    return station


def _make(places: Places, wanted: Made, weather: Weather | None, say: Say, *, first: bool) -> None:
    """Make a past aside, then put it in the place of whatever was here."""
    if first:
        _mark(places.data, wanted, whole=False)
    aside = Places.under(places.data / MAKING)
    aside.data.mkdir()
    prepare(
        aside,
        seed=wanted.seed,
        history_days=wanted.history_days,
        weather=weather,
        climate=wanted.climate,
        say=say,
    )
    _mark(places.data, wanted, whole=False)
    kept = {"run", MARK, MAKING, *(path.name for path in damaged_files(places.record))}
    for entry in list(places.data.iterdir()):
        if entry.name not in kept:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for entry in list(aside.data.iterdir()):
        entry.replace(places.data / entry.name)
    aside.data.rmdir()
    _mark(places.data, wanted, whole=True)


def _mark(data: Path, made: Made, *, whole: bool) -> None:
    durable.write(data, {MARK: json.dumps({"whole": whole, **asdict(made)}).encode()})


def _marked(data: Path) -> tuple[Made | None, bool]:
    """How the demo here was made, and whether that came to its end; None where there is none."""
    try:
        found = json.loads((data / MARK).read_text())
        whole = bool(found.pop("whole"))
        return Made(**found), whole
    except FileNotFoundError:
        return None, False
    except (ValueError, KeyError, TypeError, AttributeError):  # of an earlier release
        return Made(), all((data / name).exists() for name in PARTS)

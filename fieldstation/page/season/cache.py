"""The books of all zones, read at most every few minutes: a season changes by the day."""

from __future__ import annotations

import threading
import time
from datetime import date

from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Station
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.season.totals import SeasonRecord, season_totals
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places

FRESH_S = 300.0


class SeasonCache:
    """Shared by all requests."""

    def __init__(self, station: Station, places: Places) -> None:
        self._station, self._places = station, places
        self._lock = threading.Lock()
        self._found: dict[str, SeasonRecord] = {}
        self._error: str | None = None
        self._read: tuple[float, date] | None = None

    def totals(self, today: date) -> tuple[dict[str, SeasonRecord], str | None]:
        """By zone, and why there are none where the record cannot be read."""
        with self._lock:
            now_s = time.monotonic()
            if self._read is None or self._read[1] != today or now_s - self._read[0] > FRESH_S:
                self._found, self._error = self._read_totals(today)
                self._read = (now_s, today)
            return self._found, self._error

    def forget(self) -> None:
        """The next books are new ones."""
        with self._lock:
            self._read = None

    def harvest(self, page: PageContext, zone: str, on: date, t_ha: float) -> Answer:
        """Tell the controller of a harvest, dry matter; with its yes the next books are new ones."""
        answer = page.send_command("harvest", zone=zone, on=on.isoformat(), t_ha=t_ha, by=page.who())
        if not answer.refused:
            self.forget()
        return answer

    def _read_totals(self, today: date) -> tuple[dict[str, SeasonRecord], str | None]:
        try:
            with Reader(self._places.record) as reader:
                return {
                    z.id: season_totals(reader, self._station, z, today) for z in self._station.zones
                }, None
        except StationError as error:
            return {}, str(error)

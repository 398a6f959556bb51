"""The page before peers that answer what a test says, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.people import Scope
from fieldstation.page.access.identity import token_hash
from fieldstation.page.app import create_app
from fieldstation.store.record import Record
from fieldstation.wire.places import Places
from tests.kit.peers import Peer

STATION = resolve(demo_toml(planted_on=date(2026, 9, 1), seed=1).replace('"North field"', '"North <field>"'))
NOW = datetime.now(UTC).replace(microsecond=0)


def z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def guard_status(**more: Any) -> dict[str, Any]:
    off = {"on": False, "on_for_s": None, "lease_left_s": None}
    return {
        "alive": True,
        "stop_latched": False,
        "latched_by": None,
        "latches": [],
        "runs": [],
        "closed": [],
        "lines": {"pump:main": dict(off), "valve:north": dict(off), "valve:south": dict(off)},
        **more,
    }


def zone(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.title(),
        "crop": "maize",
        "area_m2": 100.0,
        "soil_water": {"value": 0.16, "unit": "m3/m3", "age_s": 12.0, "quality": "good"},
        "dry_frac": 0.13,
        "full_frac": 0.19,
        "verdict": "getting_dry",
        "probes": [],
        "run": None,
        "last_run": {
            "started_at": z(NOW - timedelta(days=2)),
            "ended_at": z(NOW - timedelta(days=2, minutes=-25)),
            "litres": 620.0,
            "minutes": 25.0,
            "depth_mm": 6.2,
            "stop_reason": "done",
        },
        "next_run": {"at": z(NOW + timedelta(hours=30)), "minutes": 25, "certain": False},
        "decision": {
            "id": "d",
            "at": z(NOW - timedelta(hours=1)),
            "rung": "learned",
            "depth_mm": 0.0,
            "reason": {"code": "enough_water", "values": {"days_left": 1.4}},
            "inputs": [],
            "depletion_mm": 41.0,
            "taw_mm": 90.0,
            "skipped": [],
            "below": {"rung": "water_balance", "depth_mm": 0.0},
            "changes": [{"code": "drier", "values": {"mm": 7.2, "days": 1.2}}],
            "account": {
                "days": 1,
                "before_mm": 38.0,
                "use_mm": 6.2,
                "rain_mm": 0.0,
                "water_mm": 2.0,
                "lost_mm": 0.0,
                "other_mm": 0.0,
                "now_mm": 42.2,
            },
            "start_at": None,
            "limited_by": [],
            "model": "base-1",
        },
        "forecast": [
            {"hours": 24, "p10": 0.14, "p50": 0.15, "p90": 0.16},
            {"hours": 48, "p10": 0.12, "p50": 0.135, "p90": 0.15},
        ],
        "yield_t_ha": {"p10": 7.0, "p50": 9.0, "p90": 10.0},
        "refusal": None,
        "drivers": [
            {"name": "soil_balance", "effect": 0.42},
            {"name": "soil_probe", "effect": -0.06},
            {"name": "rain", "effect": 0.001},
        ],
        "yield_drivers": [
            {"name": "usual", "effect": 8.6},
            {"name": "water_given", "effect": 0.5},
            {"name": "rain", "effect": -0.1},
        ],
        **more,
    }


def snapshot(**more: Any) -> dict[str, Any]:
    return {
        "station": {"name": "Demo"},
        "clock": {"now": z(NOW), "trusted": True},
        "heartbeat_age_s": 0.3,
        "zones": [zone("north"), zone("south")],
        "air": {"t_c": 21.0, "rh_frac": 0.5, "age_s": 5, "quality": "good"},
        "rain": {"today_mm": 0.0, "age_s": 5, "quality": "good"},
        "alerts": [],
        **more,
    }


class Bench:
    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder)
        self.guard: Peer | None = None
        self.controller: Peer | None = None
        self.app = create_app(STATION, self.places)
        self.client: FlaskClient = self.app.test_client()

    def up(self, guard: dict[str, Any] | None = None, controller: dict[str, Any] | None = None) -> None:
        stopped = {"stopped": True, "lines": guard_status()["lines"]}
        if guard is not None:
            self.guard = Peer(
                self.places.guard_socket, {"status": guard, "stop": stopped, "resume": {"resumed": True}}
            )
        if controller is not None:
            self.controller = Peer(self.places.controller_socket, {"snapshot": controller})

    def close(self) -> None:
        for peer in (self.guard, self.controller):
            if peer is not None:
                peer.close()


@contextmanager
def opened() -> Iterator[Bench]:
    """In a folder with a short path: sockets lie in it."""
    with TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as folder:
        made = Bench(Path(folder))
        try:
            yield made
        finally:
            made.close()


def send(client: FlaskClient, method: str, address: str, **more: Any) -> Any:
    return client.open(address, method=method, **more)


def token(bench: Bench, *scopes: Scope) -> dict[str, str]:
    record = Record.open(bench.places.record, "test")
    text = f"fs_{'_'.join(scopes)}"
    with record.people() as found:
        found.add_token("machine", scopes, token_hash(text), "Tess")
    record.close()
    bench.app.extensions["site"].register.forget()
    return {"Authorization": f"Bearer {text}"}


VISIT = "2026-07-01-abcd"


def told(bench: Bench, verb: str) -> list[dict[str, Any]]:
    assert bench.controller is not None
    return [one for one in bench.controller.asked if one["verb"] == verb]

"""Lighthouse on every farmer screen of a demo farm, signed in, as a slow phone: 100 for what shuts nobody out.

    .venv/bin/python -m tests.benchmarks.lighthouse [/ /history ...]

Lighthouse's own mobile throttling. Exits 1 where accessibility or best practices are below 100, or performance
below 95: that one is simulated from what was measured, and a busy machine lowers it by a few points. By loopback:
by any other name it would take points for plain HTTP, of which SECURITY.md says why.
Needs npx with network for the first run, and Debian's chromium.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.kit.farm import CHROMIUM, FLAGS, Farm, farm

LIGHTHOUSE = "lighthouse@12.8.2"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
PATHS = (
    "/",
    "/history",
    "/plan",
    "/season",
    "/season/planting",
    "/alerts",
    "/zones",
    "/zones/north",
    "/zones/north/requests",
    "/zones/north/water",
    "/more",
    "/settings",
    "/people",
    "/about",
    "/sign-in",
)
PATIENCE_S = 180


def measure(address: str, cookie: str) -> dict[str, Any]:
    """What Lighthouse reports of one screen. Raises where it could not load it."""
    flags = " ".join(f"'{flag}'" if " " in flag else flag for flag in ("--headless=new", *FLAGS))
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        report, headers = Path(folder) / "report.json", Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            "npx",
            "--yes",
            LIGHTHOUSE,
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--extra-headers={headers}",
            f"--only-categories={','.join(LEAST)}",
            f"--chrome-flags={flags}",
        ]
        subprocess.run(
            command, check=True, timeout=PATIENCE_S, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}
        )
        told: dict[str, Any] = json.loads(report.read_text())
    if told.get("runtimeError"):
        raise SystemExit(f"{address}: {told['runtimeError']['message']}")
    return told


def scores(told: dict[str, Any]) -> dict[str, int]:
    """Points of 100 by category."""
    return {name: round(100 * (told["categories"][name]["score"] or 0)) for name in LEAST}


def missed(told: dict[str, Any]) -> list[str]:
    """The audits that cost points, each with the first element that it names."""
    found = []
    for category in told["categories"].values():
        for ref in category["auditRefs"]:
            audit = told["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                items = (audit.get("details") or {}).get("items") or [{}]
                where = (items[0].get("node") or {}).get("snippet") or items[0].get("description", "")
                found.append(f"{ref['id']} {audit.get('displayValue', '')} {where}"[:240])
    return found


def session(station: Farm) -> str:
    """The cookie of whoever made the station theirs."""
    with station.phone() as page:
        station.set_up(page)
        return "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())


def main(paths: list[str]) -> int:
    """A table, and what cost points."""
    low = False
    with farm() as station:
        cookie = session(station)
        print("| screen | performance | accessibility | best practices |\n|---|---|---|---|")
        for path in paths:
            told = measure(
                f"http://127.0.0.1:{station.demo.port}{path}", "" if path == "/sign-in" else cookie
            )
            got = scores(told)
            print(f"| {path} | {' | '.join(str(value) for value in got.values())} |", flush=True)
            for line in missed(told):
                print(f"  {path}: {line}", file=sys.stderr)
            low = low or any(got[name] < least for name, least in LEAST.items())
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(PATHS)))

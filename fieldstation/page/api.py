"""The API's reading half."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify

from fieldstation.page.site import Site
from fieldstation.page.status import missing, status


def attach(app: Flask, site: Site) -> None:
    """Health for a supervisor, status for everybody."""

    @app.get("/healthz")
    def healthz() -> Any:
        gone = missing(site.gather.picture())
        return jsonify({"ok": not gone, "missing": gone}), 503 if gone else 200

    @app.get("/api/v1/status")
    def api_status() -> Any:
        return jsonify(status(site.station, site.gather.picture()))

"""The pulse: the smallest answer there is, by which an open page knows that it is not old."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from fieldstation.page.layout import water
from fieldstation.page.site import Site


def attach(app: Flask, site: Site) -> None:
    """`GET /pulse`: 204, with `Water: running | quiet | stopped | unknown`."""

    @app.get("/pulse")
    def pulse() -> Any:
        return Response(status=204, headers={"Water": water(site.source.snapshot())})

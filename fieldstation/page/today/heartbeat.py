"""The pulse: the smallest answer there is, by which an open page knows that it is not old."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from fieldstation.page.context import PageContext
from fieldstation.page.layout import water


def attach(app: Flask, page: PageContext) -> None:
    """`GET /pulse`: 204, with `Water: running | quiet | stopped | unknown`."""

    @app.get("/pulse")
    def pulse() -> Any:
        return Response(status=204, headers={"Water": water(page.source.snapshot())})

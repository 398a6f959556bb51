"""The page about the API against the station that answers it."""

from __future__ import annotations

import re

from tests.docs.pages import documents
from tests.kit.page_bench import guard_status, opened, snapshot

PAGE = documents()["fieldstation/api.md"]


def test_every_route_that_the_page_names_is_there() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    named = [
        (cell.split()[0].strip("`"), path) for cell in rows for path in re.findall(r"(/[\w/.-]+)`", cell)
    ]
    assert len(named) >= 12
    with opened() as bench:
        urls = bench.app.url_map.bind("127.0.0.1")
        for method, path in named:
            address = path if path.startswith(("/api", "/healthz")) else f"/api/v1{path}"
            assert method in urls.allowed_methods(address), (method, path)


def test_every_key_that_the_page_explains_is_in_the_status() -> None:
    keys = re.findall(r"`(\w+)`", PAGE.partition("Some keys")[2].partition("## Acting")[0])
    assert len(keys) >= 8
    with opened() as bench:
        bench.up(guard_status(), snapshot())
        described = bench.client.get("/api/v1/openapi.json").text
        status = bench.client.get("/api/v1/status").text
    assert [key for key in keys if f'"{key}"' not in described + status] == []

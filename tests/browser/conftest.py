from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.farm import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; a test that has none is skipped."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield found
        found.close()

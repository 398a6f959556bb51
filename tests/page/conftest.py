from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.page_bench import Bench, opened


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened() as made:
        yield made

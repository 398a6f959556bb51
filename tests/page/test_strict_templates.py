"""The strictness that every test of a screen relies on."""

from __future__ import annotations

import pytest

from tests.kit.page_bench import Bench
from tests.kit.strict_templates import NoSuchAttribute


def test_a_template_that_names_what_its_view_lacks_fails(bench: Bench) -> None:
    said = bench.app.jinja_env.from_string("{{ view.speed }}")
    with pytest.raises(NoSuchAttribute, match="Bench has no 'speed'"):
        said.render(view=bench)
    assert bench.app.jinja_env.from_string("{{ nobody }}{{ {}.nothing }}").render() == ""

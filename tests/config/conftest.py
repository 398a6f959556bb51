"""Drivers that a test writes, beside the shipped ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldstation import drivers
from fieldstation.drivers import load

WriteDriver = Callable[..., None]

GOOD = """
from dataclasses import dataclass
from fieldstation.domain.reading import Quantity
from fieldstation.binding import setting
MEASURES = ({measures},)
BLOCKING = False
{more}
@dataclass(frozen=True, slots=True)
class Settings:
    {settings}
class Driver: ...
"""


@pytest.fixture
def write_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteDriver]:
    """Write `<name>.py` into the drivers' folder as long as the test lasts."""
    monkeypatch.setattr(drivers, "__path__", [*drivers.__path__, str(tmp_path)])
    written = []

    def write(
        name: str,
        text: str | None = None,
        *,
        measures: str = "Quantity.AIR_T",
        settings: str = 'pin: int = setting("pin", pin=True)',
        more: str = "",
    ) -> None:
        filled = GOOD.format(measures=measures, settings=settings, more=more)
        (tmp_path / f"{name}.py").write_text(filled if text is None else text)
        written.append(name)

    yield write
    load.driver.cache_clear()
    for name in written:
        sys.modules.pop(f"fieldstation.drivers.{name}", None)
        vars(drivers).pop(name, None)

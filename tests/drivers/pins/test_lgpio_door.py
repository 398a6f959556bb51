from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins.lgpio_door import chip_number, edges_heard, load_lgpio
from tests.drivers.pins import fake_lgpio


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ({0: "pinctrl-bcm2711", 1: "raspberrypi-exp-gpio"}, 0),
        ({0: "raspberrypi-exp-gpio", 4: "pinctrl-rp1"}, 4),
        ({10: "gpio-brcmstb", 11: "pinctrl-rp1"}, 11),
        ({1: "pinctrl-bcm2835"}, 1),  # chip 0 is there and may not be opened
    ],
)
def test_the_chip_of_the_header_is_known_by_its_label(
    tmp_path: Path, labels: dict[int, str], found: int
) -> None:
    for chip in {0, *labels}:
        (tmp_path / f"gpiochip{chip}").touch()
    lgpio = fake_lgpio.make(labels)
    assert chip_number(lgpio, tmp_path) == found
    assert lgpio.log.count(("close", found)) == 1


def test_no_such_chip_tells_what_was_seen(tmp_path: Path) -> None:
    with pytest.raises(StationError, match="there is none"):
        chip_number(fake_lgpio.make({}), tmp_path)
    (tmp_path / "gpiochip0").touch()
    with pytest.raises(StationError, match="gpiochip0 is INT34C5"):
        chip_number(fake_lgpio.make({0: "INT34C5:00"}), tmp_path)


def test_edges_are_heard_while_the_thread_lives() -> None:
    lgpio = fake_lgpio.make({})
    assert edges_heard(lgpio)
    lgpio._notify_thread.dead.set()
    assert not edges_heard(lgpio)
    del lgpio._notify_thread
    assert not edges_heard(lgpio)


def test_a_missing_lgpio_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lgpio", None)
    with pytest.raises(StationError, match=r"pip install 'fieldstation\[pi\]'"):
        load_lgpio()


def test_the_placeholder_on_pypi_is_recognised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lgpio.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lgpio", raising=False)
    with pytest.raises(StationError, match="placeholder"):
        load_lgpio()
    monkeypatch.delitem(sys.modules, "lgpio")


SCRIPT = """
import os, sys
from fieldstation.drivers.pins.lgpio_door import load_lgpio
load_lgpio()
os.write(sys.modules["lgpio"]._ends[0], b"edge")
print(os.getcwd(), os.read(sys.modules["lgpio"]._ends[1].fileno(), 4).decode())
"""


def test_lgpio_leaves_nothing_behind_and_does_not_move_the_process(tmp_path: Path) -> None:
    work, code, scratch = tmp_path / "work", tmp_path / "code", tmp_path / "scratch"
    for folder in (work, code, scratch):
        folder.mkdir()
    fake_lgpio.write_fifo_maker(code)
    work.chmod(0o555)  # as a working directory may be; root writes anyway, so the listing decides
    environment = {**os.environ, "PYTHONPATH": f"{code}:{Path.cwd()}", "TMPDIR": str(scratch)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=work, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(work), "edge"]
    assert list(work.iterdir()) == list(scratch.iterdir()) == []

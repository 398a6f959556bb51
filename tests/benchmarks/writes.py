"""Measure what a running demo station writes to its disk, scaled to a day.

Run `python tests/benchmarks/writes.py [--minutes 30] [--folder DIR]` from the project's root. One
sampling round a minute, as an installed station has; the folder must lie on a real disk, as
the kernel counts no bytes for one in memory. A process's count holds its ended children.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.station import Demo, free_port

STATION = ("guard", "controller", "page")
PATIENCE_S = 60


def written(pid: int) -> int:
    """Bytes that a process and its children sent to disks so far."""
    own = Path(f"/proc/{pid}/io").read_text()
    total = next(int(line.split()[1]) for line in own.splitlines() if line.startswith("write_bytes"))
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += sum(written(int(child)) for child in (task / "children").read_text().split())
    return total


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--minutes", type=float, default=30.0)
    args.add_argument("--folder", type=Path)
    options = args.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        demo = Demo(Path(folder) / "data", free_port(), history_days=45)
        demo.config.write_text(demo.config.read_text().replace("every_s = 10", "every_s = 60"))
        try:
            demo.start("field", *STATION)
            measure(demo, options.minutes * 60)
        finally:
            demo.close()


def measure(demo: Demo, seconds: float) -> None:
    time.sleep(PATIENCE_S)  # starting is not a day's share
    pids = {name: demo.children[name].pid for name in STATION}
    before = {name: written(pid) for name, pid in pids.items()}
    began = time.monotonic()
    time.sleep(seconds)
    share = 86400.0 / (time.monotonic() - began)
    by_name = {name: (written(pid) - before[name]) * share / 1e6 for name, pid in pids.items()}
    status = demo.guard("status")
    parts = ", ".join(f"{name} {mb:.1f}" for name, mb in by_name.items())
    print(f"MB a day: {sum(by_name.values()):.1f} ({parts})")
    print(
        f"runs ended {len(status['closed'])}, open {len(status['runs'])}: a day is scaled as if it all were so"
    )


if __name__ == "__main__":
    main()

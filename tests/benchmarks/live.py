"""Measure a running demo station: memory, STOP latency, tick lateness, page.

Run `python tests/benchmarks/live.py` from the project's root. It prepares a demo in a
temporary folder, starts the real processes, loads them, and prints one table. Figures are of
this machine; compare ratios, not absolute times, between machines.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.station import Demo, free_port, wait_for

CLIENTS = 20
STOPS = 60
SMALL_DISK_B = 256 << 20
UNDER_WAY, UNDER_WAY_IN_S = "under way", 60.0


def pss_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def squeezed_bytes(url: str) -> int:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        return len(answer.read())


def family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def memory(demo: Demo, when: str) -> None:
    """PSS of each process with its children (the sensor's is the controller's), and of the three that every station has."""
    held = {name: sum(pss_mb(pid) for pid in family(child.pid)) for name, child in demo.children.items()}
    each = ", ".join(f"{name} {mb:.1f}" for name, mb in held.items() if name != "field")
    together = sum(mb for name, mb in held.items() if name != "field")
    print(f"PSS MB {when}, with every child: {each}; together {together:.1f}", flush=True)


def ranked(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def crowd(url: str) -> None:
    """Twenty clients in a process of their own, until its input ends.

    Prints UNDER_WAY once each has had a page, and at the end how many pages all of them got.
    """
    over, times, first = threading.Event(), list[float](), threading.Barrier(CLIENTS + 1)
    threads = [threading.Thread(target=client, args=(url, over, times, first)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    first.wait(UNDER_WAY_IN_S)
    print(UNDER_WAY, flush=True)
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(len(times))


def client(url: str, over: threading.Event, times: list[float], first: threading.Barrier) -> None:
    times.append(fetched_s(url))
    first.wait(UNDER_WAY_IN_S)
    while not over.is_set():
        times.append(fetched_s(url))


def fetched_s(url: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(url, timeout=10) as answer:
        answer.read()
    return time.perf_counter() - began


def main() -> None:
    with small_disk() as folder:
        demo = Demo(folder / "data", free_port(), history_days=45)
        try:
            measure(demo)
        finally:
            demo.close()


def measure(demo: Demo) -> None:
    demo.start("field", "guard", "controller", "page")
    wait_for(lambda: demo.guard("status")["runs"], 90, "the station waters")
    # memory has no event that says it has settled; these five seconds are a choice, long enough for
    # rounds, renewed leases and pages of a station that waters, and no condition stands behind them
    time.sleep(5)
    memory(demo, "watering, before any screen was opened")

    url = f"http://127.0.0.1:{demo.port}/"
    with urllib.request.urlopen(url) as answer:
        html = answer.read()
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())
    sizes = [len(gzip.compress(html)), *(squeezed_bytes(url.rstrip("/") + file) for file in files)]
    print(
        f"home page over the wire: {sum(sizes)} bytes with style and script, before the first renewal brings htmx"
    )
    calm: list[float] = []
    for _ in range(40):
        calm.append(fetched_s(url))
        time.sleep(0.1)
    print(f"home page answered: median {median(calm) * 1000:.1f} ms, p99 {ranked(calm, 0.99) * 1000:.1f} ms")

    clients = subprocess.Popen(
        [sys.executable, __file__, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert clients.stdout is not None
    said = clients.stdout.readline().strip()
    assert said == UNDER_WAY, "the clients ended before each had had a page"
    demo.controller("plan")
    stop_often(demo, f"with {CLIENTS} clients and the planner")
    late = demo.guard("status")["tick_late_p99_s"]
    served = clients.communicate()[0].strip()
    print(f"guard tick lateness p99: {late * 1000:.1f} ms; {served} pages served meanwhile")
    with sqlite3.connect(demo.places.record, isolation_level=None) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        stop_often(demo, "with the database locked")
    lock.close()
    if os.statvfs(demo.places.data).f_blocks * os.statvfs(demo.places.data).f_frsize <= SMALL_DISK_B:
        filler = demo.places.data / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 65536)
        stop_often(demo, "with the disk full")
        filler.unlink()
    else:
        print("STOP with the disk full: SKIPPED, only root can mount a small disk for it")
    demo.kill("controller")
    stop_often(demo, "with the controller killed")
    peak = next(
        line
        for line in Path(f"/proc/{demo.children['guard'].pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    print(f"guard resident peak: {peak.split()[1]} kB")


def stop_often(demo: Demo, how: str) -> None:
    """STOP and resume many times over HTTP, each seen at the relays, and print the time to the answer."""
    took: list[float] = []
    for _ in range(STOPS):
        began = time.perf_counter()
        code, answer = demo.post("/api/v1/stop")
        took.append(time.perf_counter() - began)
        assert (code, answer["stopped"]) == (200, True)
        assert demo.relays_on() == []
        demo.guard("resume", by="benchmark")
    print(
        f"STOP over HTTP {how}: median {median(took) * 1000:.0f} ms, p99 {ranked(took, 0.99) * 1000:.0f} ms"
    )


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A folder on a disk of its own that may be filled, where root can mount one."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=128m", "station-benchmark", folder]
        mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
        try:
            yield Path(folder)
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=True)


if __name__ == "__main__":
    crowd(sys.argv[1]) if len(sys.argv) > 1 else main()

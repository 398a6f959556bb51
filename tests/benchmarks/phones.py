"""Twenty phones with Today open: what keeping them current costs the page, in parts of a core.

Run `python tests/benchmarks/phones.py` from the project's root. Each phone asks as `web/src/js/frame.js` does: the pulse every
four seconds and the page with its tag every fifteen, or the page alone every three while water runs.
"""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.station import Demo, free_port, wait_for

PHONES = 20
LONG_S = 60.0
CALM, RUNNING = (4.0, 15.0), (0.0, 3.0)
"""Seconds between two pulses, 0 for none, and between two looks at the page."""


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Phone(threading.Thread):
    """One open page. `answers` counts by status."""

    def __init__(self, port: int, number: int, every: tuple[float, float]) -> None:
        super().__init__(daemon=True)
        self.port, self.every = port, every
        self.begin = time.monotonic() + (every[0] or every[1]) * number / PHONES
        self.answers: dict[int, int] = {}
        self.over = threading.Event()
        self.tag, self.bytes = "", 0

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)  # kept open, as browsers do
        pulse_s, look_s = self.every
        step_s = pulse_s or look_s
        at = looked = self.begin
        while not self.over.wait(max(0.0, at - time.monotonic())):
            if pulse_s:
                self.ask(line, "/pulse")
            if not pulse_s or at - looked >= look_s:
                looked = at
                self.ask(line, "/")
            at += step_s
        line.close()

    def ask(self, line: http.client.HTTPConnection, path: str) -> None:
        tag = {"If-None-Match": self.tag} if path == "/" and self.tag else {}
        line.request("GET", path, headers={"Accept-Encoding": "gzip"} | tag)
        answer = line.getresponse()
        self.bytes += len(answer.read()) + len(str(answer.headers))
        self.tag = answer.headers.get("ETag") or self.tag
        self.answers[answer.status] = self.answers.get(answer.status, 0) + 1


def load(demo: Demo, name: str, every: tuple[float, float]) -> None:
    pid = demo.children["page"].pid
    phones = [Phone(demo.port, number, every) for number in range(PHONES)]
    before, begin = cpu_s(pid), time.monotonic()
    for phone in phones:
        phone.start()
    time.sleep(LONG_S)  # a length of measuring, no condition
    spent, took = cpu_s(pid) - before, time.monotonic() - begin
    for phone in phones:
        phone.over.set()
    answers: dict[int, int] = {}
    for phone in phones:
        for status, count in phone.answers.items():
            answers[status] = answers.get(status, 0) + count
    a_minute = sum(phone.bytes for phone in phones) / PHONES / took * 60
    print(
        f"{name}: {PHONES} phones cost {spent / took:.2%} of a core; answers {answers}; {a_minute / 1024:.1f} KB a phone a minute"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="phones-") as folder:
        demo = Demo(Path(folder) / "data", free_port())
        try:
            demo.start("field", "guard", "controller", "page")
            wait_for(lambda: demo.guard("status")["runs"], 90, "the station waters")
            load(demo, "water runs", RUNNING)
            demo.guard("stop", by="benchmark")
            load(demo, "calm", CALM)
        finally:
            demo.close()


if __name__ == "__main__":
    main()

"""What every test has: a deadline, no child that outlives it, and the mark `slow` where it belongs."""

from __future__ import annotations

import atexit
import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

QUICK_S, SLOW_S = 120, 300
"""The deadline of a test on a machine that has other work; alone, an unmarked test takes at most `MARKED_S` of CPU."""
MARKED_S = 5.0
RUN = "FIELDSTATION_TEST_RUN"
"""In the environment of everything that a run of the tests starts."""
WHOLE_STATIONS = ("scenarios", "browser", "faults")
"""Rooms whose tests live with a station in real processes."""
GIVE_BIRTH = ("subprocess.Popen", "os.fork", "os.posix_spawn")

started: list[str] = []
before = pytest.StashKey[set[int]]()
late = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # a worker of xdist belongs to the run that started it
        os.environ[RUN] = uuid.uuid4().hex
    sys.addaudithook(
        lambda event, values: started.append(str(values[:1] or event)) if event in GIVE_BIRTH else None
    )


def shared_folder() -> Path:
    """For what all workers of a run use; gone when the run ends. A benchmark is a run of its own."""
    alone = RUN not in os.environ
    folder = Path(tempfile.gettempdir()) / f"fieldstation-{os.environ.setdefault(RUN, uuid.uuid4().hex)}"
    folder.mkdir(exist_ok=True)
    if alone:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deadlines; and what takes long first, so that no worker ends with the longest module alone."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: (item.path.parent.name not in WHOLE_STATIONS, -slow[item.path]))
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SLOW_S if item.get_closest_marker("slow") else QUICK_S))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # all that was imported: a full collection walked it several times in each test


def cpu_s() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def children(of: int | None = None) -> set[int]:
    """Every process below this one."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{of or os.getpid()}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child} | children(child)
    return found


def end(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    started.clear()
    item.stash[before] = children()
    began_s = cpu_s()
    found = yield
    if item.stash.get(late, False):
        known = item.stash[before]
        end(children() - known)
    if item.get_closest_marker("slow") is None and cpu_s() - began_s > MARKED_S:
        print(f"{item.nodeid}: {cpu_s() - began_s:.1f} s of CPU: mark it slow", file=sys.__stderr__)
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    item.stash[before] = children()  # a fixture's own live as long as the fixture
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    found = yield
    if started and item.get_closest_marker("slow") is None:
        pytest.fail(f"it starts a process ({started[0]}): mark it slow", pytrace=False)
    return found


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.excinfo is not None and "Timeout (>" in str(call.excinfo.value):
        item.stash[late] = True


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The last one out (no worker of xdist) ends whoever was left behind, and says so."""
    if hasattr(session.config, "workerinput"):
        return
    mark = f"{RUN}={os.environ[RUN]}".encode()
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                folder.name.isdigit()
                and int(folder.name) != os.getpid()
                and mark in (folder / "environ").read_bytes()
            ):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                os.kill(int(folder.name), signal.SIGKILL)
                print(f"\nleft behind, ended: {folder.name} {words}", file=sys.__stderr__)
    shutil.rmtree(shared_folder(), ignore_errors=True)

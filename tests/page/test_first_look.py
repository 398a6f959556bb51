"""What stands between a phone and its first look: one sheet a screen of the navigation, one short script, nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
CSS, TEMPLATES = WEB / "src" / "css", WEB / "templates"
SHARED = {"_chips.css", "_forms.css", "_lists.css", "_tables.css"}
"""Parts of the frame that a screen may do without."""
SCREENS = ("today", "history", "plan", "season")


def whole(name: str) -> str:
    """A template with what it extends and includes."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    others = re.findall(r"{%-? (?:extends|include) ['\"](.+?)['\"]", text)
    return text + "".join(whole(other) for other in others)


def brought(sheet: str) -> set[str]:
    """A sheet and all that it imports."""
    imported = re.findall(r'@import "\./(.+?)"', (CSS / sheet).read_text(encoding="utf-8"))
    return {sheet}.union(*map(brought, imported))


def selected(sheet: str) -> set[str]:
    """Classes, with a dot, and elements that a sheet has rules for."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
    heads = " ".join(re.findall(r"([^{}]+)\{", re.sub(r"@import[^;]+;", "", text)))
    return set(
        re.findall(r"(?<![\w.:-])[a-z]+\d?(?![\w-])|\.[a-z][\w-]*", re.sub(r":[\w-]+|\[.*?\]", "", heads))
    )


def used(html: str) -> set[str]:
    """The same of a template; what is hidden needs no looks."""
    html = re.sub(r'<input type="hidden"[^>]*>', "", html)
    classes = " ".join(re.findall(r'class="([^"]*)"', html))
    return set(re.findall(r"<([a-z]+\d?)", html)) | {f".{name}" for name in re.findall(r"[\w-]+", classes)}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_first_look_waits_for_one_sheet_and_one_short_script(screen: str) -> None:
    text = (TEMPLATES / f"{screen}.html").read_text(encoding="utf-8")
    assert re.findall(r"style\('(.+?)'\)", text) == [f"{screen}.css"]
    assert "{% block style %}" in text, "in place of the frame's sheet"
    assert "script(" not in text, "first.js brings it in, after the first look"
    frame = (TEMPLATES / "frame.html").read_text(encoding="utf-8")
    assert re.findall(r"script\('(.+?)'\)", frame) == ["first.js"]
    assert "_ground.css" in brought(f"{screen}.css")


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("[!_]*.html")))
def test_a_screen_has_the_rules_of_all_that_is_on_it(template: str) -> None:
    html = whole(template)
    sheets = re.findall(r"style\('(.+?)'\)", (TEMPLATES / template).read_text(encoding="utf-8"))
    if "{% block style %}" not in (TEMPLATES / template).read_text(encoding="utf-8"):
        sheets.append("frame.css")
    has = set[str]().union(*map(brought, sheets))
    known = set[str]().union(*map(selected, has))
    for part in SHARED - has:
        assert used(html) & (selected(part) - known) == set(), f"{template} needs {part}"


def test_what_a_screen_may_do_without_is_known() -> None:
    assert {".chips"} <= selected("_chips.css")
    assert {".field", "input", "legend", ".tick"} <= selected("_forms.css")
    assert {"table", "th", "td", ".wide"} <= selected("_tables.css")
    assert {".ways", ".figures"} <= selected("_lists.css")
    assert used('<p class="a b"><input type="hidden" name="c"><table>') == {"p", ".a", ".b", "table"}

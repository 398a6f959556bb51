"""What the documents name exists: files, modules, links, decisions, make targets."""

from __future__ import annotations

import re
import tomllib
from itertools import count
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, documents

DECISIONS = sorted(path for path in documents() if "/decisions/0" in path)
MAPS = ["fieldstation/README.md", "fieldstation/language/README.md", "tests/benchmarks/README.md"]


@pytest.fixture(scope="module")
def sources() -> set[str]:
    found = (
        path
        for room in ("fieldstation", "tests", "web", "hardware", "systemd")
        for path in (ROOT / room).rglob("*.*")
    )
    return {str(path.relative_to(ROOT)) for path in found if "node_modules" not in path.parts}


def anchors(text: str) -> set[str]:
    """Headings as addresses within a page."""
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", documents())
def test_every_link_leads_somewhere(path: str) -> None:
    text = documents()[path]
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for link in links:
        if re.match(r"[a-z]+://", link):
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / path).parent / name if name else ROOT / path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", [path for path in documents() if path != "CHANGELOG.md"])
def test_every_file_and_module_that_a_page_names_exists(path: str, sources: set[str]) -> None:
    text = documents()[path]
    named = set(
        re.findall(
            r"(?<![\w./<*>-])[\w/]+\.(?:py|html|service)\b|(?<![\w./<*>-])\w+/[\w/]+\.(?:js|css|toml|csv)\b",
            text,
        )
    )
    assert path not in MAPS or named
    assert [one for one in sorted(named) if not any(f"/{file}".endswith(f"/{one}") for file in sources)] == []
    modules = {match.replace(".", "/") for match in re.findall(r"-m (tests[\w.]+\w)", text)}
    assert [one for one in sorted(modules) if not {f"{one}.py", f"{one}/__main__.py"} & sources] == []


@pytest.mark.parametrize("path", documents())
def test_every_name_in_a_file_that_a_page_names_is_there(path: str, sources: set[str]) -> None:
    for file, name in re.findall(r"`([\w/]+\.py): (\w+)`", documents()[path]):
        where = [one for one in sources if f"/{one}".endswith(f"/{file}")]
        assert any(re.search(rf"\b{name}\b", (ROOT / one).read_text(encoding="utf-8")) for one in where), (
            file,
            name,
        )


def test_the_map_has_the_layers_that_imports_keep() -> None:
    _, _, rest = documents()["fieldstation/README.md"].partition("## Rooms\n")
    shown = [
        re.split(r"\s{2,}", line.strip())[0].split(" | ")
        for line in re.findall(r"^    (?! )(.*)$", rest.partition("\nEach third")[0], re.MULTILINE)
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(one for one in project["tool"]["importlinter"]["contracts"] if one["id"] == "layers")[
        "layers"
    ]
    assert shown == [layer.replace("fieldstation.", "").split(" | ") for layer in layers]


def test_every_journey_names_files() -> None:
    _, _, rest = documents()["fieldstation/README.md"].partition("## Journeys\n")
    journeys = re.findall(
        r"^\*\*.*?(?=^\*\*|^`tests|\Z)", rest.partition("\n## ")[0], re.MULTILINE | re.DOTALL
    )
    assert len(journeys) >= 10
    assert [text[:30] for text in journeys if not re.search(r"\.py\b", text)] == []


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^    make (\w+)", documents()["README.md"], re.MULTILINE)) == {"run", "test"}
    for path, text in documents().items():
        for target in re.findall(r"(?:`|^    )make ([\w-]+)", text, re.MULTILINE):
            assert f"\n{target}:" in makefile, (path, target)


def test_decisions_are_numbered_dated_and_listed() -> None:
    index = documents()["fieldstation/decisions/README.md"]
    for number, path in zip(count(1), DECISIONS, strict=False):
        head = re.match(
            r"# (\d{4}): (.+)\n\nDate: (\d{4}-\d\d-\d\d)\. Status: (accepted|replaced by (\d{4}))\.\n",
            documents()[path],
        )
        assert head, path
        assert Path(path).name.startswith(f"{number:04d}-")
        assert head[1] == f"{number:04d}"
        assert f"| {head[1]} | [{head[2]}]({Path(path).name}) | {head[4]} |" in index
        assert not head[5] or any(Path(other).name.startswith(head[5]) for other in DECISIONS)
    assert index.count("\n| 0") == len(DECISIONS)

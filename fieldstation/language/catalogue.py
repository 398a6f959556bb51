"""The sentences of each language, one folder a language, read when first asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

from fieldstation.language import pseudo

Sentence = str | dict[str, str]
"""A sentence with named values, or its forms by CLDR plural category: `by` names the value that is counted."""

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "hi": "हिन्दी", "ar": "العربية"}
"""Each language by its own name; the first one when nothing else is known."""


@cache
def catalogue(language: str) -> dict[str, dict[str, Sentence]]:
    """Every sentence of a language by group and code, from all files of its folder; `crop` from the crop files.

    Raises ValueError for a group that stands in two files.
    """
    if language == pseudo.NAME:
        return _each(catalogue("en"), pseudo.pseudo)
    found: dict[str, dict[str, Sentence]] = {
        "crop": {crop: names[language] for crop, names in crop_names().items() if language in names}
    }
    for path in sorted((resources.files("fieldstation.language.words") / language).iterdir(), key=str):
        if path.name.endswith(".toml"):
            groups: dict[str, dict[str, Sentence]] = tomllib.loads(path.read_text(encoding="utf-8"))
            if twice := groups.keys() & found.keys():
                raise ValueError(f"words/{language}/{path.name}: {sorted(twice)} stand in another file too")
            found |= groups
    return _each(found, _french) if language == "fr" else found


@cache
def crop_names() -> dict[str, dict[str, str]]:
    """What people call each crop, by the crop's own name and the language: `[names]` of its file."""
    files = (resources.files("fieldstation.agronomy") / "crops").iterdir()
    return {
        path.name.removesuffix(".toml"): tomllib.loads(path.read_text(encoding="utf-8")).get("names", {})
        for path in files
        if path.name.endswith(".toml")
    }


def _each(
    groups: dict[str, dict[str, Sentence]], change: Callable[[str], str]
) -> dict[str, dict[str, Sentence]]:
    """Every text of a catalogue changed."""

    def changed(sentence: Sentence) -> Sentence:
        if isinstance(sentence, str):
            return change(sentence)
        return {name: text if name == "by" else change(text) for name, text in sentence.items()}

    return {
        group: {code: changed(said) for code, said in sentences.items()}
        for group, sentences in groups.items()
    }


def _french(text: str) -> str:
    """Its high signs stand after a space that no line breaks at; the files have plain ones."""
    return re.sub(r" (?=[;!?»])", "\u202f", re.sub(r" (?=:)|(?<=«) ", "\u00a0", text))

"""A station.toml while it is read: every problem is noted, and what is sound is used to find more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.binding import Problem, read_fields
from fieldstation.binding.problems import short
from fieldstation.binding.reading import fields_of, refuse_unknown
from fieldstation.config.sections import LIMITS, Section
from fieldstation.drivers.load import driver, of_role

Table = dict[str, Any]
UNREADABLE = "<unreadable>"
"""Stands for a value whose line is no TOML. That line is told; what it leads to is not."""


class Draft:
    """Collects problems; nothing is raised until all are known."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems

    def problem(self, section: str, key: str, what: str, do: str) -> None:
        """Note one problem at a key of a section."""
        self.problems.append(Problem(f"{self.name} [{section}] {key}".rstrip(), what, do))

    def read(
        self, section: str, value: object, kinds: Section, *, skip: tuple[Any, ...] = (), why: str = ""
    ) -> list[Table]:
        """The sound values of a section, one dict for each class that declares its keys.

        `skip` names classes whose keys do not count now. `why` says what a missing section leads to.
        """
        if not isinstance(value, dict):
            what = "is missing" if value is None else f"is not a table: {short(value)}"
            self.problem(section, "", what, f"{why}add [{section}] with {needs(kinds)}")
            return [{} for _ in kinds.kinds]
        place = f"{self.name} [{section}] "
        known = [slot.key for kind in kinds.kinds for slot in fields_of(kind) if slot.declared]
        refuse_unknown(value, [*known, *kinds.devices, *kinds.tables], place, self.problems)
        return [
            {} if kind in skip else read_fields(kind, value, place, self.problems, also=None, declared=True)
            for kind in kinds.kinds
        ]

    def named(self, tables: Table, kinds: Section, *, required: bool = True) -> list[tuple[str, Table]]:
        """The tables of a group such as [zone.NAME] by their names."""
        group = kinds.name.split(".")[0]
        found = tables.get(group)
        if (
            isinstance(found, dict)
            and {slot.key for kind in kinds.kinds for slot in fields_of(kind)} & found.keys()
        ):
            found = [found]
        if isinstance(found, list):
            self.problem(group, "", "has no name", f"write [{group}.NAME], each with a name of its own")
            found = {f"{group}{number}": table for number, table in enumerate(found, 1)}
        if not isinstance(found, dict) or not found:
            if required:
                self.problem(group, "", "there is none", f"add [{group}.main] with {needs(kinds)}")
            return []
        for id, table in found.items():
            plain = id.replace("_", "")
            if not isinstance(table, dict):
                self.problem(
                    group, short(id), f"is not a table: {short(table)}", f"write it as [{group}.NAME]"
                )
            elif not (plain.isascii() and plain.isalnum() and len(id) <= 32):
                self.problem(
                    f"{group}.{short(id)}", "", "is no usable name", "use 1 to 32 letters, digits and _"
                )
        return [(id, table) for id, table in found.items() if isinstance(table, dict)]


def needs(kinds: Section) -> str:
    """The keys that a section cannot be without, each with what it must be."""
    keys = [
        f"{slot.key}: {slot.wanted}"
        for kind in kinds.kinds
        for slot in fields_of(kind)
        if slot.required and slot.declared
    ]
    keys += kinds.either
    keys += [f"{key} = {device_words(role)} ({doc})" for key, (role, doc) in kinds.devices.items()]
    keys += [f"a table [{kinds.name}.{name}] with {needs(LIMITS)}" for name in kinds.tables]
    return "; ".join(keys) or "nothing in it: all its keys have defaults"


def device_words(role: str, pin: Callable[[], str] | None = None) -> str:
    """A device of a role as it is written, with every setting it needs; `pin` chooses its pin."""
    name = next(iter(of_role(role)), "...")
    slots = [slot for slot in fields_of(driver(name).Settings) if slot.required] if name != "..." else []
    words = [f"{slot.key} = {pin() if pin and slot.bounds.pin else slot.wanted}" for slot in slots]
    return f'{{ driver = "{name}"{"".join(f", {word}" for word in words)} }}'

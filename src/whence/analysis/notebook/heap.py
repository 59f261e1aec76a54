"""The globals of a kernel without their values: which object each name has, and its version.

Equal versions come from the same statements over equal versions; what was made in another way has
another version, though it may be equal by chance.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from whence.analysis.notebook.unit import SPENT, Late

UNDEFINED = 0
"""The version of a name that there is not."""


class Versions:
    """Gives each way to make something its number, from 1."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def of(self, made: Hashable) -> int:
        return self._numbers.setdefault(made, len(self._numbers) + 1)


class Thing:
    """An object. ``by`` is which execution made or changed it as a whole, ``parts`` are objects of
    their own.

    ``same`` is the last change, where doing it again changes nothing; ``unfitted`` the version
    before it was fitted. ``touched`` are the texts of the statements that made it what it is, with
    the execution that did so last; the first of them bound it.
    """

    __slots__ = ("base", "by", "is_module", "late", "parts", "same", "touched", "unfitted")

    def __init__(self, base: int, by: int, late: Late | None = None, unit: str = "") -> None:
        self.base, self.by, self.late = base, by, late
        self.touched: dict[str, int] = {unit: by}
        self.parts: dict[str, Thing] | None = None
        self.same: Any = None
        self.unfitted: int | None = None
        self.is_module = False


class Heap:
    """Names and their objects at one time of a history. ``open``: any other name may be there."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.names: dict[str, Thing] = {}
        self.open = False

    def version(self, thing: Thing, depth: int = 0) -> int:
        """The version of an object with all its parts."""
        if not thing.parts or depth > 8:
            return thing.base
        of = self.versions.of
        found = []
        for key, part in thing.parts.items():
            version = self.version(part, depth + 1)
            if version != of(("part", thing.base, key)):
                found.append((key, version))
        return of(("whole", thing.base, tuple(sorted(found)))) if found else thing.base

    def part_version(self, thing: Thing, key: str) -> int:
        """The version of the part that a read of ``key`` gives."""
        is_attribute = key.startswith(".")
        part = thing.parts.get(key[1:] if is_attribute else key) if thing.parts else None
        if part is not None:
            return self.version(part)
        if is_attribute:  # it may be computed from any part
            return self.version(thing)
        return self.versions.of(("part", thing.base, key))

    def part(self, thing: Thing, key: str) -> Thing:
        """The part as an object that lasts."""
        if thing.parts is None:
            thing.parts = {}
        found = thing.parts.get(key)
        if found is None:
            base = self.versions.of(("part", thing.base, key))
            found = thing.parts[key] = Thing(base, thing.by, unit=next(iter(thing.touched)))
        return found

    def change(self, thing: Thing, made: Hashable, by: int, how: str, unit: str) -> int:
        """The object changes by ``made``; gives its new version."""
        thing.by = thing.touched[unit] = by
        if how == "fit":
            before = thing.base if thing.unfitted is None else thing.unfitted
            thing.base = self.versions.of(("fit", made, before))
            thing.unfitted = before
            return self.version(thing)
        if how == "again" and thing.same == made:
            return self.version(thing)
        before = self.version(thing)
        for key, part in (thing.parts or {}).items():
            part.base = self.versions.of(("change", made, self.version(part), key))
            part.parts, part.by, part.same = None, by, None
        thing.base = self.versions.of(("change", made, before))
        thing.parts, thing.unfitted = None, None
        thing.same = made if how == "again" else None
        return thing.base

    def store(self, thing: Thing, key: str, part: Thing, by: int, unit: str) -> None:
        """The part ``key`` of the object becomes ``part``."""
        if thing.parts is None:
            thing.parts = {}
        thing.parts[key] = part
        thing.touched[unit] = by
        thing.same = None


def makers(thing: Thing, depth: int = 0) -> list[int]:
    """The executions that made the object and its parts what they are."""
    found = [thing.by]
    if thing.parts and depth < 8:
        for part in thing.parts.values():
            found += makers(part, depth + 1)
    return found


def is_used_up(late: Late | None) -> bool:
    """Whether an object changes by being used."""
    return late is not None and late.kind in (SPENT, "generator")

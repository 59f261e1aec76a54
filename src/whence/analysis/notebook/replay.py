"""Runs the statements of a cell over a heap, and tells all that the cell saw and made."""

from __future__ import annotations

from collections.abc import Mapping

from whence.analysis.notebook.doing import Doing
from whence.analysis.notebook.given import BUILTINS
from whence.analysis.notebook.heap import Thing, is_used_up
from whence.analysis.notebook.looking import Learned, Seen, Trace
from whence.analysis.notebook.method import FITS
from whence.analysis.notebook.names import CellCode
from whence.analysis.notebook.unit import (
    DRAWS,
    FUNCTION,
    MUTATE,
    RANDOM,
    SETTLES,
    Effect,
    Ref,
    Unit,
)


class Replay(Doing):
    """One run of a cell. ``by`` is what it is called in the heap.

    ``files`` are versions of the content that it read; ``bound`` the names that were seen to get
    another object, None where nobody looked. With ``strict`` it runs by what was learned, and ends
    at a name that is not there; else the kernel's word is taken that it went on.
    """

    def run(self, code: CellCode, stopped_at: int | None = None) -> Trace:
        """Run the statements; the one at line ``stopped_at`` failed."""
        for unit in code.units:
            late = self._meet(unit)
            if self._strict and not self._heap.open and (name := self._lacks(unit)):
                self.trace.missing, self.trace.stopped_at = name, unit.line
                break
            if self._fails(unit, stopped_at):
                self.trace.stopped_at = unit.line
                break
            self._do(unit, late)
        return self.trace

    def _fails(self, unit: Unit, stopped_at: int | None) -> bool:
        """Whether it failed, or does from the same versions as it has failed from before."""
        if self._strict:
            return self._made in self._learned.failed
        if stopped_at is not None and unit.end >= stopped_at:
            self._learned.failed.add(self._made)
            return True
        self._learned.failed.discard(self._made)
        return False

    def bind(self, name: str, made: object) -> None:
        """A name gets a value that the statements do not show."""
        version = self._heap.versions.of(("bound", name, made))
        self._heap.names[name] = Thing(version, self._by, unit=self._unit)

    def _lacks(self, unit: Unit) -> str:
        names = self._heap.names
        for name in unit.certain:
            if name not in names and name not in BUILTINS:
                return name
        for call in unit.calls:
            thing = names.get(call.name)
            if thing is not None and thing.late is not None and thing.late.kind == FUNCTION:
                for name in thing.late.certain:
                    if name not in names and name not in BUILTINS:
                        return name
        return ""

    def _meet(self, unit: Unit) -> tuple[Effect, ...]:
        """See the versions of what the statement reads; gives what it does by using functions."""
        self._unit = unit.text
        names = self._heap.names
        versions: list[int] = []
        lates: list[tuple[str, Thing]] = []
        for ref in unit.reads:
            thing = names.get(ref.name)
            if thing is None:
                versions.append(self._unknown(ref))
                continue
            versions.append(self._look(ref, thing))
            if thing.late is not None:
                lates.append((ref.name, thing))
        for call in unit.calls:  # an object whose method changes it is not read
            thing = names.get(call.name)
            if thing is not None and thing.late is not None:
                lates.append((call.name, thing))
        late = self._expand(unit, lates, versions) if lates else ()
        if self._files and unit.touches_files:
            self._made = (unit.text, tuple(versions), self._files)
        else:
            self._made = (unit.text, tuple(versions))
        self._settled = None
        if unit.effects and unit.effects[0].how == SETTLES:
            versions = self._settle(unit, versions)
        self.trace.versions += versions
        return late

    def _settle(self, unit: Unit, versions: list[int]) -> list[int]:
        """What the statement read when it first made the value that it makes again."""
        name, key = unit.effects[0].name, unit.effects[0].key
        others = [v for ref, v in zip(unit.reads, versions, strict=False) if ref.name != name]
        self._settled = (unit.text, tuple(others), tuple(versions))
        thing = self._heap.names.get(name)
        if thing is not None and key is not None:
            thing = thing.parts.get(key) if thing.parts else None
        same = None if thing is None else thing.same
        if not (isinstance(same, tuple) and same[:2] == self._settled[:2] and len(same) == 3):
            return versions
        versions = list(same[2])
        self._settled = same
        self._made = (unit.text, same[2], *self._made[2:])
        return versions

    def _do(self, unit: Unit, late: tuple[Effect, ...]) -> None:
        for effect in unit.effects:
            self._effect(effect)
        for effect in late:
            self._effect(effect)
        for call in unit.calls:
            self._called(call)
        if unit.opaque:
            self._heap.open = True

    def _expand(
        self, unit: Unit, lates: list[tuple[str, Thing]], versions: list[int]
    ) -> tuple[Effect, ...]:
        """What functions and objects that were used read besides, and what they do."""
        names, found, done = self._heap.names, [], set()
        while lates:
            name, thing = lates.pop()
            late = thing.late
            if late is None or name in done:
                continue
            done.add(name)
            if is_used_up(late):
                found.append(Effect(MUTATE, name))
                continue
            if late.kind == DRAWS:
                if _hands_on(unit, name) and RANDOM in names:
                    versions.append(self._look(Ref(RANDOM), names[RANDOM]))
                    found.append(Effect(MUTATE, RANDOM))
                continue
            for ref in late.reads:
                other = names.get(ref.name)
                if other is None:
                    versions.append(self._unknown(ref))
                    continue
                versions.append(self._look(ref, other))
                if other.late is not None:
                    lates.append((ref.name, other))
            found += late.effects
        return tuple(found)


def _hands_on(unit: Unit, name: str) -> bool:
    """Whether the statement fits the object, or gives it to a function that may."""
    return any(
        (call.name == name and call.method in FITS)
        or any(given == name for _, given in call.arguments)
        for call in unit.calls
    )


def content(files: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Files and their digests as a part of what something is made from."""
    return tuple(sorted(files.items()))


__all__ = ["Learned", "Replay", "Seen", "Trace", "content"]

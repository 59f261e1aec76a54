"""Which definitions of a name, and which writes into an object, can reach a point of a scope."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Collection
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from whence.analysis.definition import (
    ASSIGN,
    KILL,
    PARAMETER,
    STORE,
    Block,
    Comprehension,
    Definition,
    Place,
    Write,
)
from whence.analysis.path import Path, match

if TYPE_CHECKING:
    from whence.analysis.scope import Scope

Thing: TypeAlias = ast.AST | str
"""An object, by the expression that makes it, the parameter it comes by, or ``free:`` and the
name of a variable of another scope."""


_ORDER = itemgetter(0)


class MadeCall(NamedTuple):
    """A call that stands in a scope. ``is_bare``: nobody uses its result."""

    node: ast.Call
    place: Place
    is_bare: bool


class Given(NamedTuple):
    """An expression whose value a function gives: returned, yielded or all of a yielded series."""

    value: ast.expr
    place: Place
    is_yielded: bool = False
    path: Path = ()


class Reaching(NamedTuple):
    """The definitions that can reach a point; ``from_outside``: or none of this scope."""

    definitions: tuple[Definition, ...]
    from_outside: bool


class Written(NamedTuple):
    """A write that reaches a read.

    ``rest`` is the part of what it writes that is read; ``is_same`` says that what is read can
    be an object that was written.
    """

    write: Write
    rest: Path
    is_same: bool


class Event(NamedTuple):
    """A write into the part ``path`` of an object, at its place among the statements."""

    order: int
    write: Write
    path: Path


class Flow:
    """The blocks of one scope with all that a slice asks of them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.entry = Block()
        self.places: dict[int, Place] = {}
        self.bound: set[str] = set()
        self.calls: list[MadeCall] = []
        self.writes: list[Write] = []
        self.given: list[Given] = []
        self.eager: set[int] = set()
        self.lambdas: list[ast.Lambda] = []
        self.is_generator = False
        self.stars: list[tuple[str, int]] = []
        self.definitions: dict[str, list[Definition]] = {}
        self.exit: Place
        self.targets: dict[tuple[int, str], Definition | None] = {}
        self._reaching: dict[tuple[str, int, int], Reaching] = {}

    def reaching(self, name: str, place: Place, node: ast.AST | None = None) -> Reaching:
        """The definitions of ``name`` that can hold at ``place``, before its statement."""
        if node is not None:
            named = self._named_before(name, place, node)
            if named is not None:
                return Reaching((named,), False)
        known = self.definitions.get(name, ())
        if len(known) == 1 and known[0].kind in (ASSIGN, PARAMETER) and not self.scope.is_class:
            return Reaching(tuple(known), False)
        key = (name, id(place.block), place.order)
        found = self._reaching.get(key)
        if found is None:
            found = self._reaching[key] = self._search(name, place)
        return found

    def since(
        self, name: str, place: Place, bounds: Collection[Definition]
    ) -> tuple[Definition, ...]:
        """The definitions of ``name`` that hold at ``place`` only if made since one of ``bounds``.

        Where ``bounds`` are what a loop's name takes in each turn, they are of the same turn.
        """
        if any(one.block is None for one in bounds):
            return ()  # a turn of a comprehension, in which nothing is made besides
        found: dict[Definition, None] = {}
        earlier: set[Definition] = set()
        seen: set[int] = set()
        waiting: list[tuple[Block, int | None]] = [(place.block, place.order)]
        while waiting:
            block, before = waiting.pop()
            last = last_before(block.names.get(name), before)
            ends = [
                one.order for one in bounds
                if one.block is block and (before is None or one.order < before)
            ]  # fmt: skip
            if last is not None and last.order >= max(ends, default=0):
                found[last] = None
            elif ends:
                at = Place(self.scope, block, min(ends), place.statement)
                earlier.update(self._search(name, at).definitions)
            else:
                for pred in block.preds:
                    if id(pred) not in seen:
                        seen.add(id(pred))
                        waiting.append((pred, None))
        return tuple(one for one in found if one not in earlier)

    def _named_before(self, name: str, place: Place, node: ast.AST) -> Definition | None:
        """The ``:=`` of the same statement that stands before ``node``."""
        found = None
        entries = place.block.names.get(name, [])
        first = bisect_left(entries, place.order, key=_ORDER)
        for order, definition in entries[first : first + 8]:
            value = definition.value
            if order != place.order or not isinstance(value, ast.NamedExpr):
                break
            if _ends_before(value, node):
                found = definition
        return found

    def _search(self, name: str, place: Place) -> Reaching:
        found: list[Definition] = []
        from_outside = False
        seen: set[int] = set()
        waiting: list[tuple[Block, int | None]] = [(place.block, place.order)]
        while waiting:
            block, before = waiting.pop()
            last = last_before(block.names.get(name), before)
            if last is not None:
                if last.kind != KILL and last not in found:
                    found.append(last)
                continue
            from_outside = from_outside or block is self.entry
            for pred in block.preds:
                if id(pred) not in seen:
                    seen.add(id(pred))
                    waiting.append((pred, None))
        return Reaching(tuple(found), from_outside)


def last_before(
    entries: list[tuple[int, Definition]] | None, before: int | None
) -> Definition | None:
    """The definition that holds just before a point of a block, if the block has one."""
    if not entries:
        return None
    if before is None:
        return entries[-1][1]
    number = bisect_left(entries, before, key=_ORDER)
    return entries[number - 1][1] if number else None


def _ends_before(one: ast.expr, other: ast.AST) -> bool:
    end = (one.end_lineno or 0, one.end_col_offset or 0)
    return end <= (getattr(other, "lineno", 0), getattr(other, "col_offset", 0))


class Events:
    """The writes into the objects of one scope, found by object and block."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._by_thing: dict[Thing, dict[int, list[Event]]] = {}

    def add(self, thing: Thing, write: Write, path: Path) -> None:
        blocks = self._by_thing.setdefault(thing, {})
        events = blocks.setdefault(id(write.place.block), [])
        events.append(Event(write.place.order, write, path))
        events.sort(key=_ORDER)

    def of_others(self) -> dict[str, list[tuple[Write, Path]]]:
        """The writes into variables of scopes further out, by name."""
        found: dict[str, list[tuple[Write, Path]]] = {}
        for thing, blocks in self._by_thing.items():
            if isinstance(thing, str):
                events = [event for block in blocks.values() for event in block]
                found[thing] = [(event.write, event.path) for event in events]
        return found

    def has(self, thing: Thing) -> bool:
        """Whether anything is written into ``thing``."""
        return thing in self._by_thing

    def of(self, thing: Thing) -> list[Write]:
        """All writes into ``thing``."""
        blocks = self._by_thing.get(thing, {}).values()
        return [event.write for events in blocks for event in events]

    def is_in(self, thing: Thing, block: Block) -> bool:
        """Whether anything is written into ``thing`` in ``block``."""
        return id(block) in self._by_thing[thing]

    def within(self, thing: Thing, block: Block, since: int, before: int | None) -> list[Event]:
        """The writes into ``thing`` in a part of a block, the last first."""
        events = self._by_thing[thing].get(id(block))
        if events is None:
            return []
        end = len(events) if before is None else bisect_left(events, before, key=_ORDER)
        start = bisect_left(events, since, key=_ORDER) if since else 0
        return events[start:end][::-1]

    def reaching(self, thing: Thing, place: Place, read: Path) -> list[Written]:
        """The writes into ``thing`` that a read of its part ``read`` at ``place`` can see."""
        found: list[Written] = []
        if thing not in self._by_thing:
            return found
        seen: set[int] = set()
        waiting: list[tuple[Block, int | None]] = [(place.block, place.order)]
        while waiting:
            block, before = waiting.pop()
            written, is_replaced = collect(self.within(thing, block, 0, before), read)
            found.extend(written)
            for pred in () if is_replaced else block.preds:
                if id(pred) not in seen:
                    seen.add(id(pred))
                    waiting.append((pred, None))
        return found


def collect(
    events: list[Event], read: Path, part: int = 0, name: str = ""
) -> tuple[list[Written], bool]:
    """The writes that a read of the part ``read`` sees, and whether one replaces all of it.

    The read is through ``name``, which holds the part that the first ``part`` keys say: what
    replaces that part does not change what the name holds.
    """
    found: list[Written] = []
    for _, write, path in events:
        if len(path) < part or (len(path) == part and write.kind == STORE):
            continue
        met = match(path, read)
        if met is None:
            continue
        found.append(Written(write, met.rest, met.is_within))
        if met.is_exact and write.kind == STORE and not write.is_added:
            target = write.target
            if not write.is_one_of or (isinstance(target, ast.Name) and target.id == name):
                return found, True
    return found, False


def is_comprehension_target(comprehension: Comprehension, name: str) -> bool:
    """Whether ``name`` is bound by a ``for`` of the comprehension."""
    return any(
        isinstance(node, ast.Name) and node.id == name
        for generator in comprehension.generators
        for node in ast.walk(generator.target)
    )

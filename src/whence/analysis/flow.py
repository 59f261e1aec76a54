"""Which definitions of a name, and which writes into an object, can reach a point of a scope."""

from __future__ import annotations

import ast
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
    """A write that reaches a read. ``rest`` is the part of what it writes that is read."""

    write: Write
    rest: Path


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

    def _named_before(self, name: str, place: Place, node: ast.AST) -> Definition | None:
        """The ``:=`` of the same statement that stands before ``node``."""
        found = None
        for order, definition in place.block.names.get(name, ()):
            value = definition.value
            if (
                order == place.order
                and isinstance(value, ast.NamedExpr)
                and _ends_before(value, node)
            ):
                found = definition
        return found

    def _search(self, name: str, place: Place) -> Reaching:
        found: list[Definition] = []
        from_outside = False
        seen: set[int] = set()
        waiting: list[tuple[Block, int | None]] = [(place.block, place.order)]
        while waiting:
            block, before = waiting.pop()
            last = _last(block.names.get(name), before)
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


def _last(entries: list[tuple[int, Definition]] | None, before: int | None) -> Definition | None:
    for order, definition in reversed(entries or ()):
        if before is None or order < before:
            return definition
    return None


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
        events.sort(key=lambda event: event.order)

    def of_others(self) -> dict[str, list[tuple[Write, Path]]]:
        """The writes into variables of scopes further out, by name."""
        found: dict[str, list[tuple[Write, Path]]] = {}
        for thing, blocks in self._by_thing.items():
            if isinstance(thing, str):
                events = [event for block in blocks.values() for event in block]
                found[thing] = [(event.write, event.path) for event in events]
        return found

    def reaching(
        self,
        thing: Thing,
        place: Place,
        read: Path,
        part: int = 0,
        by: Definition | None = None,
    ) -> tuple[list[Written], bool]:
        """The writes into ``thing`` that a read of its part ``read`` at ``place`` can see.

        The read is through a name for the part that the first ``part`` keys say: what replaces
        that part does not change what the name holds. The name got the thing ``by`` a
        definition: what was written before is in the value that it took. The second answer says
        whether all that is read was replaced since.
        """
        blocks = self._by_thing.get(thing)
        if not blocks:
            return [], False
        found: list[Written] = []
        is_replaced = from_start = False
        seen: set[int] = set()
        waiting: list[tuple[Block, int | None]] = [(place.block, place.order)]
        while waiting:
            block, before = waiting.pop()
            last = _last(block.names.get(by.name), before) if by is not None else None
            events = blocks.get(id(block))
            since = last.order if last is not None else None
            name = by.name if by is not None else ""
            if events is not None and _collect(events, since, before, read, part, name, found):
                is_replaced = True
                continue
            if last is not None or block is self._flow.entry:
                from_start = from_start or last is by
                continue
            for pred in block.preds:
                if id(pred) not in seen:
                    seen.add(id(pred))
                    waiting.append((pred, None))
        return found, is_replaced and not from_start


def _collect(
    events: list[Event],
    since: int | None,
    before: int | None,
    read: Path,
    part: int,
    name: str,
    found: list[Written],
) -> bool:
    """Add the events of a block that the read sees; whether one replaces all that is read."""
    for order, written, path in reversed(events):
        if before is not None and order >= before:
            continue
        if since is not None and order < since:
            break
        length = len(path)
        if length < part or (length == part and written.kind == STORE):
            continue
        met = match(path, read)
        if met is None:
            continue
        found.append(Written(written, met.rest))
        if met.is_exact and written.kind == STORE and not written.is_added:
            target = written.target
            if not written.is_one_of or (isinstance(target, ast.Name) and target.id == name):
                return True
    return False


def is_comprehension_target(comprehension: Comprehension, name: str) -> bool:
    """Whether ``name`` is bound by a ``for`` of the comprehension."""
    return any(
        isinstance(node, ast.Name) and node.id == name
        for generator in comprehension.generators
        for node in ast.walk(generator.target)
    )

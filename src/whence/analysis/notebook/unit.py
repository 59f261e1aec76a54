"""What one statement of a cell does to the globals of a kernel, as data that is replayed often."""

from __future__ import annotations

from typing import NamedTuple

KINDS = range(8)
BIND, WEAK, ALIAS, STORE, MUTATE, DELETE, MODULE, RESET = KINDS
"""Kinds of effects: a name gets a value; may get one; gets the object of another; a part of an
object is set; an object changes; a name or part goes; a name gets a module; all names go."""

RANDOM = " random"
"""Stands for the state of the global random generators; it is tracked once it was seeded."""

FUNCTION, CLASS, GENERATOR, SPENT, DRAWS = "function", "class", "generator", "spent", "draws"
"""Kinds of `Late`. A ``generator`` of random numbers and what is ``spent`` change when used; what
``draws`` takes from the global random state when it is fitted or handed on."""

AGAIN, FIT, SETTLES = "again", "fit", "settles"
"""How an object changes: the same once more changes nothing; a fit replaces an earlier fit; a value
made from the name's own value settles when what it is made by is done once more."""


class Ref(NamedTuple):
    """A global, or the part ``key`` of its object; an attribute's key begins with a point."""

    name: str
    key: str | None = None


class Late(NamedTuple):
    """What using a function, or an object that has methods, does besides.

    ``parameters`` are those (by position and name) whose objects it changes, ``methods`` those that
    change their object, of those that are ``known``.
    """

    kind: str
    reads: tuple[Ref, ...] = ()
    certain: frozenset[str] = frozenset()
    effects: tuple[Effect, ...] = ()
    parameters: frozenset[int | str] = frozenset()
    methods: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


class Effect(NamedTuple):
    """``source`` is what an alias or a part refers to; ``maker`` the name whose call made it."""

    kind: int
    name: str
    key: str | None = None
    source: Ref | None = None
    late: Late | None = None
    maker: str = ""
    how: str = ""


class Call(NamedTuple):
    """A call of the global ``name``, or of a ``method`` of it, given globals as arguments."""

    name: str
    method: str
    arguments: tuple[tuple[int | str, str], ...]


class Unit(NamedTuple):
    """A statement: its lines, its text, and what it reads and does in the order of its parts.

    ``certain`` are the names without which it fails; ``opaque`` says that it may bind any name.
    """

    line: int
    end: int
    text: str
    reads: tuple[Ref, ...]
    certain: frozenset[str]
    effects: tuple[Effect, ...]
    calls: tuple[Call, ...]
    opaque: bool = False
    fits: tuple[str, ...] = ()
    touches_files: bool = False

"""How a function was entered, so that its parameters are those of one call and no other."""

from __future__ import annotations

import ast
from typing import NamedTuple, TypeAlias

from whence.analysis.definition import Definition, Place
from whence.analysis.path import Path
from whence.analysis.scope import Scope

DIRECT, CALLBACK = range(2)
"""Whether a call's own arguments are bound, or a library calls the function with what it has."""

MAX_DEPTH = 24
"""Of deeper calls all callers count."""

MAX_WAYS = 12
"""In as many ways one call is told apart by its own callers; beyond, all of them count."""


Pins: TypeAlias = dict[Definition, tuple[Definition, Path]]


class Context:
    """One entered function.

    ``call`` at ``place`` entered ``scope``, in the context ``parent``; ``closure`` is the context
    of the function around ``scope``. ``is_loose`` says that the function's body may run later
    than the call, or from within a library.

    ``pins`` say of definitions that they give a part of what another gives, in one turn of a loop
    (see `whence.analysis.turns`); ``base`` is the context without them.
    """

    __slots__ = (
        "base",
        "call",
        "closure",
        "depth",
        "is_fresh",
        "is_loose",
        "mode",
        "parent",
        "partial",
        "pins",
        "place",
        "receiver",
        "scope",
    )

    def __init__(
        self,
        scope: Scope | None = None,
        call: ast.AST | None = None,
        place: Place | None = None,
        parent: Context | None = None,
    ) -> None:
        self.scope = scope
        self.call = call
        self.place = place
        self.parent = parent
        self.closure: Context | None = None
        self.receiver: Demand | None = None
        self.is_fresh = False
        self.is_loose = False
        self.mode = DIRECT
        self.partial: Demand | None = None
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.base: Context = self
        self.pins: Pins = {}

    def pinned(self, pins: Pins) -> Context:
        """The same with ``pins``."""
        base = self.base
        found = Context(base.scope, base.call, base.place, base.parent)
        found.closure, found.receiver, found.partial = base.closure, base.receiver, base.partial
        found.is_fresh, found.is_loose, found.mode = base.is_fresh, base.is_loose, base.mode
        found.base, found.pins = base, pins
        return found


TOP = Context()
"""A module's own statements: nothing called them."""

ANY = Context()
"""Whatever call it was: all that are known count."""


class Demand(NamedTuple):
    """The part ``path`` of what ``node`` is, evaluated at ``place`` in ``context``."""

    node: ast.AST
    place: Place
    context: Context
    path: Path = ()


class Edge(NamedTuple):
    """A value rests on another; ``is_same``: it is that very object."""

    demand: Demand
    is_same: bool


class Target(NamedTuple):
    """A function or class of the user's that a call can enter.

    ``receiver`` is the object that a method is called on; ``is_fresh`` says that the call makes
    it. ``made`` is the class whose constructor is called; ``scope`` is None where it has none.
    """

    scope: Scope | None
    closure: Context
    receiver: Demand | None = None
    is_fresh: bool = False
    made: Scope | None = None
    partial: Demand | None = None
    mode: int = DIRECT

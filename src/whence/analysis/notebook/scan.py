"""What an expression reads, calls and changes of the globals, in the order of its parts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from whence.analysis.notebook.method import (
    FITS,
    change_of,
    changes_first,
    draws_when_fitted,
    random_of,
)
from whence.analysis.notebook.scoped import HANDLERS
from whence.analysis.notebook.source import OPAQUE_CALL, RESET_CALL
from whence.analysis.notebook.target import (
    dotted,
    is_part,
    key_of,
    keys_of,
    located,
    names_in,
    root_of,
)
from whence.analysis.notebook.unit import (
    BIND,
    MUTATE,
    RANDOM,
    RESET,
    WEAK,
    Call,
    Effect,
    Late,
    Ref,
)

OPAQUE_NAME, RESET_NAME = OPAQUE_CALL[:-2], RESET_CALL[:-2]
_OPAQUE = frozenset({OPAQUE_NAME, "exec", "execfile"})
_VIEWS = frozenset({"enumerate", "zip", "items", "values", "reversed", "list", "sorted"})


class Scan:
    """One pass over a statement, a function's body, or parts of them.

    ``local`` are names that were bound on the way; ``aliases`` what some of them are parts of. In a
    function a parameter is an alias of the part with its name of nothing (`Ref("", name)`).
    """

    def __init__(self, local: Iterable[str] = (), shown: ast.AST | None = None) -> None:
        self.reads: dict[Ref, None] = {}
        self.certain: set[str] = set()
        self.effects: list[Effect] = []
        self.calls: list[Call] = []
        self.local = set(local)
        self.aliases: dict[str, tuple[Ref, ...]] = {}
        self.changed: set[str] = set()
        self.fits: list[str] = []
        self.opaque = False
        self.calls_any = False
        self.is_function = False
        self.outer: set[str] = set()
        self._bare: ast.AST | None = None
        self._shown = shown
        self.maybe = 0
        self.weak = 0

    # What statements say

    def expression(self, node: ast.AST | None) -> None:
        if node is not None:
            _HANDLERS.get(type(node), Scan._others)(self, node)

    def bare(self, node: ast.expr) -> None:
        """An expression whose value is not used, but maybe shown."""
        self._bare = node.value if isinstance(node, ast.Await) else node
        self.expression(node)
        self._bare = None

    @contextmanager
    def perhaps(self, weak: bool = False) -> Iterator[None]:
        """What may not run; with ``weak`` a name bound in it may keep what it had."""
        self.maybe += 1
        self.weak += weak
        yield
        self.maybe -= 1
        self.weak -= weak

    def read(self, ref: Ref) -> None:
        if ref.name in self.local:
            return
        self.reads[ref] = None
        if not self.maybe:
            self.certain.add(ref.name)

    def bind(self, name: str, late: Late | None = None, maker: str = "") -> None:
        if not self.is_function or name in self.outer:
            kind = WEAK if self.weak else BIND
            self.effects.append(Effect(kind, name, late=late, maker=maker))
        self.local.add(name)

    def change(self, ref: Ref, method: str = "", how: str = "") -> None:
        """The object of a name, or a part of it, changes."""
        if ref.name not in self.local:
            self.effects.append(Effect(MUTATE, ref.name, ref.key, maker=method, how=how))
            return
        for one in self.aliases.get(ref.name, ()):
            if not one.name:
                self.changed.add(one.key or "")
            else:
                self.effects.append(Effect(MUTATE, one.name, one.key, maker=method))

    def alias(self, target: ast.AST, value: ast.AST) -> None:
        """The names of ``target`` are parts of what ``value`` is."""
        refs = tuple(self._roots(value))
        for name in names_in(target):
            self.aliases[name] = refs

    def _roots(self, node: ast.AST) -> Iterator[Ref]:
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _VIEWS:
            inner = node.args or [node.func]
            for one in inner:
                yield from self._roots(one.value if isinstance(one, ast.Attribute) else one)
            return
        if isinstance(node, (ast.List, ast.Tuple)):
            for one in node.elts:
                yield from self._roots(one)
            return
        ref = root_of(node)
        if ref is not None and ref.name in self.local:
            yield from self.aliases.get(ref.name, ())
        elif ref is not None:
            yield Ref(ref.name)

    # Expressions

    def _others(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.expression(child)

    def _name(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Load):
            self.read(Ref(node.id))

    def _part(self, node: ast.AST) -> None:
        assert isinstance(node, (ast.Attribute, ast.Subscript))
        inner: ast.AST = node
        while isinstance(inner, (ast.Attribute, ast.Subscript)):
            if isinstance(inner, ast.Subscript) and key_of(inner.slice) is None:
                self.expression(inner.slice)
            inner = inner.value
        ref = root_of(node)
        if ref is None:
            self.expression(inner)
            return
        columns = located(node)
        if columns:
            for one in columns:
                self.read(one)
            return
        keys = None
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            keys = keys_of(node.slice)
        for key in keys or (ref.key,):
            self.read(Ref(ref.name, key))

    def _call(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        self.calls_any = True
        is_bare, is_shown = node is self._bare, node is self._shown
        name = dotted(node.func)
        if isinstance(node.func, ast.Attribute):
            self._method(node, node.func, is_bare, is_shown)
        else:
            self._function(node)
        self._random(name, node)
        for argument in node.args:
            self.expression(argument)
        for keyword in node.keywords:
            self.expression(keyword.value)
            if keyword.arg == "out" and (ref := root_of(keyword.value)) is not None:
                self.change(ref, how="again")
        if node.args and changes_first(name.rpartition(".")[2]):
            ref = root_of(node.args[0])
            if ref is not None:
                self.change(ref)

    def _function(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            if node.func.id == RESET_NAME:
                self.effects.append(Effect(RESET, ""))
                return
            if node.func.id in _OPAQUE:
                self.opaque = True
            if node.func.id != OPAQUE_NAME:
                self.read(Ref(node.func.id))
            self._record(node.func.id, "", node)
        else:
            self.expression(node.func)

    def _method(self, node: ast.Call, func: ast.Attribute, is_bare: bool, is_shown: bool) -> None:
        ref, method = root_of(func.value), func.attr
        if method in FITS:
            made = func.value.func if isinstance(func.value, ast.Call) else func.value
            self.fits.append(dotted(made) or "a model")
            if isinstance(func.value, ast.Call) and draws_when_fitted(func.value):
                self._draw()
        if ref is None:
            self.expression(func.value)
            return
        how = change_of(method, node, is_bare, is_shown)
        if how is not None:
            if not isinstance(func.value, ast.Name) and not is_part(func.value):
                how = "" if how == "again" else how
            self.change(ref, method, how)
        if how is None or not (is_bare or is_shown or method in FITS):
            self.expression(func.value)
        else:
            self._indices(func.value)
        if not self.maybe and ref.name not in self.local:
            self.certain.add(ref.name)
        if isinstance(func.value, ast.Name):
            self._record(func.value.id, method, node)

    def _indices(self, node: ast.AST) -> None:
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            if isinstance(node, ast.Subscript):
                self.expression(node.slice)
            node = node.value

    def _record(self, name: str, method: str, node: ast.Call) -> None:
        given: list[tuple[int | str, str]] = []
        given += [
            (at, one.id)
            for at, one in enumerate(node.args)
            if isinstance(one, ast.Name) and one.id not in self.local
        ]
        for keyword in node.keywords:
            if keyword.arg and isinstance(keyword.value, ast.Name):
                given.append((keyword.arg, keyword.value.id))
        if name not in self.local:
            self.calls.append(Call(name, method, tuple(given)))

    def _random(self, name: str, node: ast.Call) -> None:
        what = random_of(name, node)
        if what == "seeds":
            self.effects.append(Effect(BIND, RANDOM))
        elif what == "draws":
            self._draw()

    def _draw(self) -> None:
        self.reads[Ref(RANDOM)] = None
        self.effects.append(Effect(MUTATE, RANDOM))

    @contextmanager
    def scope(self, names: Iterable[str] = ()) -> Iterator[None]:
        """Names that are bound inside only."""
        local, aliases = self.local, self.aliases
        self.local, self.aliases = local | set(names), dict(aliases)
        yield
        self.local, self.aliases = local, aliases


_HANDLERS: dict[type[ast.AST], Callable[[Scan, ast.AST], None]] = {
    ast.Name: Scan._name,
    ast.Attribute: Scan._part,
    ast.Subscript: Scan._part,
    ast.Call: Scan._call,
    **HANDLERS,
    ast.Constant: lambda scan, node: None,
}

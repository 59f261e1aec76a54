"""The versions of a module that was loaded again, and the lines that its functions run under then.

IPython's ``%autoreload`` compiles each changed function by itself, from its text as `ast.unparse`
writes it. So its lines count from its own first one, and comments are gone.
"""

from __future__ import annotations

import ast
import textwrap
from functools import cache

from whence.analysis.module import Module
from whence.analysis.site import Site, Span, span_of

_WRAPPER = "__autoreload_class__"
_VERSION = " (version "


def version_name(file: str, number: int) -> str:
    """What an earlier version of a file is called among the modules of a program."""
    return f"{file}{_VERSION}{number})"


def file_of(name: str) -> str:
    """The file that a module of a program is a version of."""
    return name.partition(_VERSION)[0]


class Reloaded:
    """A module of which single functions may have been compiled anew."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._pairs = cache(self._paired)

    def site(self, site: Site) -> Site:
        """The place in the file that a frame was at, where it ran in such a function."""
        is_method = site.function.startswith(f"{_WRAPPER}.")
        name = site.function.removeprefix(f"{_WRAPPER}.")
        named = [
            scope
            for scope in self._module.scopes.values()
            if (scope.is_method and scope.name == name if is_method else scope.qualname == name)
        ]
        if len(named) != 1 or not isinstance(named[0].node, ast.FunctionDef | ast.AsyncFunctionDef):
            return site
        scope = named[0]
        if not is_method and self._has(scope.node, site.span):
            return site
        node = self._pairs(scope.node, is_method).get(site.span)
        if not isinstance(node, ast.expr | ast.stmt):
            return site
        return Site(site.file, scope.qualname, node.lineno, span_of(node))

    def _has(self, function: ast.AST, span: Span | None) -> bool:
        """Whether the function has an expression just there in the file."""
        return span is None or any(
            span_of(node) == span for node in ast.walk(function) if isinstance(node, ast.expr)
        )

    def _paired(self, function: ast.AST, is_method: bool) -> dict[Span | None, ast.AST]:
        """The nodes of the function by where they stand in its text on its own."""
        text = textwrap.dedent(ast.unparse(function))
        if is_method:
            text = f"class {_WRAPPER}:\n{textwrap.indent(text, '    ')}"
        tree: ast.AST = ast.parse(text).body[0]
        if is_method:
            assert isinstance(tree, ast.ClassDef)
            tree = tree.body[0]
        pairs = zip(ast.walk(tree), ast.walk(function), strict=False)
        found: dict[Span | None, ast.AST] = {}
        for one, other in pairs:
            if type(one) is not type(other):
                break  # it reads back as other code: what follows can't be paired
            if isinstance(one, ast.expr):
                found.setdefault(span_of(one), other)
        return found

"""A file of the user's code, read and never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Container
from functools import cached_property

from whence._base.errors import AnalysisError
from whence.analysis.pruning import prune
from whence.analysis.scope import Scope, read_scopes


class Module:
    """The syntax of one file, with its scopes."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree

    @cached_property
    def scopes(self) -> dict[int, Scope]:
        """The scopes by the id of their node; lambdas are added where they are met."""
        return read_scopes(self, self.tree)

    @property
    def top(self) -> Scope:
        """The scope of the module's own statements."""
        return self.scopes[id(self.tree)]

    def scope_of(self, node: ast.AST, around: Scope) -> Scope:
        """The scope of a function, class or lambda that stands in ``around``."""
        found = self.scopes.get(id(node))
        if found is None:
            found = self.scopes[id(node)] = Scope(self, node, around, "<lambda>")
        return found


def read_module(source: bytes, file: str, ran: Container[int] | None = None) -> Module:
    """The module that ``source`` is the text of; given the lines that ran, of those alone.

    Raises AnalysisError with the line and the reason for what this Python cannot parse.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the program itself is told of its odd literals
            tree = ast.parse(source, file)
        return Module(file, tree if ran is None else prune(tree, ran))
    except SyntaxError as error:
        raise AnalysisError(file, error.lineno or 1, error.msg) from error
    except ValueError as error:
        raise AnalysisError(file, 1, str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise AnalysisError(file, 1, "it is nested too deeply") from error

"""A file of the user's code, read and never run."""

from __future__ import annotations

import ast

from whence._base.errors import AnalysisError


class Module:
    """The syntax of one file."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree


def read_module(source: bytes, file: str) -> Module:
    """The module that ``source`` is the text of.

    Raises AnalysisError with the line and the reason for what this Python cannot parse.
    """
    try:
        return Module(file, ast.parse(source, file))
    except SyntaxError as error:
        raise AnalysisError(file, error.lineno or 1, error.msg) from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = "it is nested too deeply" if not isinstance(error, ValueError) else str(error)
        raise AnalysisError(file, 1, reason) from error

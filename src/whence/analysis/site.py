"""Places in the user's code, and the watched calls that were made from there."""

from __future__ import annotations

import ast
from typing import NamedTuple


class Span(NamedTuple):
    """Where an expression stands in its file, as ``code.co_positions`` has it.

    Lines count from 1, columns from 0 in UTF-8 bytes.
    """

    line: int
    column: int
    end_line: int
    end_column: int


def span_of(node: ast.expr | ast.stmt) -> Span:
    """Where a node of a file that was parsed stands."""
    end_line, end_column = node.end_lineno, node.end_col_offset
    return Span(node.lineno, node.col_offset, end_line or node.lineno, end_column or 0)


class Site(NamedTuple):
    """One frame of the user's code at the moment of a call.

    ``file`` is a key of the modules that a ``Program`` has; ``function`` is the ``co_qualname``
    of the frame's code, ``<module>`` at the top. Without a ``span`` a call is found by its line.
    """

    file: str
    function: str
    line: int
    span: Span | None = None


class Anchor(NamedTuple):
    """A watched call that ran.

    ``call`` is its dotted name (``pandas.read_csv``). ``stack`` has the frames of the user's code,
    the innermost first. ``order`` grows from call to call.
    """

    id: bytes
    call: str
    stack: tuple[Site, ...]
    order: int = 0

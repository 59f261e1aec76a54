"""The columns by which frames are joined and grouped, as the calls are written."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from whence.analysis.asked import Asked, Parts
from whence.analysis.merging import sides_of
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided


def key_parts(asked: Asked) -> Parts:
    """The columns, as parts of the frames, that are the keys of a call; none where undecided."""
    try:
        return _KEYED[last_name(asked.call)](asked)
    except Undecided:
        return []


def key_calls(tree: ast.Module) -> dict[int, list[ast.Call]]:
    """The calls that join or group, by the first line of their statement."""
    found: dict[int, list[ast.Call]] = {}
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        for call in _calls_of(statement):
            if last_name(call) in _KEYED:
                found.setdefault(statement.lineno, []).append(call)
    return found


def _calls_of(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement that stand in no statement inside of it."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield from (node for node in ast.walk(child) if isinstance(node, ast.Call))


def _joined(asked: Asked) -> Parts:
    """``on`` names a column of both sides; without names, those that both sides have."""
    sides = sides_of(asked)
    if len(sides) < 2 or asked.is_given("how", "cross"):
        return []
    both = _texts(asked, asked.argument(-1, "on", "by"))
    lefts = both or _texts(asked, asked.argument(-1, "left_on"))
    rights = both or _texts(asked, asked.argument(-1, "right_on"))
    if not lefts and not rights and last_name(asked.call).startswith("merge"):
        right = asked.columns(sides[1])
        lefts = rights = [name for name in asked.columns(sides[0]) if name in right]
    if last_name(asked.call) == "join" and not asked.has(sides[1], *rights):
        rights = []  # pandas joins the columns of one side to the index of the other
    return [
        *(part for name in lefts for part in asked.of(sides[0], name)),
        *(part for name in rights for part in asked.of(sides[1], name)),
    ]


def _grouped(asked: Asked) -> Parts:
    """``by`` or, as polars has it, all arguments."""
    given = asked.own(-1, "by")
    values = [given] if given is not None else asked.call.args
    names = [name for value in values for name in _texts(asked, value)]
    return [part for name in names for part in asked.of(asked.frame, name)]


def _texts(asked: Asked, node: ast.expr | None) -> list[str]:
    return (asked.texts(node) or []) if node is not None else []


_KEYED: dict[str, Callable[[Asked], Parts]] = {
    **dict.fromkeys(("merge", "merge_asof", "merge_ordered", "join", "join_asof"), _joined),
    **dict.fromkeys(("groupby", "group_by"), _grouped),
}

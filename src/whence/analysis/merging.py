"""Joins of two frames: their sides, keys and suffixes, and so the columns of what comes out."""

from __future__ import annotations

import ast

from whence.analysis.asked import Asked, Parts
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided


def sides_of(asked: Asked) -> list[ast.expr]:
    """The frames that a call joins, the left one first, as far as it says."""
    sides = [] if asked.is_function or asked.base is None else [asked.base]
    named = [asked.argument(-1, name) for name in ("left", "right", "other")]
    return [*sides, *asked.call.args, *(one for one in named if one is not None)][:2]


def all_of(side: ast.expr) -> list[ast.expr]:
    """The frames that one side is: ``frame.join([one, other])`` has several."""
    return side.elts if isinstance(side, (ast.List, ast.Tuple)) else [side]


def suffixes_of(asked: Asked) -> tuple[str, str]:
    """What is put behind names that both sides have. Raises Undecided."""
    if last_name(asked.call) in ("join", "join_asof", "cross_join"):
        left, right = asked.argument(-1, "lsuffix"), asked.argument(-1, "rsuffix", "suffix")
        is_pandas = left is not None or asked.argument(-1, "rsuffix") is not None
        return asked.text(left), asked.text(right, "" if is_pandas else "_right")
    given = asked.argument(-1, "suffixes")
    if given is None:
        return "_x", "_y"
    suffixes = asked.value(given)
    if not isinstance(suffixes, list) or len(suffixes) != 2:
        raise Undecided("the suffixes are made at run time")
    first, second = (one if isinstance(one, str) else "" for one in suffixes)
    return first, second


def merge_parts(asked: Asked) -> Parts | None:
    """A name with a suffix is that of the side that the suffix stands for."""
    sides = sides_of(asked)
    if len(sides) < 2:
        return None
    left, right = suffixes_of(asked)
    is_one_sided = last_name(asked.call) == "join" and not asked.rest
    if is_one_sided and asked.has(sides[0], asked.name):
        found = asked.of(sides[0], asked.name)
        keys = _shared(asked)
        found += asked.of(sides[1], asked.name) if asked.name in keys else []
        return found + _keys(asked, sides)
    frames = [sides[0], *all_of(sides[1])]
    found = [part for side in frames for part in asked.of(side, asked.name)]
    for side, suffix in ((sides[0], left), (sides[1], right)):
        if suffix and asked.name.endswith(suffix):
            found += asked.of(side, asked.name.removesuffix(suffix))
    return found + _keys(asked, sides)


def _shared(asked: Asked) -> list[str]:
    return asked.texts(asked.argument(-1, "on")) or []


def _keys(asked: Asked, sides: list[ast.expr]) -> Parts:
    """A key of one side has the values of the other side's key too."""
    try:
        lefts = asked.texts(asked.argument(-1, "left_on")) or []
        rights = asked.texts(asked.argument(-1, "right_on")) or []
    except Undecided:
        return []  # which key is which is made at run time; each has its own side's values
    found: Parts = []
    for left, right in zip(lefts, rights, strict=False):
        if asked.name == left:
            found += asked.of(sides[1], right)
        elif asked.name == right:
            found += asked.of(sides[0], left)
    return found


def merged_columns(asked: Asked) -> list[str]:
    """The left side's columns, then the right side's; a key that both sides have stands once."""
    sides = sides_of(asked)
    if len(sides) < 2:
        raise Undecided("which frames are joined can't be told")
    left, right = (list(asked.columns(side)) for side in sides)
    keys = _merge_keys(asked, left, right)
    behind = suffixes_of(asked)
    twice = {name for name in left if name in right and name not in keys}
    found = [name + behind[0] if name in twice else name for name in left]
    found += [name + behind[1] if name in twice else name for name in right if name not in keys]
    return [*found, "_merge"] if asked.is_given("indicator", True) else found


def _merge_keys(asked: Asked, left: list[str], right: list[str]) -> set[str]:
    """The columns by which two frames are joined, and which have one name in both."""
    lefts = asked.texts(asked.argument(-1, "left_on"))
    rights = asked.texts(asked.argument(-1, "right_on"))
    both = asked.texts(asked.argument(-1, "on"))
    by = asked.texts(asked.argument(-1, "by")) or []
    by_index = asked.is_given("left_index", True) or asked.is_given("right_index", True)
    if both is not None:
        return {*both, *by}
    if lefts is not None or rights is not None:
        same = zip(lefts or (), rights or (), strict=False)
        return {*by, *(one for one, other in same if one == other)}
    if by_index or asked.is_given("how", "cross"):
        return set(by)
    return {name for name in left if name in right}

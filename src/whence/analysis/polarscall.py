"""What the columns of a result of polars' calls are made of, as the call is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from whence.analysis.asked import Asked, Parts
from whence.analysis.framecall import CALLS as OF_PANDAS
from whence.analysis.framecall import Handle
from whence.analysis.polarsexpr import Made, made_by
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided


def given_columns(asked: Asked) -> Iterator[Made | Undecided]:
    """The columns of each argument of ``select``, ``with_columns`` or ``agg``."""
    for argument in asked.call.args:
        try:
            yield made_by(asked, argument)
        except Undecided as undecided:
            yield undecided
    for keyword in asked.call.keywords:
        if keyword.arg is None:
            yield Undecided("the names of its columns are made at run time")
            continue
        try:
            parts = [part for one in made_by(asked, keyword.value).values() for part in one]
            yield {keyword.arg: parts}
        except Undecided as undecided:
            yield Undecided(*undecided.args[:1], keyword.arg)


def _given(asked: Asked) -> Parts | None:
    """The asked column among those that are given; None when it is surely not there."""
    reason: Undecided | None = None
    for made in given_columns(asked):
        if isinstance(made, Undecided):
            of_another = len(made.args) > 1 and made.args[1] != asked.name
            reason = reason if of_another else made
        elif asked.name in made:
            return made[asked.name]
    if reason is not None:
        raise Undecided(reason.args[0])
    return None


def _select(asked: Asked) -> Parts | None:
    if asked.is_function:
        return None
    found = _given(asked)
    return found if found is not None else []


def _with_columns(asked: Asked) -> Parts:
    found = _given(asked)
    return found if found is not None else asked.same()


def _agg(asked: Asked) -> Parts | None:
    """Of a group of polars: its keys, and what the expressions give."""
    groups = asked.base
    if not isinstance(groups, ast.Call) or last_name(groups) not in GROUPS:
        return OF_PANDAS["agg"](asked)
    for one in (asked, asked._replace(call=groups, demand=asked.at(groups))):
        found = _given(one)
        if found is not None:
            return found
    return []


def _group(asked: Asked) -> Parts:
    """A key of a group; what the group holds when it is asked for more."""
    found = _given(asked)
    return found if found is not None else asked.same()


def _row_index(asked: Asked) -> Parts:
    name = asked.text(asked.argument(0, "name"), "index")
    return [] if name == asked.name else asked.same()


def _unnest(asked: Asked) -> Parts:
    """What a struct is made of does not say what its fields are."""
    try:
        if asked.name in asked.columns(asked.frame):
            return asked.same()
    except Undecided:
        pass
    raise Undecided("it may be a field of a struct, whose fields are not followed")


GROUPS = ("group_by", "group_by_dynamic")

POLARS: dict[str, Handle] = {
    "select": _select,
    "with_columns": _with_columns,
    "select_seq": _select,
    "with_columns_seq": _with_columns,
    "agg": _agg,
    "group_by": _group,
    "with_row_index": _row_index,
    "unnest": _unnest,
    **dict.fromkeys(
        (
            *("lazy", "collect", "sort", "limit", "slice", "unique", "drop_nulls", "fill_null"),
            *("cast", "clone", "reverse", "top_k", "bottom_k", "shrink_to_fit", "drop_nans"),
            *("fill_nan", "rechunk", "cache", "to_numpy", "gather_every", "partition_by"),
        ),
        lambda asked: None if asked.is_function else asked.same(),
    ),
}
"""What a column of the result of a call of polars is made of, by the last name of the call."""

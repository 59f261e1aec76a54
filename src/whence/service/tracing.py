"""Questions about columns, and about what an inferred edge rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whence._base.errors import NotKnownError
from whence.query.answer import Answer
from whence.query.diff import Kept
from whence.query.spelling import escaped
from whence.service.flow.features import Features
from whence.service.flow.flows import Flows
from whence.service.flow.lineage import with_grounds
from whence.service.flow.reach import Reach
from whence.service.flow.tables import Spot
from whence.service.flow.trail import Trail
from whence.service.reply import ColumnImpact, ColumnTrace, Lineage, Why
from whence.store.protocol import Store

NAMES_SHOWN = 8


def with_columns(store: Store, traced: Lineage, kept: Kept, flows: Flows) -> ColumnTrace:
    """The trace with the columns of its models."""
    found = Features(store, traced, kept, flows).traced()
    return ColumnTrace(
        query=traced.query | {"columns": True},
        nodes=found.nodes,
        edges=found.edges,
        completeness=found.completeness,
        columns=found.columns,
        grounds=found.grounds,
    )


def explained(store: Store, answer: Answer, query: dict[str, Any], kept: Kept) -> Why:
    """The paths between two things, with what their inferred edges rest on."""
    found, grounds = with_grounds(store, answer, kept)
    return Why(
        query=query,
        nodes=found.nodes,
        edges=found.edges,
        completeness=found.completeness,
        grounds=grounds,
    )


def column_impact(
    store: Store, query: dict[str, Any], seeds: Sequence[int], column: str, kept: Kept
) -> ColumnImpact:
    """What the column of that name of any of the ``seeds`` reaches."""
    reach = Reach(store, kept, [Spot(seed, column) for seed in seeds])
    found = reach.answer()
    return ColumnImpact(
        query=query | {"subjects": reach.subjects},
        nodes=found.nodes,
        edges=found.edges,
        completeness=found.completeness,
        reached=found.reached,
        grounds=found.grounds,
    )


def column_named(
    store: Store,
    text: str,
    find: Callable[[], object],
    versions_of: Callable[[str], Sequence[int]],
) -> tuple[str, str] | None:
    """The file and the column that ``FILE:COLUMN`` names; None where ``find`` knows all of it.

    The longest file is taken that is known and has the column. Raises NotKnownError.
    """
    ends = [at for at, sign in enumerate(text) if sign == ":" and 0 < at < len(text) - 1]
    if not ends:
        return None
    try:
        find()
    except NotKnownError as error:
        missing = error
    else:
        return None
    is_file_known = False
    for at in reversed(ends):
        file, column = text[:at], text[at + 1 :]
        try:
            named = NamedColumn(store, file, versions_of(file))
        except NotKnownError:
            continue
        if named.having(column):
            return file, column
        missing = missing if is_file_known else named.unknown(column)
        is_file_known = True
    raise missing


def _nothing_kept(digest: bytes) -> None:
    """For what asks for names alone."""


class NamedColumn:
    """Whether a file has a column, and what to say when it has none."""

    def __init__(self, store: Store, file: str, seeds: Sequence[int]) -> None:
        self._file, trail = file, Trail(store, _nothing_kept)
        self._names = {seed: trail.names(seed) for seed in seeds}

    def having(self, column: str) -> list[int]:
        """The versions of the file that have the column."""
        return [seed for seed, names in self._names.items() if column in names]

    def unknown(self, column: str) -> NotKnownError:
        """The error for a column that the file does not have, with names that are near."""
        from difflib import get_close_matches  # costs a start that does not need it

        names = list(dict.fromkeys(name for found in self._names.values() for name in found))
        file = escaped(self._file)
        if not names:
            return NotKnownError(
                f"The columns of {file} are not known: no run read or wrote it as a table"
            )
        lower = {name.lower(): name for name in names}
        near = [lower[one] for one in get_close_matches(column.lower(), lower, 3)]
        some = near or names[:NAMES_SHOWN]
        more = "" if near or len(names) <= NAMES_SHOWN else f" and {len(names) - NAMES_SHOWN} more"
        word = "near" if near else "it has"
        shown = ", ".join(escaped(name) for name in some)
        return NotKnownError(f"{file} has no column {escaped(column)!r}; {word}: {shown}{more}")

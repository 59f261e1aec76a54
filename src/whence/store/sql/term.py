"""What the codes in the tables of an index mean, and the statements that many modules share.

``edge.origin`` says why an edge is there, ``node.found`` what a node without a writer is.
"""

from __future__ import annotations

from whence.store.sql.statement import Rows

RECORDED, BOUND, RENAMED = 0, 1, 2
"""Origins of edges: recorded, from the binding of a file's opening, a recorded edge that named a
read's opening, moved to the entity it is bound to."""

FOUND_VERSION, ALIAS = 1, 2
"""What ``node.found`` says: a version that was read and nobody is known to have written; the
opening of a read, which stands for the entity it is bound to and is never shown, or one that
failed."""

Edge = tuple[int, int, int, int, int, int, int | None]
"""A row of ``edge``: src, rel, dst, role, origin, known, at."""


def _surest(one: Edge, other: Edge) -> Edge:
    known = min(one[5], other[5])
    times = [at for at in (one[6], other[6]) if at is not None]
    return (*one[:5], known, min(times, default=None))


UPSERT_EDGE = Rows(
    "INSERT INTO edge(src, rel, dst, role, origin, known, at)"
    " VALUES(?int,?int,?int,?int,?int,?int,?int)"
    " ON CONFLICT(src, rel, dst, role, origin) DO UPDATE SET known="
    "CASE WHEN excluded.known < edge.known THEN excluded.known ELSE edge.known END,"
    " at=CASE WHEN edge.at IS NULL OR excluded.at < edge.at THEN excluded.at ELSE edge.at END"
    " WHERE excluded.known < edge.known OR (edge.at IS NULL AND excluded.at IS NOT NULL)"
    " OR excluded.at < edge.at",
    key=5,
    merge=_surest,
)
"""An edge that is there already keeps the surest knowledge and the earliest time."""

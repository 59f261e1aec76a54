"""What the analysis is given: the cells of a notebook, and the executions of a kernel session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from whence.model.status import FINISHED


class Cell(msgspec.Struct, frozen=True):
    """A code cell of the notebook as it is now.

    ``id`` tells it from all others; ``index`` is its place among all cells, from 0; ``count`` the
    number that the file shows beside it.
    """

    id: str
    index: int
    source: str
    count: int | None = None


class Execution(msgspec.Struct, frozen=True):
    """One execution of a cell, as it was recorded.

    ``count`` is the number of its ``In [n]``; ``order`` its ordinal in the session; ``source`` what
    was written; ``bound`` and ``deleted`` the globals that were seen to get another object and to
    go, None where nobody looked; ``stopped_at`` the line at which it failed, None where no line ran
    or none is known; ``read`` and ``wrote`` files with the digest of their content; ``models`` the
    names of models that it fitted.
    """

    cell: str
    count: int
    order: int
    source: str
    status: str = FINISHED
    bound: Sequence[str] | None = None
    deleted: Sequence[str] = ()
    stopped_at: int | None = None
    read: Mapping[str, str] = {}
    wrote: Mapping[str, str] = {}
    models: Sequence[str] = ()

"""Pages of runs: each begins where the one before ended, whatever came in between."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.model.criterion import All, Criterion, Order
from whence.query.answer import AnswerNode
from whence.query.search import as_stored
from whence.query.touched import touched
from whence.service.cursor import BY_TIME, Cursor, after, opened, place_of, sealed
from whence.service.runs import described_runs, parsed
from whence.store.protocol import Node, Store


class RunPage(msgspec.Struct, frozen=True):
    """``next`` is the cursor of the page that follows, None on the last; ``total`` if asked."""

    items: list[AnswerNode]
    next: str | None
    total: int | None


def run_page(
    store: Store,
    filter: str | None,
    order_by: str | None,
    limit: int,
    cursor: str | None,
    *,
    offset: int = 0,
    whole: bool = True,
    total: bool = False,
) -> RunPage:
    """A page of the runs that fit, newest first unless ordered.

    A run that comes or changes while one turns the pages by ``cursor`` may be missed or told where
    it now stands; every other is told once. ``offset`` leaves out so many runs from the first, for
    far jumps: runs that come meanwhile move what follows. Raises FilterError; UsageError for a
    cursor that is none, or one with an offset.
    """
    if cursor is not None and offset:
        raise UsageError("A page begins at a cursor or at an offset; give one of them")
    wanted, order = parsed(filter, order_by or "")
    criterion = None if wanted is None else as_stored(store, wanted)
    count = store.run_count(criterion) if total else None
    full = (*order, *BY_TIME)  # what settles it where the order leaves a choice, as stores do
    last = None if cursor is None else opened(cursor, full)
    runs = _runs(store, criterion, order, limit + 1, last, offset)
    page = runs[:limit]
    before = len(page) + (offset if last is None else last.before)
    more = sealed(full, place_of(store, page[-1], full), before) if len(runs) > limit else None
    return RunPage(described_runs(store, touched(store, page), (), whole), more, count)


def _runs(
    store: Store,
    criterion: Criterion | None,
    order: Sequence[Order],
    limit: int,
    last: Cursor | None,
    offset: int,
) -> list[Node]:
    """The runs after the last one, or after the first ``offset``, in order."""
    if last is None:
        return store.runs(criterion, order, limit, offset)
    if order:  # a store finds a place in an order of its own faster by number than by values
        found = store.runs(criterion, order, limit + 1, last.before - 1)
        if found and format_id(found[0].uid) == last.run:
            return found[1:]
    beyond = after((*order, *BY_TIME), last.place)
    return store.runs(beyond if criterion is None else All((criterion, beyond)), order, limit)

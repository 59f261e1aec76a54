"""Lists of runs: newest first, by a filter, in an order, or by a text found in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import ge, gt, le, lt

import msgspec

from whence._base.ids import format_id, id_range
from whence.model.criterion import All, AnyOf, Comparison, Criterion, Field, Not, Order
from whence.model.status import INTERRUPTED, RUNNING
from whence.query.describe import true_status
from whence.store.protocol import Node, Store

_STATUS, _ID = Field("attributes", "status"), Field("attributes", "run_id")


class Page(msgspec.Struct, frozen=True):
    """Some of the runs that fit; ``more`` says that the limit left some out."""

    runs: list[Node]
    more: bool


def find_runs(
    store: Store,
    criterion: Criterion | None = None,
    order: Sequence[Order] = (),
    limit: int | None = None,
) -> Page:
    """The runs for which ``criterion`` holds, newest first unless ordered."""
    if criterion is not None:
        criterion = as_stored(store, criterion)
    runs = store.runs(criterion, order, None if limit is None else limit + 1)
    if limit is None or len(runs) <= limit:
        return Page(runs, False)
    return Page(runs[:limit], True)


def as_stored(store: Store, criterion: Criterion) -> Criterion:
    """The criterion as a store has to be asked it, so that it means the true status of runs."""
    return _with_true_status(store, criterion) if _asks(criterion, _STATUS) else criterion


def _asks(criterion: Criterion, field: Field) -> bool:
    if isinstance(criterion, Comparison):
        return criterion.field == field
    if isinstance(criterion, Not):
        return _asks(criterion.criterion, field)
    return any(_asks(one, field) for one in criterion.criteria)


def _with_true_status(store: Store, criterion: Criterion) -> Criterion:
    """The criterion as it has to be asked where some runs are stored as running but are dead."""
    running = store.runs(Comparison(_STATUS, "=", (RUNNING,)))
    dead = tuple(format_id(run.uid) for run in running if true_status(store, run) != RUNNING)
    return _rewritten(criterion, Comparison(_ID, "in", dead)) if dead else criterion


def _rewritten(criterion: Criterion, is_dead: Comparison) -> Criterion:
    if isinstance(criterion, Not):
        return Not(_rewritten(criterion.criterion, is_dead))
    if isinstance(criterion, All):
        return All(tuple(_rewritten(one, is_dead) for one in criterion.criteria))
    if isinstance(criterion, AnyOf):
        return AnyOf(tuple(_rewritten(one, is_dead) for one in criterion.criteria))
    if criterion.field != _STATUS:
        return criterion
    alive = All((criterion, Not(is_dead)))
    return AnyOf((alive, is_dead)) if _holds_for(INTERRUPTED, criterion) else alive


def _holds_for(status: str, comparison: Comparison) -> bool:
    """Whether a comparison of the status holds for that status."""
    values = comparison.values
    match comparison.operator:
        case "=" | "in":
            return status in values
        case "!=":
            return status not in values
        case "is null":
            return False
        case "like" | "ilike":
            return _like(status, str(values[0]), fold=comparison.operator == "ilike")
        case operator:
            return _ORDERINGS[operator](status, str(values[0]))


_ORDERINGS: dict[str, Callable[[str, str], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _like(text: str, pattern: str, *, fold: bool) -> bool:
    import re

    parts = (".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), text, re.I | re.S if fold else re.S) is not None


def shortest_starts(store: Store, runs: Sequence[Node], shortest: int = 8) -> dict[int, str]:
    """For each run the shortest start of its id that names it and no other run."""
    texts = {run.number: format_id(run.uid) for run in runs}
    near = {start: _ids_starting(store, start) for start in {t[:shortest] for t in texts.values()}}
    starts: dict[int, str] = {}
    for number, text in texts.items():
        ids = near[text[:shortest]]
        at = bisect_left(ids, text)
        neighbours = [*ids[max(at - 1, 0) : at], *ids[at + 1 : at + 2]]
        shared = max((_shared(text, other) for other in neighbours), default=0)
        starts[number] = text[: max(shortest, shared + 1)]
    return starts


def _ids_starting(store: Store, start: str) -> list[str]:
    limits = id_range(start)
    return [] if limits is None else [format_id(uid) for uid in store.runs_between(*limits)]


def _shared(one: str, other: str) -> int:
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return len(one)

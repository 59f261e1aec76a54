"""How the view of a notebook is made: from the record of a session and the notebook's file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from whence._base.ids import format_id
from whence.analysis.notebook.state import CellState
from whence.model.kind import MODEL, OUTPUT
from whence.query.completeness import completeness
from whence.query.plain import clean
from whence.service.notebook.binding import State, bindings_of
from whence.service.notebook.contents import Contents, contents_of
from whence.service.notebook.graph import Shown, graph_of
from whence.service.notebook.judging import Judged
from whence.service.notebook.record import Execution, SessionRecord
from whence.service.notebook.state import SourceOf
from whence.service.notebook.summary import described
from whence.service.notebook.times import iso
from whence.service.notebook.view import (
    CellView,
    ExecutionView,
    MemoryName,
    NotebookView,
    Session,
)
from whence.store.protocol import Store

MOST_HISTORY = 1000
"""So many executions are drawn with the history, the latest."""

MOST_SOURCE = 64 << 10
"""Of a longer source so many characters are shown."""


class Viewing:
    """One view in the making: the notebook as it was after as many executions as ``judged`` has.

    The graph has the last execution of each cell and what it rests on, or ``with_history`` every
    execution, at most the latest `MOST_HISTORY`.
    """

    def __init__(
        self,
        store: Store,
        record: SessionRecord,
        session: Session,
        judged: Judged,
        source_of: SourceOf,
        with_history: bool = False,
    ) -> None:
        self._store, self._record, self._source_of = store, record, source_of
        self._session, self._judged = session, judged
        shown = {one.last for one in judged.state.cells if one.last is not None}
        if with_history:
            shown.update(one.order for one in judged.executions[-MOST_HISTORY:])
        self._bindings = bindings_of(judged.history, shown)
        drawn = sorted(self._bindings.made)
        self._drawn = {n: record.executions[n - 1] for n in drawn}
        self._contents = contents_of(store, [one.number for one in self._drawn.values()])

    def view(self, since: int = 0) -> NotebookView:
        """The view, with the executions after the ordinal ``since``."""
        cells, executions = self._judged.state.cells, self._record.executions
        shown = Shown(
            session=self._record.session.uid,
            executions=self._drawn,
            cells={n: self._judged.executions[n - 1].cell for n in self._drawn},
            states={one.last: one.state for one in cells if one.last is not None},
            bindings=self._bindings,
            contents=self._contents,
            described=self._described(),
            cut=[format_id(executions[n - 1].uid) for n in sorted(self._bindings.cut)],
        )
        graph, truncated = graph_of(self._store, shown)
        concerned = [self._record.session.number, *(one.number for one in self._drawn.values())]
        return NotebookView(
            session=self._session,
            at=len(self._judged.executions),
            cells=self._cells(),
            executions=self._executions(since),
            only_in_memory=[
                MemoryName(clean(one.name), clean(one.cell), clean(one.reason))
                for one in self._judged.state.only_in_memory
            ],
            graph=graph,
            completeness=completeness(self._store, concerned, truncated),
        )

    def _described(self) -> dict[State, dict[str, Any]]:
        found: dict[State, dict[str, Any]] = {}
        for one in self._drawn.values():
            if one.number in self._contents.calls:
                source = self._source_of(one.code) or ""
                found |= described(source, one, self._contents, self._bindings)
        return found

    def _cells(self) -> list[CellView]:
        models, files = _models_and_files(self._contents)
        own = {one.id: one for one in self._judged.cells}
        views = []
        for told in self._judged.state.cells:
            if told.last is None:
                views.append(_not_run(told, own[told.cell].source))
                continue
            one, ran = self._drawn[told.last], self._judged.executions[told.last - 1]
            views.append(
                CellView(
                    id=clean(told.cell),
                    index=_index(told),
                    count=one.count,
                    state=told.state,
                    out_of_order=told.out_of_order,
                    reasons=_reasons(told),
                    executions=told.executions,
                    started_at=iso(one.started_at),
                    took_ms=one.took_ms,
                    status=ran.status,
                    models=models.get(one.number, []),
                    files=files.get(one.number, []),
                    defines=_names(made.state for made in self._bindings.made[told.last]),
                    uses=_names(self._bindings.used[told.last]),
                    source=clean(ran.source[:MOST_SOURCE]),
                )
            )
        return views

    def _executions(self, since: int) -> list[ExecutionView]:
        ran = zip(self._record.executions, self._judged.executions, strict=False)
        return [
            self._execution(one, told.cell, told.status)
            for one, told in itertools.islice(ran, max(since, 0), None)
        ]

    def _execution(self, one: Execution, cell: str, status: str) -> ExecutionView:
        found = self._record.told.get(one.n)
        if found is None or found.cell != cell or found.status != status:
            found = ExecutionView(
                n=one.n, cell=clean(cell), count=one.count, started_at=iso(one.started_at),
                took_ms=one.took_ms, status=status, error=clean(one.error),
            )  # fmt: skip
            self._record.told[one.n] = found
        return found


def _not_run(told: CellState, source: str) -> CellView:
    return CellView(
        id=clean(told.cell), index=_index(told), count=None, state="not-run", out_of_order=False,
        reasons=_reasons(told), executions=0, started_at=None, took_ms=None, status=None,
        models=[], files=[], defines=sorted(map(clean, told.names.defines)),
        uses=sorted(map(clean, told.names.uses)), source=clean(source[:MOST_SOURCE]),
    )  # fmt: skip


def _index(told: CellState) -> int | None:
    """The place in the file; one that is not saved yet has none."""
    return None if told.index is None or told.index < 0 else told.index


def _reasons(told: CellState) -> list[str]:
    order = told.order_reasons if told.out_of_order else ()
    found = dict.fromkeys((*told.reasons, *order, told.unreachable))
    return [clean(reason) for reason in found if reason]


def _names(states: Iterable[State]) -> list[str]:
    return list(dict.fromkeys(clean(state.name) for state in states))


def _models_and_files(contents: Contents) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The names of the models and of the files of each execution, by its node's number."""
    models: dict[int, dict[str, None]] = {}
    files: dict[int, dict[str, None]] = {}
    ends = [(edge.target, edge.source, True) for edge in contents.made]
    ends += [(edge.source, edge.target, False) for edge in contents.used]
    for cell, number, is_made in ends:
        node = contents.entities[number]
        if node.kind == MODEL and is_made:
            models.setdefault(cell, {})[clean(node.name)] = None
        if node.kind != OUTPUT and (node.places or node.digest):
            files.setdefault(cell, {})[clean(node.name)] = None
    return (
        {cell: list(names) for cell, names in models.items()},
        {cell: list(names) for cell, names in files.items()},
    )

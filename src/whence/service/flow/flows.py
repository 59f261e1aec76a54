"""The flows of several runs for one question: each is made once, however many parts ask for it."""

from __future__ import annotations

from whence.query.diff import Kept
from whence.service.flow.edges import RunFlow
from whence.service.flow.tables import RunColumns
from whence.store.protocol import Node, Store


class Flows:
    """The flows of the runs of one store, with their columns; they are kept while this is."""

    def __init__(self, store: Store, kept: Kept) -> None:
        self._store, self._kept = store, kept
        self._made: dict[int, RunColumns] = {}

    def of(self, run: Node) -> RunColumns:
        """The columns of the run, whose ``flow`` is its flow."""
        if run.number not in self._made:
            flow = RunFlow(self._store, run, self._kept)
            self._made[run.number] = RunColumns(self._store, flow)
        return self._made[run.number]

"""The executions of a session one after another: what each of them met, and what they left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from whence.analysis.notebook.execution import Execution
from whence.analysis.notebook.heap import Heap, Versions
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.needed import needed
from whence.analysis.notebook.replay import Learned, Replay, Seen, Trace, content
from whence.model.status import FINISHED, RUNNING


class Ran(NamedTuple):
    """An execution with what it met. ``before`` are the executions that touched what it met."""

    execution: Execution
    trace: Trace
    before: dict[int, Seen]


class History:
    """Takes executions in their order; at every time it knows the heap and each cell's last run.

    Of those that it begins with it goes through what still matters; ``runs`` has no others.
    """

    def __init__(self, executions: Sequence[Execution] = ()) -> None:
        self.versions = Versions()
        self.heap = Heap(self.versions)
        self.runs: dict[int, Ran] = {}
        self.last: dict[str, Ran] = {}
        self.counts: dict[str, int] = {}
        self.learned = Learned()
        self.extra: dict[str, set[str]] = {}
        for one, matters in zip(executions, needed(executions), strict=True):
            if matters:
                self.add(one)
            else:
                self.counts[one.cell] = self.counts.get(one.cell, 0) + 1

    def add(self, execution: Execution) -> None:
        """Take in the next execution."""
        code = read_cell(execution.source)
        replay = Replay(
            self.heap, execution.order, content(execution.read), self.learned, execution.bound
        )
        if execution.status == FINISHED:
            replay.run(code)
        elif execution.status != RUNNING and execution.stopped_at:
            replay.run(code, execution.stopped_at)
        self._beyond_code(execution, replay, code.binds)
        before = {one.by: one for one in replay.trace.seen}
        ran = Ran(execution, replay.trace, before)
        self.runs[execution.order] = self.last[execution.cell] = ran
        self.counts[execution.cell] = self.counts.get(execution.cell, 0) + 1

    def _beyond_code(self, execution: Execution, replay: Replay, known: frozenset[str]) -> None:
        """What was seen to come and go and the source does not show."""
        names = self.heap.names
        for name in execution.bound or ():
            if name not in known and name not in names:
                replay.bind(name, execution.source)
                self.extra.setdefault(execution.source, set()).add(name)
        for name in execution.deleted:
            names.pop(name, None)

    def source_of(self, cell: str) -> str | None:
        """The source of the cell when it last ran; None where it never did."""
        ran = self.last.get(cell)
        return None if ran is None else ran.execution.source

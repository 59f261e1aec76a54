"""What a run of the notebook from top to bottom would meet, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.heap import Heap
from whence.analysis.notebook.history import History
from whence.analysis.notebook.names import read_cell
from whence.analysis.notebook.replay import Replay, Trace, content
from whence.analysis.notebook.unit import BIND


class FreshRun:
    """The cells as they are now, run in their order in a kernel that knows nothing.

    ``now`` is the content of files as they are now, where that is known. What the history has
    taught is used: which statements fail, which names come from where no source shows it, which
    files a source reads and writes.
    """

    def __init__(
        self, cells: Sequence[Cell], history: History, now: Mapping[str, str] | None = None
    ) -> None:
        self.heap = Heap(history.versions)
        self.traces: list[Trace] = []
        self.read: list[dict[str, str]] = []
        self._history, self._now = history, now or {}
        self._written: dict[str, str] = {}
        for at, cell in enumerate(cells):
            self._run(at, cell)

    def _run(self, at: int, cell: Cell) -> None:
        last = self._last(cell)
        read = (
            {} if last is None else {path: self._content(path, d) for path, d in last.read.items()}
        )
        self.read.append(read)
        replay = Replay(self.heap, at, content(read), self._history.learned, strict=True)
        trace = replay.run(read_cell(cell.source))
        self.traces.append(trace)
        if not trace.stopped_at:
            for name in sorted(self._history.extra.get(cell.source, ())):
                replay.bind(name, cell.source)
        if last is None or not last.wrote:
            return
        was = self._history.last[cell.id].trace
        same = was.versions == trace.versions and last.read == read
        if not same and last.wrote.keys() & last.read.keys():  # it reads what it has just written
            for unit in read_cell(cell.source).units:
                for effect in unit.effects if unit.touches_files else ():
                    if effect.kind == BIND:
                        replay.bind(effect.name, (cell.source, tuple(trace.versions)))
        for path, digest in last.wrote.items():
            self._written[path] = digest if same else f"{digest} by other input"

    def _last(self, cell: Cell) -> Execution | None:
        """The last execution of the cell, where its source is still the same."""
        ran = self._history.last.get(cell.id)
        return ran.execution if ran is not None and ran.execution.source == cell.source else None

    def _content(self, path: str, was: str) -> str:
        return self._written.get(path) or self._now.get(path, was)

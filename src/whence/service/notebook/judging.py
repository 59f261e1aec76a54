"""The state of a notebook as a session goes on, or as it was: what does not change is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from whence._base.errors import DocumentError
from whence.analysis.notebook.document import Document, read_document
from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.history import History, Ran
from whence.analysis.notebook.state import NotebookState, judge
from whence.model.status import RUNNING
from whence.service.notebook.digests import DigestsNow
from whence.service.notebook.matching import matched, with_unsaved
from whence.service.notebook.record import SessionRecord
from whence.service.notebook.state import SessionHistory, SourceOf
from whence.store.protocol import Store

LARGEST = 256 << 20
"""Bytes of a notebook's file that is read."""


class OnDisk(NamedTuple):
    """The notebook's file: None where it can't be read; ``saved_at`` in nanoseconds."""

    document: Document | None
    saved_at: int


def on_disk(notebook: Path) -> OnDisk:
    """The notebook's file as it is now."""
    try:
        found = notebook.stat()
        if found.st_size <= LARGEST:
            return OnDisk(read_document(notebook.read_bytes(), notebook.name), found.st_mtime_ns)
    except (OSError, DocumentError):
        pass
    return OnDisk(None, 0)


class Judged(NamedTuple):
    """The state of the notebook, with its cells from top to bottom, and the executions that it
    comes from, with the ids that their cells have in the file."""

    state: NotebookState
    cells: Sequence[Cell]
    executions: list[Execution]
    history: History


class Judging:
    """Judges one session, again and again. One thread at a time.

    ``files`` are those that the last executions of its cells read, whose content now matters.
    """

    def __init__(self, source_of: SourceOf) -> None:
        self._session = SessionHistory(source_of)
        self._now, self._then = _Replayed(), _Replayed()
        self._digests = DigestsNow()
        self.files: set[str] = set()

    def judged(
        self, store: Store, record: SessionRecord, disk: OnDisk, at: int, *, is_alive: bool
    ) -> Judged:
        """The notebook after ``at`` executions: against its file where these are all, else with
        each cell as it had run by then."""
        every = self._session.executions(store, record, is_alive)
        cells: Sequence[Cell] = disk.document.cells if disk.document is not None else ()
        told = matched(cells, every[:at])
        if at < len(every):
            cells, history = with_unsaved(cells, told, 1), self._then.history(told)
            return Judged(judge(cells, history), cells, told, history)
        since = 1 if disk.document is None else _first_after(record, disk.saved_at)
        cells, history = with_unsaved(cells, told, since), self._now.history(told)
        state = judge(cells, history, self._files(store, history))
        return Judged(state, cells, told, history)

    def _files(self, store: Store, history: History) -> Mapping[str, str]:
        self.files = {path for ran in history.last.values() for path in ran.execution.read}
        return self._digests.of(store, self.files)


def _first_after(record: SessionRecord, saved_at: int) -> int | None:
    """The ordinal of the first execution after the file was saved; None where there is none."""
    return next((one.n for one in record.executions if one.started_at > saved_at), None)


class _Replayed:
    """A history that grows with the executions, and begins anew where they differ.

    Those at its end that still run are taken out of it again.
    """

    def __init__(self) -> None:
        self._history, self._told = History(), list[Execution]()
        self._running: list[tuple[Execution, Ran | None]] = []

    def history(self, told: list[Execution]) -> History:
        """The history of these executions."""
        self._take_out()
        done = len(self._told)
        if done > len(told) or told[:done] != self._told:
            self._history, done = History(), 0
        ended = len(told)
        while ended > done and told[ended - 1].status == RUNNING:
            ended -= 1
        for one in told[done:ended]:
            self._history.add(one)
        self._told = told[:ended]
        for one in told[ended:]:
            self._running.append((one, self._history.last.get(one.cell)))
            self._history.add(one)
        return self._history

    def _take_out(self) -> None:
        history = self._history
        for one, before in reversed(self._running):
            del history.runs[one.order]
            history.counts[one.cell] -= 1
            if before is None:
                del history.last[one.cell], history.counts[one.cell]
            else:
                history.last[one.cell] = before
        self._running = []

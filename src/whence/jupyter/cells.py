"""The cells that a shell runs: each execution is an activity, recorded before it runs."""

from __future__ import annotations

import os
import sys
from asyncio import CancelledError
from contextlib import suppress
from typing import Any

from whence._base.clock import mono_ns, wall_ns
from whence._base.text import plain
from whence.capture import session as sessions
from whence.capture.guard import guarded
from whence.capture.process.ending import of_exception
from whence.jupyter.atwork import result_at_work
from whence.jupyter.filenames import FileNames
from whence.jupyter.names import Snapshot, changed, snapshot
from whence.jupyter.outputs import Outputs
from whence.jupyter.reloading import Reloads
from whence.jupyter.session import KernelSession
from whence.jupyter.showing import record_outputs
from whence.jupyter.sources import RAN, WRITTEN, Source, Sources
from whence.jupyter.tap import Tap
from whence.model import kind as kinds
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.status import FINISHED, INTERRUPTED

_guard = guarded("observer-failed", "a cell")


class Execution:
    """A cell that runs: its activity, what the shell says of it, the globals before, outputs."""

    def __init__(self, info: Any, activity: bytes, name: str, file: str) -> None:
        self.info, self.activity, self.name, self.file = info, activity, name, file
        self.token: object = None
        self.request, self.outputs = "", Outputs()
        self.before = Snapshot([], [])


class Cells:
    """Records what a shell runs. ``begin`` and ``end`` are what it calls around each cell."""

    def __init__(self, shell: Any, kernel: KernelSession) -> None:
        self._shell, self._kernel, self._session = shell, kernel, kernel.session
        self._reloads, self.tap = Reloads(shell, kernel.session), Tap(shell, kernel.session)
        self._sources, self._files = Sources(kernel.session), FileNames(shell)
        self._running: dict[int, Execution] = {}
        self._pid = os.getpid()

    def begin(self, info: Any) -> None:
        """A cell is about to run."""
        with _guard:
            if self._counts(info) and self._is_here():
                self._kernel.look_at_notebook()
                result = result_at_work(sys._getframe(1))
                count = getattr(result, "execution_count", None)
                self._started(info, int(count or self._shell.execution_count))

    def begin_current(self) -> None:
        """Record the cell that runs already, which asked for the recording, from here on."""
        result = result_at_work(sys._getframe(1))
        if result is not None:
            self.begin(result.info)

    def end(self, result: Any) -> None:
        """A cell has run; ``result`` is None where it was torn down."""
        with _guard:
            info = getattr(result, "info", None)
            found = self._running.pop(id(info), None) if info is not None else self._latest()
            if found is not None and self._is_here():
                self._ended(found, *_ending(result, found.file))

    def end_all(self) -> None:
        """Nobody will tell of the end of what runs now: a cell that ends the recording."""
        while (found := self._latest()) is not None and self._is_here():
            self._ended(found, FINISHED, {})

    def _counts(self, info: Any) -> bool:
        """Whether this is a cell: front ends also run code that leaves no trace in the history.

        In a terminal ``ipython -c`` leaves none, but is all there is.
        """
        is_all = not self._running and getattr(self._shell, "kernel", None) is None
        return not info.silent and bool(info.store_history or is_all)

    def _is_here(self) -> bool:
        """Whether this is the process that runs cells, not a forked child, and is recorded."""
        return os.getpid() == self._pid and sessions.active() is self._session

    def _latest(self) -> Execution | None:
        return self._running.popitem()[1] if self._running else None

    def _started(self, info: Any, count: int) -> None:
        written, ran = info.raw_cell, info.transformed_cell or info.raw_cell
        is_same = ran in (written, f"{written}\n")
        source = Source(written if is_same else ran)
        cell = plain(str(info.cell_id or ""))
        file = self._files.of(written, ran, count)
        attributes: dict[str, Any] = {
            "cell": cell, "count": count, "file": plain(file), "code": source.digest.hex(),
            "language": _language(written),
        }  # fmt: skip
        original = None if is_same else Source(written)
        if original is not None:
            attributes["raw"] = original.digest.hex()
        session, name = self._session, self._name_of(cell, count)
        activity = session.recorder.new_id()
        shown = f"{name} [{count}]" if cell else name
        found = Execution(info, activity, shown, file)
        self._running[id(info)] = found
        session.recorder.record(
            ActivityStarted(
                activity, kinds.CELL, f"In [{count}]", session.process,
                wall_ns(), mono_ns(), attributes,
            )
        )  # fmt: skip
        found.request, found.outputs = self.tap.open()
        found.before = snapshot(self._shell.user_ns)
        found.token = sessions.enter_activity(activity)
        self._reloads.look()
        self._sources.used(activity, name, cell, source, RAN)
        if original is not None:
            self._sources.used(activity, name, cell, original, WRITTEN)

    def _name_of(self, cell: str, count: int) -> str:
        return f"{self._kernel.name}#{cell or f'[{count}]'}"

    def _ended(self, found: Execution, status: str, attributes: dict[str, Any]) -> None:
        at, mono = wall_ns(), mono_ns()
        self._look_at_reloads(found)
        self.tap.close(found.request)
        with _guard:
            if "error" in attributes and found.request:
                found.outputs.failed("\n".join(self._shell._last_traceback or []))
            record_outputs(self._session, found.activity, found.name, found.outputs)
        bound, deleted = changed(found.before, self._shell.user_ns)
        if bound:
            attributes["bound"] = [plain(name) for name in bound]
        if deleted:
            attributes["deleted"] = [plain(name) for name in deleted]
        self._session.recorder.record(ActivityEnded(found.activity, status, at, mono, attributes))

    def _look_at_reloads(self, found: Execution) -> None:
        """Leave the activity, after what ``%autoreload`` reloaded for it.

        The shell may tell of the end in another context than that in which the cell ran.
        """
        inner = sessions.enter_activity(found.activity)
        with _guard:
            self._reloads.look()
        sessions.leave_activity(inner)
        with suppress(ValueError):
            sessions.leave_activity(found.token)


def _ending(result: Any, file: str) -> tuple[str, dict[str, Any]]:
    """How a cell ended: the status, the error, and the line of the cell where it stopped."""
    if result is None:
        return INTERRUPTED, {}
    error = result.error_before_exec or result.error_in_exec
    if not isinstance(error, BaseException):
        return FINISHED, {}
    ending = of_exception(error)
    is_cancelled = isinstance(error, CancelledError)
    status = INTERRUPTED if is_cancelled else ending.status
    attributes = {k: plain(v) if isinstance(v, str) else v for k, v in ending.attributes.items()}
    line = _line_of(error, file)
    if line:
        attributes["stopped_at"] = line
    return status, attributes


def _line_of(error: BaseException, file: str) -> int:
    """The line of the cell, in its outermost code, that did not end; 0 when there is none."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            return traceback.tb_lineno or 0
        traceback = traceback.tb_next
    is_cells = isinstance(error, SyntaxError) and error.filename == file
    return (error.lineno or 0) if is_cells and isinstance(error, SyntaxError) else 0


def _language(written: str) -> str:
    """``python``, or the name of the cell magic."""
    first = written.lstrip()
    if not first.startswith("%%"):
        return "python"
    words = first[2:].partition("\n")[0].split()
    return plain(words[0]) if words else "python"

"""The session: what capture knows in this process while a run is recorded.

There is at most one. It is made by the boot of ``whence run`` or by the first ``whence.run()``, and
it is what observers are given.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from whence._base.clock import mono_ns, wall_ns
from whence.capture.guard import failures, guarded
from whence.capture.masked import masked_text
from whence.capture.recorder import Recorder
from whence.model import kind as kinds
from whence.model.event import ActivityEnded
from whence.model.value import lost_values, typed

if TYPE_CHECKING:
    from pathlib import Path

    from whence.capture.file.tracker import FileTracker
    from whence.capture.process.start import Process

_innermost: ContextVar[bytes | None] = ContextVar("whence_activity", default=None)


class Session:
    """A recorded process: its journal, its run, and the activity that all it does belongs to.

    ``store`` is the ``.whence`` folder (``store_path`` as text), ``root`` the folder that holds it,
    ``run`` the run's id, ``process`` the activity of this process (the run itself in the first
    process, a child activity of kind ``process`` in others). ``at_end`` and ``after_fork`` are
    called, guarded, when recording ends here, and in a forked child once it has an activity of its
    own. ``attached`` end the watching of a library each; see `detach`.
    ``is_midway``: modules were loaded before it began. ``is_interactive``: what fails in it (a
    notebook's cell) is not its own failure. ``outcome`` are attributes that the process's activity
    gets at its end, ``status`` how it ended, empty until then.
    """

    def __init__(self, store: str, run: bytes, process: bytes, recorder: Recorder) -> None:
        self.store_path = store
        self.run = run
        self.process = process
        self.recorder = recorder
        self.pid = os.getpid()
        self.has_ended = False
        self.at_end: list[Callable[[], None]] = []
        self.after_fork: list[Callable[[], None]] = []
        self.attached: list[Callable[[], None]] = []
        self.is_midway = self.is_interactive = False
        self.outcome: dict[str, object] = {}
        self.status = ""
        self.files: FileTracker
        self.describe: Process

    @property
    def store(self) -> Path:
        from pathlib import Path

        return Path(self.store_path)

    @property
    def root(self) -> Path:
        return self.store.parent

    def activity(self) -> bytes:
        """The innermost activity at work here: only it uses and generates."""
        return _innermost.get() or self.process

    def code_used(self, path: str) -> None:
        """Record that a file of the user's own code is part of what runs here."""
        if self.files.opened(path, "r", role="code", kind=kinds.CODE) is not None:
            self._code_files += 1

    @property
    def touched_files(self) -> bool:
        """Whether files other than code were opened here: their hashes are worth a moment."""
        return self.files.count > self._code_files

    def end(self, status: str, attributes: dict[str, object] | None = None) -> None:
        """Record that this process's activity ended, with what capture could not do; once only."""
        if self.has_ended:
            return
        self.has_ended, self.status = True, self.decided or status
        for finish in self.at_end:
            with guarded("observer-failed", "the end of recording"):
                finish()
        self._record_failures()
        told = {**self.outcome, **(attributes or {})}
        details = {key: typed(value) for key, value in told.items()}
        end = ActivityEnded(self.process, self.status, wall_ns(), mono_ns(), details)
        self.recorder.record(end)

    def detach(self) -> None:
        """Leave every library as it was found."""
        while self.attached:
            with guarded("observer-failed", "the end of watching"):
                self.attached.pop()()

    def _record_failures(self) -> None:
        for (code, detail), count in failures.items():
            told = masked_text(detail)[:500]
            self.recorder.count_gap(code, self.process, count=count, detail=told)
        failures.clear()
        if lost := lost_values() - self._lost_before:
            self.recorder.count_gap("value-lost", self.process, count=lost)
            self._lost_before += lost

    decided = ""
    """How it ends, where whoever runs it knows that better than the process does."""

    _lost_before = 0
    _code_files = 0

    def continue_in_child(self, process: bytes) -> None:
        """Be the session of a forked child, whose activity is ``process``."""
        failures.clear()
        self._lost_before = lost_values()
        self.process, self.pid, self.has_ended = process, os.getpid(), False
        self.status = ""
        _innermost.set(None)


_active: Session | None = None


def active() -> Session | None:
    """The session of this process, or None when nothing is recorded."""
    return _active


def activate(session: Session | None) -> None:
    """Make ``session`` the one of this process (None: stop recording)."""
    global _active
    _active = session


def enter_activity(activity: bytes) -> object:
    """Make ``activity`` the innermost one of this context; give what `leave_activity` needs."""
    return _innermost.set(activity)


def leave_activity(token: object) -> None:
    _innermost.reset(token)  # type: ignore[arg-type]  # callers treat the token as opaque

"""The session: what capture knows in this process while a run is recorded.

There is at most one. It is made by the boot of ``whence run`` or by the first ``whence.run()``, and
it is what observers are given.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from whence.capture.recorder import Recorder

if TYPE_CHECKING:
    from whence.capture.files import FileTracker

_innermost: ContextVar[bytes | None] = ContextVar("whence_activity", default=None)


class Session:
    """A recorded process: its journal, its run, and the activity that all it does belongs to.

    ``store`` is the ``.whence`` folder, ``root`` the folder that holds it, ``run`` the run's id,
    ``process`` the activity of this process (the run itself in the first process, a child activity
    of kind ``process`` in others).
    """

    def __init__(self, store: Path, run: bytes, process: bytes, recorder: Recorder) -> None:
        self.store = store
        self.root = store.parent
        self.run = run
        self.process = process
        self.recorder = recorder
        self.pid = os.getpid()
        self.files: FileTracker

    def activity(self) -> bytes:
        """The innermost activity at work here: only it uses and generates."""
        return _innermost.get() or self.process


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

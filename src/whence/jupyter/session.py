"""The session of a kernel: the run that its cells are part of, and the notebook it is of."""

from __future__ import annotations

import os
from typing import Any

from whence._base.clock import mono_ns, wall_ns
from whence._base.text import plain
from whence.capture import session as sessions
from whence.capture.declared.outset import outset
from whence.capture.guard import guarded
from whence.capture.process.midway import Midway, begin_midway
from whence.capture.process.program import process_name
from whence.capture.session import Session
from whence.jupyter.handed import take_handed
from whence.jupyter.names import own_names
from whence.jupyter.place import VSCODE, notebook_of
from whence.model import kind as kinds
from whence.model.event import ActivityStarted

MOST_NAMED = 5
UNKNOWN = "notebook"
"""What a session is called whose notebook is not known."""


class KernelSession:
    """A session of a shell, and what is known of its notebook.

    ``notebook`` is the absolute path, empty while it is not known; ``session`` is what records.
    """

    def __init__(self, shell: Any, session: Session, notebook: str, begun: Midway | None) -> None:
        self.session, self.notebook = session, notebook
        self._shell, self._begun = shell, begun
        self._stamp: tuple[int, ...] = ()
        session.is_interactive = True

    @property
    def name(self) -> str:
        """What the notebook is called."""
        return plain(os.path.basename(self.notebook)) or UNKNOWN

    def look_at_notebook(self) -> None:
        """Record the notebook's file as it is now, where that is a version not seen before."""
        if not self.notebook:
            if VSCODE not in self._shell.user_ns:
                return
            self.notebook = notebook_of(self._shell)
            if not self.notebook:
                return
            _tell(self.session, self._shell, self.notebook)
        try:
            stat = os.stat(self.notebook)
        except OSError:
            return
        stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if stamp != self._stamp:
            self._stamp = stamp
            files = self.session.files
            opening = files.opened(self.notebook, "r", role="notebook", kind=kinds.NOTEBOOK)
            if opening is not None:
                files.closed(opening)

    def end(self) -> None:
        """End the session, where it began with the extension; what ``whence run`` began goes on."""
        if self._begun is not None:
            self._begun.end()


def begin_session(shell: Any) -> KernelSession | None:
    """The session of this process, begun if there is none; None when nothing can be recorded."""
    handed = take_handed(os.environ)
    notebook = notebook_of(shell)
    active = sessions.active()
    if active is not None and outset() is None:
        _tell(active, shell, notebook)
        return KernelSession(shell, active, notebook, None)
    name = plain(os.path.basename(notebook)) or UNKNOWN
    begun = begin_midway(name, _attributes(shell, notebook), handed)
    if begun is None:
        return None
    with guarded("observer-failed", "what was there before"):
        _count_former(begun.session, shell)
    return KernelSession(shell, begun.session, notebook, begun)


def _count_former(session: Session, shell: Any) -> None:
    """Count the globals that cells made before they were recorded."""
    names = own_names(shell.user_ns, shell.user_ns_hidden)
    if names:
        shown = ", ".join(names[:MOST_NAMED]) + (" …" if names[MOST_NAMED:] else "")
        session.recorder.count_gap(
            "began-late", session.process, count=len(names), detail=plain(shown)
        )


def kernel_id(shell: Any) -> str:
    """The id of the kernel, as its connection file has it; empty for a shell in a terminal."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return ""
    file = str(getattr(getattr(kernel, "parent", None), "connection_file", "") or "")
    name = os.path.splitext(os.path.basename(file))[0].removeprefix("kernel-")
    return plain(name or str(getattr(kernel, "ident", "")))


def _attributes(shell: Any, notebook: str) -> dict[str, object]:
    return {"kernel": kernel_id(shell), "notebook": plain(notebook), "session": "kernel"}


def _tell(session: Session, shell: Any, notebook: str) -> None:
    """Tell of an activity that has begun that it is a kernel's session.

    The events of one activity's beginning count together, so this adds to what was told then.
    """
    is_run = session.process == session.run
    name = os.path.basename(notebook) or (process_name() if is_run else UNKNOWN)
    session.recorder.record(
        ActivityStarted(
            session.process, kinds.RUN if is_run else kinds.PROCESS, plain(name), None,
            wall_ns(), mono_ns(), _attributes(shell, notebook),
        )
    )  # fmt: skip

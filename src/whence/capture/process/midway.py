"""Beginning to record a process that runs already: a notebook's kernel, an interactive shell.

The same as for a launched program, but what the process did until now is not known. Observers
attach to libraries that are imported already too.
"""

from __future__ import annotations

import os
import sys

from whence._base.errors import WhenceError
from whence._base.ids import uuid7
from whence.capture import session as sessions
from whence.capture.declared.outset import outset
from whence.capture.guard import guarded
from whence.capture.launch.command import companion_for, observers_for
from whence.capture.launch.handover import VARIABLE, Handover
from whence.capture.process.ending import Ending
from whence.capture.process.importing import watch_no_imports
from whence.capture.process.joining import Ender, begin
from whence.capture.process.start import warn
from whence.capture.session import Session
from whence.journal.home import complete_store, named_remote, store_to_record
from whence.model.status import FINISHED


class Midway:
    """A recording that was begun midway, and may end before the process does."""

    def __init__(self, ender: Ender) -> None:
        self._ender = ender
        self.session: Session = ender.session

    def end(self) -> None:
        """Record the end and leave everything as it was found; the process goes on unrecorded."""
        session = self.session
        if sessions.active() is not session or session.pid != os.getpid():
            return
        self._ender.finish(Ending(FINISHED, {}))
        watch_no_imports()
        session.detach()
        os.environ.pop(VARIABLE, None)
        sessions.activate(None)
        session.recorder.stop()


def begin_midway(
    name: str, attributes: dict[str, object], handed: Handover | None = None
) -> Midway | None:
    """Record this process from now on as a run called ``name``, with these attributes.

    ``handed`` says where and as what, where somebody decided it beforehand. None, after one
    warning, when nothing can be recorded.
    """
    former = outset()
    if former is not None:
        former.close()
    try:
        handover = _handover(name, handed)
        complete_store(handover.store)
        handover.observers = observers_for(handover.store)
        handover.link = companion_for(handover, False)
        recording = Midway(begin(handover, os.environ, attributes, midway=True))
    except (OSError, WhenceError) as error:
        os.environ.pop(VARIABLE, None)
        warn(f"whence: recording could not start ({error}); your program runs unrecorded")
        return None
    with guarded("observer-failed", "modules that are loaded"):
        _record_loaded(recording.session)
    return recording


def _record_loaded(session: Session) -> None:
    """Record the user's own modules that were imported before."""
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.endswith(".py") and os.path.isfile(path):
            session.code_used(os.path.abspath(path))


def _handover(name: str, handed: Handover | None) -> Handover:
    if handed is not None:
        handed.pid, handed.name = os.getpid(), handed.name or name
        return handed
    store, passed_over = store_to_record()
    if passed_over is not None:
        warn(f"whence: {passed_over}\nwhence: recording into {store} instead")
    return Handover(store, uuid7().hex(), pid=os.getpid(), name=name, remote=named_remote())

"""The IPython extension: ``%load_ext whence`` records each cell from then on.

It records in the kernel, so every front end is the same to it. What a person sees, every message
that the kernel sends and every traceback stay as they are without it.
"""

from __future__ import annotations

from typing import Any

from whence.capture.guard import guarded
from whence.jupyter.cells import Cells
from whence.jupyter.magics import register
from whence.jupyter.session import KernelSession, begin_session

_EVENTS = {"pre_run_cell": "begin", "post_run_cell": "end"}


class Extension:
    """What is at work in a shell: its session, its cells."""

    def __init__(self, shell: Any, kernel: KernelSession) -> None:
        self._shell, self.kernel = shell, kernel
        self.cells = Cells(shell, kernel)

    def begin(self) -> None:
        self.cells.tap.begin()
        for event, method in _EVENTS.items():
            self._shell.events.register(event, getattr(self.cells, method))
        self.cells.begin_current()

    def end(self) -> None:
        for event, method in _EVENTS.items():
            self._shell.events.unregister(event, getattr(self.cells, method))
        self.cells.end_all()
        self.cells.tap.end()
        self.kernel.end()


_loaded: list[Extension] = []


def load_ipython_extension(shell: Any) -> None:
    """Record what ``shell`` runs from now on; called by ``%load_ext whence``."""
    if _loaded:
        return
    register(shell)
    with guarded("observer-failed", "the start of the extension"):
        kernel = begin_session(shell)
        if kernel is not None:
            extension = Extension(shell, kernel)
            _loaded.append(extension)
            extension.begin()


def unload_ipython_extension(shell: Any) -> None:
    """Record nothing any more; called by ``%unload_ext whence``."""
    del shell
    while _loaded:
        with guarded("observer-failed", "the end of the extension"):
            _loaded.pop().end()

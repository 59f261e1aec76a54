"""Modules of the user's that ``%autoreload`` reloads: their new text is code that was used.

It may patch a module's functions in place, which no import shows; it keeps a list of the modules
and the times of their files, and that is looked at. ``importlib.reload`` is seen as an import.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from whence.capture.guard import asked
from whence.capture.session import Session

_MAGICS = "AutoreloadMagics"


class Reloads:
    """Notices reloads between two looks."""

    def __init__(self, shell: Any, session: Session) -> None:
        self._shell, self._session = shell, session
        self._seen: dict[str, float] = {}

    def look(self) -> None:
        """Record the files of modules that were reloaded since the last look."""
        magics = self._shell.magics_manager.registry.get(_MAGICS)
        if magics is None:
            return
        times: dict[str, float] = asked(lambda: dict(magics._reloader.modules_mtimes), {})
        if times == self._seen:
            return
        for name, time in times.items():
            if self._seen.get(name, time) != time:
                self._reloaded(name)
        self._seen = times

    def _reloaded(self, name: str) -> None:
        path = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(path, str) and path.endswith(".py"):
            self._session.code_used(os.path.abspath(path))

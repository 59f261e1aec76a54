"""Watches ``pickle.dump`` and ``pickle.load``: which object a file holds.

Both are written in C, so a wrapper stands in their place, also in ``_pickle`` where they are from,
so that they pickle as before.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.objects import ObjectFiles
from whence.observers.watch import Watcher


class PickleObserver:
    """Records the objects that the user's code pickles to files and back."""

    library: ClassVar[str] = "pickle"
    tested: ClassVar[str] = ""

    def attach(self, module: ModuleType, session: Session) -> None:
        self._watcher = watch = Watcher(session, "pickle")
        files = ObjectFiles(session, "obj", "file", "file")
        watch.function(
            module,
            "dump",
            watch.watch("pickle.dump", group="io", called=files.dumping, returned=files.dumped),
        )
        watch.function(
            module,
            "load",
            watch.watch("pickle.load", group="io", called=files.loading, returned=files.loaded),
        )

    def detach(self) -> None:
        self._watcher.detach()

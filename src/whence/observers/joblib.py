"""Watches ``joblib.dump`` and ``joblib.load``: which object a file holds."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.objects import ObjectFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher


class JoblibObserver:
    """Records the objects that joblib writes to files and reads from them."""

    library: ClassVar[str] = "joblib"
    tested: ClassVar[str] = ">=1.3,<2"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._watcher = watch = Watcher(session, "joblib")
        files = ObjectFiles(session, "value", "filename", "filename")
        watch.function(
            module,
            "dump",
            watch.watch("joblib.dump", group="io", called=files.dumping, returned=files.dumped),
        )
        watch.function(
            module,
            "load",
            watch.watch("joblib.load", group="io", called=files.loading, returned=files.loaded),
        )

    def detach(self) -> None:
        self._watcher.detach()

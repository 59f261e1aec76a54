"""Watches ``sqlite3.connect``: databases are recorded by version stamp, not by content.

A database file is never opened or hashed here: closing a descriptor of it would drop the locks that
SQLite holds on it. Whether the program wrote is seen from the version at the end.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.file.tracker import FileTracker
from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.observers.stand_in import Placement, StandIn, argument, without_our_frame

_guard = guarded("observer-failed", "sqlite3")


class ConnectStandIn(StandIn):
    """``sqlite3.connect``; without a tracker it only passes the call on."""

    def __init__(self, original: Any, tracker: FileTracker) -> None:
        super().__init__(original)
        self.tracker: FileTracker | None = tracker

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tracker = self.tracker
        if tracker is not None:
            with _guard:
                path = _file_of(argument(args, kwargs, 0, "database"), kwargs.get("uri", False))
                if path is not None:
                    tracker.connected(path)
        try:
            return self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise


class Sqlite3Observer:
    """Watches the standard library's SQLite."""

    library: ClassVar[str] = "sqlite3"
    tested: ClassVar[str] = ""

    def __init__(self) -> None:
        self._placement = Placement()
        self._stand_in: ConnectStandIn | None = None

    def attach(self, module: ModuleType, session: Session) -> None:
        """Begin to watch ``sqlite3`` and the modules that it takes ``connect`` from."""
        self._stand_in = ConnectStandIn(module.connect, session.files)
        modules = (sys.modules.get(name) for name in ("_sqlite3", "sqlite3.dbapi2"))
        self._placement.put(self._stand_in, "connect", module, *modules)

    def detach(self) -> None:
        """Put everything back."""
        self._placement.undo()
        if self._stand_in is not None:
            self._stand_in.tracker = None


def _file_of(database: object, is_uri: object) -> str | None:
    """The file that a database is in; None for one in memory, or a temporary one."""
    if not isinstance(database, str | bytes | os.PathLike):
        return None
    text = os.fsdecode(database)
    if is_uri and text.startswith("file:"):
        from urllib.parse import unquote

        if "mode=memory" in text:
            return None
        text = unquote(text[5:].partition("?")[0])
        if text.startswith("//"):
            text = "/" + text[2:].partition("/")[2]
    return None if text in ("", ":memory:") else text

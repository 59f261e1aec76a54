"""Watches SQLite: databases are recorded by version stamp, not by content; queries with their text.

A database file is never opened or hashed here: closing a descriptor of it would drop the locks that
SQLite holds on it. Whether the program wrote is seen from the version at the end.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any, ClassVar

from whence._base.clock import wall_ns
from whence.capture.file.tracker import FileTracker
from whence.capture.guard import guarded
from whence.capture.session import Session
from whence.model.event import TagsSet
from whence.observers.call import Call
from whence.observers.callsite import direct_user_frame
from whence.observers.cursors import MOST_ALIKE, PLAIN, Connection, told
from whence.observers.databases import databases_of
from whence.observers.notes import Notes
from whence.observers.queries import Queries, Thing
from whence.observers.sources import Sources
from whence.observers.stand_in import Placement, StandIn, argument, without_our_frame
from whence.observers.watch import Watcher
from whence.observers.wrapping import wrapper_of

_guard = guarded("observer-failed", "sqlite3")
_FACTORY = 5
"""The position of ``factory`` among the arguments of ``connect``."""


class ConnectStandIn(StandIn):
    """``sqlite3.connect``; without a tracker it only passes the call on."""

    def __init__(self, original: Any, session: Session) -> None:
        super().__init__(original)
        self.tracker: FileTracker | None = session.files
        self.databases = databases_of(session)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tracker, path = None if _is_ours() else self.tracker, None
        if tracker is not None:
            with _guard:
                path = _file_of(argument(args, kwargs, 0, "database"), kwargs.get("uri", False))
                if path is not None:
                    tracker.connected(path)
                if len(args) <= _FACTORY and "factory" not in kwargs and _is_users():
                    kwargs["factory"] = Connection
        try:
            made = self.original(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise
        if tracker is not None and type(made) is Connection:
            with _guard:
                self.databases.opened(made, path, "sqlite")
        return made


class Sqlite3Observer:
    """Records the databases that are opened, and what the user's own code executes there."""

    library: ClassVar[str] = "sqlite3"
    tested: ClassVar[str] = ""

    def __init__(self) -> None:
        self._placement = Placement()
        self._stand_in: ConnectStandIn | None = None

    def attach(self, module: ModuleType, session: Session) -> None:
        """Begin to watch ``sqlite3`` and the modules that it takes ``connect`` from."""
        self._session = session
        self._stand_in = ConnectStandIn(module.connect, session)
        modules = (sys.modules.get(name) for name in ("_sqlite3", "sqlite3.dbapi2"))
        self._placement.put(self._stand_in, "connect", module, *modules)
        self._notes = Notes(session)
        self._queries = Queries(session, self._notes, Sources(self._notes))
        watcher = self._watcher = Watcher(session, "sqlite3")
        for plain in PLAIN:
            name = f"sqlite3.{plain.__name__}"
            watched = watcher.watch(name, group="io", returned=self._executed)
            told.watched[plain] = wrapper_of(plain, watched, counts_frames=False)
        session.at_end.append(self._tell_counts)

    def detach(self) -> None:
        """Put everything back."""
        self._placement.undo()
        if self._stand_in is not None:
            self._stand_in.tracker = None
            self._watcher.detach()
        told.watched.clear()

    def _executed(self, call: Call) -> None:
        connection, text, *values = call.arguments.values()
        connection = getattr(connection, "connection", connection)
        bound = values[0] if values and not call.name.endswith("many") else None
        things = [] if call.error is not None else [_rows(call.result)]
        told.latest = self._queries.executed(call, connection, text, things, bound)

    def _tell_counts(self) -> None:
        """How often each place executed what its last activity stands for."""
        for place, activity in told.last.items():
            if told.counts[place] > MOST_ALIKE:
                calls = told.counts[place] - MOST_ALIKE + 1
                self._notes.record(TagsSet(activity, {"calls": calls}, wall_ns()))
        told.counts.clear()
        told.last.clear()


def _is_ours() -> bool:
    """Whether Whence makes the connection, to its index: a program may ask while it is recorded."""
    return str(sys._getframe(2).f_globals.get("__name__")).startswith("whence.")


def _is_users() -> bool:
    """Whether the user's own code makes the connection."""
    return direct_user_frame(sys._getframe(2)) is not None


def _rows(cursor: Any) -> Thing:
    """What a cursor gives, with the names of its columns."""
    described = cursor.description
    columns = {"columns": [one[0] for one in described]} if described else {}
    return cursor, columns


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

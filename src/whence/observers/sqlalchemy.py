"""Watches SQLAlchemy: what its connections execute, also for a session of its ORM.

The text is that which the database was sent. A result is known by itself; what is fetched from it
is followed by the code.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.observers.call import Call
from whence.observers.notes import Notes
from whence.observers.queries import Queries, Thing
from whence.observers.sources import Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

_NO_NAMES: list[str] = []


class SqlalchemyObserver:
    """Records queries with their text, the database, and the tables that they read and write."""

    library: ClassVar[str] = "sqlalchemy"
    tested: ClassVar[str] = ">=2.0,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        notes = Notes(session)
        self._queries = Queries(session, notes, Sources(notes))
        watcher = self._watcher = Watcher(session, "sqlalchemy")
        for name in ("execute", "exec_driver_sql"):
            watched = watcher.watch(
                f"sqlalchemy.{name}", group="io", when="outermost", returned=self._executed
            )
            watcher.method(module.engine.Connection, name, watched)

    def detach(self) -> None:
        self._watcher.detach()

    def _executed(self, call: Call) -> None:
        """A result tells of its execution, and so which text the database was sent."""
        result, nothing = call.result, (None, None)
        context = getattr(result, "context", None)
        if call.error is None and context is not None:
            text, bound = asked(lambda: (context.statement, context.parameters), nothing)
            things = [_rows(result)] if asked(lambda: bool(result.returns_rows), False) else []
            self._queries.executed(call, call.first, text, things, _one(bound))


def _rows(result: Any) -> Thing:
    """A result, with the names of its columns."""
    columns = asked(lambda: list(map(str, result.keys())), _NO_NAMES)
    return result, {"columns": columns} if columns else {}


def _one(bound: Any) -> object:
    """The values that were bound to one execution; of many executions none."""
    return bound[0] if isinstance(bound, list) and len(bound) == 1 else None

"""Databases: what a connection is to, as far as it says so without its password.

All observers of a session share what is known: which table was written from what in this run, and
the one entity of each database that is no file.
"""

from __future__ import annotations

import itertools
import os
import weakref
from typing import Any, NamedTuple
from urllib.parse import unquote

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.observers.describe import is_a
from whence.observers.notes import Notes
from whence.observers.openings import is_url, public_url

_DIALECTS = {
    "sqlite3": "sqlite", "postgresql": "postgres", "psycopg": "postgres", "psycopg2": "postgres",
    "asyncpg": "postgres", "pymysql": "mysql", "MySQLdb": "mysql", "mariadb": "mysql",
    "mssql": "tsql", "pyodbc": "tsql", "oracledb": "oracle",
}  # fmt: skip
"""What sqlglot calls the dialects that have another name in an address or module."""


class Database(NamedTuple):
    """A database: ``key`` tells it from others in this process; ``path`` where it is a file.

    ``dialect`` is named as sqlglot names it; ``name`` is an address without its password.
    """

    key: str
    name: str
    dialect: str
    path: str | None = None


class Databases:
    """The databases of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of_objects: weakref.WeakKeyDictionary[Any, Database] = weakref.WeakKeyDictionary()
        self._entities: dict[str, bytes] = {}
        self._tables: dict[str, dict[str, bytes]] = {}
        self._numbers = itertools.count()

    def of(self, connection: Any) -> Database | None:
        """The database that a connection, an engine or an address leads to."""
        if isinstance(connection, str):
            return self._addressed(connection) if is_url(connection) else None
        if is_a(connection, "sqlalchemy.orm", "Session"):
            connection = asked(connection.get_bind, connection)
        engine = asked(lambda: getattr(connection, "engine", connection), connection)
        if is_a(engine, "sqlalchemy.engine", "Engine"):
            return self._known(engine) or self._of_engine(engine)
        return self._known(connection) or self._unnamed(connection)

    def opened(self, connection: Any, path: str | None, dialect: str) -> Database:
        """From now on ``connection`` is one to that file, or to a database in memory."""
        if path is None:
            key = f"{dialect} in memory {next(self._numbers)}"
            found = Database(key, f"{dialect} in memory", dialect)
        else:
            found = _in_file(path, dialect)
        self._of_objects[connection] = found
        return found

    def entity(self, notes: Notes, database: Database) -> bytes:
        """The entity of a database: of one in a file the file's opening."""
        files = self._session.files
        if database.path is not None:
            opening = files.opening_of(database.path)
            if opening is None and os.path.exists(database.path):
                files.connected(database.path)
                opening = files.opening_of(database.path)
            if opening is not None:
                return opening
        known = self._entities.get(database.key)
        if known is None:
            told = {"dialect": database.dialect}
            known = notes.entity(kinds.DATABASE, database.name, told)
            self._entities[database.key] = known
        return known

    def tables(self, database: Database) -> dict[str, bytes]:
        """The tables of a database that were written in this session, by name."""
        return self._tables.setdefault(database.key, {})

    def _known(self, thing: Any) -> Database | None:
        return asked(lambda: self._of_objects.get(thing), None)

    def _of_engine(self, engine: Any) -> Database:
        found = self._addressed(engine.url.render_as_string(hide_password=True))
        if found.dialect == "sqlite" and found.path is None:
            return self.opened(engine, None, "sqlite")
        self._of_objects[engine] = found
        return found

    def _addressed(self, url: str) -> Database:
        scheme, _, rest = url.partition("://")
        dialect = scheme.partition("+")[0].lower()
        if dialect in ("sqlite", "duckdb"):
            path = unquote(rest.partition("?")[0])
            # ``sqlite:////tmp/a.db`` is absolute, ``sqlite:///a.db`` is not.
            path = path[1:] if path.startswith("/") else path
            if path not in ("", ":memory:"):
                return _in_file(path, dialect)
            return Database(f"{dialect} in memory", f"{dialect} in memory", dialect)
        name = f"{scheme.partition('+')[0]}://{public_url(url).partition('://')[2]}"
        return Database(name, name, _DIALECTS.get(dialect, dialect))

    def _unnamed(self, connection: Any) -> Database | None:
        """A connection that does not say what it is to: at least its library is known."""
        library = type(connection).__module__.partition(".")[0]
        if library in ("builtins", "__main__"):
            return None
        name = library.lstrip("_")
        key = f"{name} {next(self._numbers)}"
        found = Database(key, name, _DIALECTS.get(name, name))
        asked(lambda: self._of_objects.__setitem__(connection, found), None)
        return found


def _in_file(path: str, dialect: str) -> Database:
    absolute = os.path.abspath(path)
    return Database(f"{dialect}:{absolute}", os.path.basename(path), dialect, absolute)


_of_session: weakref.WeakKeyDictionary[Session, Databases] = weakref.WeakKeyDictionary()


def databases_of(session: Session) -> Databases:
    """The databases of ``session``, which all its observers share."""
    found = _of_session.get(session)
    if found is None:
        found = _of_session[session] = Databases(session)
    return found

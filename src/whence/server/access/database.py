"""The file ``access.sqlite`` of a server's home: tokens, sessions and the trail.

It is small, apart from every index, and can't be made again: it belongs into the backup.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from whence._base.errors import NotAuditedError, StoreCorruptError, StoreError
from whence._base.private import ensure
from whence.store.migration import migrate

FILE = "access.sqlite"
BUSY_TIMEOUT_S = 10.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

VERSIONS = (
    """CREATE TABLE token (
  id TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, name TEXT NOT NULL,
  project TEXT NOT NULL, scope TEXT NOT NULL, made_at INTEGER NOT NULL, expires_at INTEGER,
  last_used_at INTEGER, revoked_at INTEGER
) WITHOUT ROWID;
CREATE TABLE session (
  hash BLOB PRIMARY KEY, token TEXT, person TEXT NOT NULL, claims TEXT NOT NULL,
  made_at INTEGER NOT NULL, used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE trail (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, last_at INTEGER NOT NULL, who TEXT NOT NULL,
  action TEXT NOT NULL, project TEXT NOT NULL, subject TEXT NOT NULL,
  times INTEGER NOT NULL, minute INTEGER
);
CREATE UNIQUE INDEX trail_minute ON trail (minute, who, action, project, subject)
  WHERE minute IS NOT NULL;
CREATE TRIGGER trail_is_kept BEFORE DELETE ON trail
  BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER trail_counts_up BEFORE UPDATE ON trail
  WHEN OLD.minute IS NULL OR NEW.times <= OLD.times OR NEW.last_at < OLD.last_at
    OR (NEW.id, NEW.at, NEW.who, NEW.action, NEW.project, NEW.subject, NEW.minute)
      IS NOT (OLD.id, OLD.at, OLD.who, OLD.action, OLD.project, OLD.subject, OLD.minute)
  BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
"""The way up to our schema. The trail's lines stay; one that sums a minute only counts up."""


class Database:
    """One connection that reads and one that writes; any thread may use it, and any process.

    Raises StoreTooNewError, StoreCorruptError; StoreError where it can't be opened or read, and
    NotAuditedError where it can't be written: then nothing is done that would have to be in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self._reading, self._writing = RLock(), RLock()
        with self._telling():
            try:
                ensure(self.path)
            except OSError as error:
                raise StoreError(f"{self.path} can't be opened: {error.strerror}") from error
            self._writer = self._opened()
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.execute("PRAGMA synchronous = NORMAL")
            migrate(self._writer, self.path, VERSIONS)
            self._reader = self._opened()
            self._reader.execute("PRAGMA query_only = ON")

    def all(self, sql: str, *values: Any) -> list[Any]:
        """The rows that a query gives."""
        with self._reading, self._telling():
            return self._reader.execute(sql, values).fetchall()

    def write(self, sql: str, *values: Any) -> int:
        """Change rows, within `transaction` or whole in itself; give how many it were."""
        with self._writing, self._telling(NotAuditedError):
            return self._writer.execute(sql, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written within is there whole or not at all."""
        with self._writing, self._telling(NotAuditedError):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def copy_to(self, path: Path) -> None:
        """Write the file as it is at one moment, also while it changes, to ``path``."""
        path.unlink(missing_ok=True)
        ensure(str(path))
        with self._reading, self._telling():
            target = sqlite3.connect(path)
            try:
                self._reader.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            finally:
                target.close()

    def close(self) -> None:
        """Close both connections; twice is fine."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )

    @contextmanager
    def _telling(self, kind: type[StoreError] = StoreError) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
                raise StoreCorruptError(
                    f"{self.path} is damaged: {error}. Restore it from a backup, or remove it and "
                    "make new tokens"
                ) from error
            undone = "This was not done: " if kind is NotAuditedError else ""
            raise kind(f"{undone}{self.path} can't be used: {error}") from error

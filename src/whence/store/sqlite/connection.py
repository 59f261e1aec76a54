"""A connection to an index file, with the errors of SQLite told in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from whence._base.errors import StoreCorruptError, StoreError
from whence._base.private import ensure
from whence.store.migration import check_schema, migrate
from whence.store.sql.statement import Rows
from whence.store.sqlite.dialect import SqliteDialect
from whence.store.sqlite.schema import VERSIONS

BUSY_TIMEOUT_S = 60.0
CACHE_KIB = 65_536
MAPPED_BYTES = 1 << 30
CHECKPOINT_PAGES = 8192

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_MARKS_AT_ONCE = 500


class SqliteConnection:
    """One connection: a writer, or a reader that cannot write.

    It may be used by one thread at a time.
    """

    def __init__(self, path: str, *, read_only: bool, local: bool = True) -> None:
        """Open the file, make or migrate it when writing.

        Raises StoreTooNewError, StoreCorruptError; StoreError when it can't be opened.
        """
        self.path, self.read_only = path, read_only
        self.title, self.dialect = f"'{path}'", SqliteDialect()
        self._statements: dict[str, str] = {}
        with self.telling():
            self.raw = self._open(local)

    def _open(self, local: bool) -> sqlite3.Connection:
        if not self.read_only:
            with suppress(OSError):  # SQLite tells what is wrong
                ensure(self.path)
        mode = "ro" if self.read_only else "rwc"
        quoted = self.path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        raw = sqlite3.connect(
            f"file:{quoted}?mode={mode}",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            self._set_up(raw, local)
        except BaseException:
            raw.close()
            raise
        return raw

    def _set_up(self, raw: sqlite3.Connection, local: bool) -> None:
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("PRAGMA temp_store = MEMORY")
        if local:
            raw.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        if self.read_only:
            raw.execute("PRAGMA query_only = ON")
            if not check_schema(raw, self.path, VERSIONS):
                raise StoreError(
                    f"Store '{self.path}' has an old schema and can't be written. "
                    "Run a whence command as a user who may write it"
                )
            return
        raw.execute(f"PRAGMA journal_mode = {'WAL' if local else 'TRUNCATE'}")
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        migrate(raw, self.path, VERSIONS)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Run a block whose SQLite errors become ours."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def _told(self, error: sqlite3.DatabaseError) -> StoreError:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary in _DAMAGED:
            return StoreCorruptError(
                f"The index '{self.path}' is damaged ({error}); the journal is not. "
                "Run: whence reindex"
            )
        return StoreError(f"The index '{self.path}' could not be used: {error}")

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row that ``sql`` gives."""
        try:
            return self.raw.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row, or None."""
        try:
            return self.raw.execute(sql, parameters).fetchone()
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def all_in(self, sql: str, values: Sequence[bytes] | Sequence[str]) -> list[Any]:
        """Every row of ``sql``, which ends with a column, where that is one of the values."""
        found: list[Any] = []
        for start in range(0, len(values), _MARKS_AT_ONCE):
            some = values[start : start + _MARKS_AT_ONCE]
            found += self.all(f"{sql} IN ({','.join('?' * len(some))})", *some)
        return found

    def run(self, sql: str, *parameters: Any) -> None:
        """Run what gives no rows."""
        try:
            self.raw.execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def write(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for every row."""
        sql = self._statements.get(statement.sql)
        if sql is None:
            sql = self._statements[statement.sql] = statement.marked(lambda _: "?")
        try:
            self.raw.executemany(sql, rows)
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def write_new(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run an INSERT for rows of which it is known that the table has none of them."""
        self.write(statement, rows)

    def has(self, name: str) -> bool:
        """Whether there is a table or index of that name."""
        return self.one("SELECT 1 FROM sqlite_schema WHERE name = ?", name) is not None

    def count_anew(self, table: str) -> None:
        """Nothing: SQLite's plans do not go by the size of tables here."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block that writes, whole or not at all, alone among all processes."""
        with self.telling():
            self.raw.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.raw.execute("COMMIT")
            except BaseException:
                if self.raw.in_transaction:
                    self.raw.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close it; a second call does nothing."""
        self.raw.close()

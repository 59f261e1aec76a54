"""A connection to a PostgreSQL index: one schema of a database, with its errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, TypeVar

import psycopg

from whence._base.errors import StoreError
from whence.store.postgres.adapting import ByteArray, TextArray, array
from whence.store.postgres.copying import Inserted, adapted, copy_rows, inserted
from whence.store.postgres.pool import Raw, Source
from whence.store.postgres.problem import LOST, address, not_done
from whence.store.postgres.schema import TABLES
from whence.store.postgres.spelling import (
    PostgresDialect,
    Spelled,
    spelled,
    spelled_rows,
    without_conflict,
)
from whence.store.sql.statement import Rows

_ROWS_AT_ONCE = 20_000
_COPIED = 50
"""From how many rows on COPY pays, which is planned anew each time."""

T = TypeVar("T")


class PostgresConnection:
    """One connection, see `whence.store.sql.connection.Connection`.

    One that the server dropped is replaced by the next call, but not within a transaction.
    """

    def __init__(self, source: Source, schema: str, *, read_only: bool) -> None:
        """Take a connection from ``source`` when it is first needed.

        Raises UsageError for an address or a schema's name that can't be.
        """
        self.title = f"'{schema}' in PostgreSQL at {address(source.url)}"
        self.schema, self.read_only, self.dialect = schema, read_only, PostgresDialect()
        self._source, self._raw = source, None  # type: Source, Raw | None
        self._closed = self._in_transaction = False
        lock = sha256(b"whence writer " + schema.encode()).digest()
        self._lock = int.from_bytes(lock[:8], "big", signed=True)
        self._spelled: dict[str, Spelled] = {}
        self._spelled_rows: dict[str, tuple[str, list[str]]] = {}
        self._types: dict[Inserted, list[str]] = {}

    @property
    def raw(self) -> Raw:
        """The connection, opened where there is none or it was lost."""
        if self._closed:
            raise StoreError(f"The index {self.title} is closed")
        if self._raw is not None and self._raw.closed and not self._in_transaction:
            self._release()
        if self._raw is None:
            self._raw = self._source.take(self.schema, self.read_only)
        return self._raw

    def _release(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            self._source.give_back(raw)

    def _do(self, work: Callable[[Raw], T]) -> T:
        """Have it done; again on a new connection if the server had dropped the old one."""
        again = not self._in_transaction and self._raw is not None
        try:
            try:
                return work(self.raw)
            except LOST:
                if not again or not self.raw_is_lost():
                    raise
            return work(self.raw)
        except psycopg.Error as error:
            raise not_done(self.title, error) from error

    def raw_is_lost(self) -> bool:
        """Whether the server dropped the connection."""
        return self._raw is None or self._raw.closed or self._raw.broken

    def all(self, sql: str, *parameters: Any) -> list[Any]:
        """Every row that ``sql`` gives."""
        return self._do(lambda raw: self._executed(raw, sql, parameters).fetchall())

    def one(self, sql: str, *parameters: Any) -> Any:
        """The first row, or None."""
        return self._do(lambda raw: self._executed(raw, sql, parameters).fetchone())

    def all_in(self, sql: str, values: Sequence[bytes] | Sequence[str]) -> list[Any]:
        """Every row of ``sql``, which ends with a column, where that is one of the values."""
        if not values:
            return []
        asked = TextArray(values) if isinstance(values[0], str) else ByteArray(values)  # type: ignore[arg-type]
        return self.all(f"{sql} = ANY(?)", asked)

    def run(self, sql: str, *parameters: Any) -> None:
        """Run what gives no rows."""
        self._do(lambda raw: self._executed(raw, sql, parameters))

    def write(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for every row, many rows at once."""
        listed = statement.distinct(rows)
        if not listed:
            return
        if len(listed) >= _COPIED and (into := inserted(statement)):
            self._copy(into, statement.types, listed)
            return
        known = self._spelled_rows.get(statement.sql)
        if known is None:
            known = self._spelled_rows[statement.sql] = (spelled_rows(statement), statement.types)
        sql, types = known
        for start in range(0, len(listed), _ROWS_AT_ONCE):
            columns = zip(*listed[start : start + _ROWS_AT_ONCE], strict=True)
            arrays = [array(kind, column) for kind, column in zip(types, columns, strict=True)]
            self._do(lambda raw, arrays=arrays: raw.execute(sql, arrays))  # type: ignore[misc]

    def write_new(self, statement: Rows, rows: Iterable[Sequence[Any]]) -> None:
        """Run an INSERT for rows of which it is known that the table has none of them."""
        self.write(without_conflict(statement), rows)

    def _copy(self, into: Inserted, types: list[str], rows: list[Sequence[Any]]) -> None:
        """Write rows in the binary form of COPY, which takes half the time of INSERT."""
        self._do(lambda raw: copy_rows(raw, into, self._types_of(into), adapted(types, rows)))

    def _types_of(self, into: Inserted) -> list[str]:
        """The types of the columns."""
        known = self._types.get(into)
        if known is None:
            rows = self.all(
                "SELECT attname::text, atttypid::regtype::text FROM pg_attribute"
                " WHERE attrelid = CAST(? AS text)::regclass AND attnum > 0",
                into.table,
            )
            types = dict(rows)
            known = self._types[into] = [types[column.strip('"')] for column in into.columns]
        return known

    def has(self, name: str) -> bool:
        """Whether there is a table or index of that name."""
        return (
            self.one(
                "SELECT 1 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace"
                " WHERE s.nspname = ? AND c.relname = ?",
                self.schema,
                name,
            )
            is not None
        )

    def _executed(
        self, raw: Raw, sql: str, parameters: tuple[Any, ...]
    ) -> psycopg.Cursor[tuple[Any, ...]]:
        known = self._spelled.get(sql)
        if known is None:
            known = self._spelled[sql] = spelled(sql)
        passed: Sequence[Any] = parameters
        if known.lists:
            passed = [
                "{" + one[1:-1] + "}" if at in known.lists else one
                for at, one in enumerate(parameters)
            ]
        return raw.execute(known.sql, passed, binary=True)

    def count_anew(self, table: str = "") -> None:
        """Have PostgreSQL know how large a table is that was filled at once, or all of them.

        Its plans go by that; by itself it counts about once a minute.
        """
        self.run(f"ANALYZE {table}" if table else f"ANALYZE {', '.join(TABLES)}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block that writes, whole or not at all, alone among all writers."""
        self._do(lambda raw: raw.execute(f"BEGIN; SELECT pg_advisory_xact_lock({self._lock})"))
        self._in_transaction = True
        try:
            yield
            self._do(lambda raw: raw.execute("COMMIT"))
        except BaseException:
            if self._raw is not None and not self.raw_is_lost():
                with suppress(psycopg.Error):
                    self._raw.execute("ROLLBACK")
            raise
        finally:
            self._in_transaction = False

    def interrupt(self) -> None:
        """End the statement that runs, from another thread."""
        raw = self._raw
        if raw is not None:
            with suppress(psycopg.Error):
                raw.cancel_safe(timeout=5)

    def close(self) -> None:
        """Give the connection back; a second call does nothing."""
        self._closed = True
        self._release()

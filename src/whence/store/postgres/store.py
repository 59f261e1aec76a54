"""The PostgreSQL store: all roles over one schema of a database."""

from __future__ import annotations

from whence.fold.batch import Batch
from whence.store.postgres.connection import PostgresConnection
from whence.store.postgres.migrating import drop, have_schema, make_anew, settle
from whence.store.postgres.pool import Direct, Pool
from whence.store.postgres.text import PostgresText
from whence.store.sql.store import SqlStore

_SMALL = 1_000
"""So few nodes need no plans."""


class PostgresStore(PostgresText, SqlStore):
    """An index of a journal in one schema of a PostgreSQL database.

    It is for one thread at a time; stores of several threads take connections from one pool.
    """

    connection: PostgresConnection

    def __init__(
        self, url: str, schema: str, *, read_only: bool = False, pool: Pool | None = None
    ) -> None:
        """Open the index in ``schema`` of the database at ``url``; make it when writing.

        ``pool`` has the connections; without one the store opens its own.
        Raises StoreTooNewError; StoreError when the server is not there, refuses the user, or the
        index can't be read; UsageError for an address or name that can't be.
        """
        source = Direct(url) if pool is None else pool
        super().__init__(PostgresConnection(source, schema, read_only=read_only))
        try:
            have_schema(self.connection)
        except BaseException:
            self.connection.close()
            raise

    def apply(self, batch: Batch) -> bool:
        """Write a batch, see the protocol. Tables that grew to four times what they were are
        counted, so that plans are made for what is there."""
        applied = super().apply(batch)
        nodes = self.writer.nodes
        after = nodes.first_new + len(nodes.new)
        if (
            applied
            and after > _SMALL
            and nodes.first_new.bit_length() // 2 < after.bit_length() // 2
        ):
            self.connection.count_anew()
        return applied

    def settle(self) -> None:
        """Have all commits by now on the database's disk: they do not wait for it one by one."""
        settle(self.connection)

    def reset(self) -> None:
        """Empty the store."""
        make_anew(self.connection)
        self.writer.forget()

    def drop(self) -> None:
        """Take the schema away; the store can only be closed then."""
        drop(self.connection)

    def size(self) -> int:
        """How many bytes the tables and their indexes take."""
        row = self.connection.one(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
            " JOIN pg_namespace s ON s.oid = c.relnamespace"
            " WHERE s.nspname = ? AND c.relkind = 'r'",
            self.connection.schema,
        )
        return int(row[0])

    def check(self) -> list[str]:
        """What is wrong with the index: edges whose ends are not there."""
        rows = self.connection.all(
            "SELECT e.src, e.dst FROM edge e LEFT JOIN node s ON s.number = e.src"
            " LEFT JOIN node d ON d.number = e.dst"
            " WHERE s.number IS NULL OR d.number IS NULL LIMIT 10"
        )
        return [f"the edge from {source} to {target} has no such end" for source, target in rows]

    def interrupt(self) -> None:
        """End the statement that runs, from another thread; it raises StoreError."""
        self.connection.interrupt()

    def close(self) -> None:
        """Close it; a second call does nothing."""
        self.connection.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

"""A store over one connection: what is the same for every database."""

from __future__ import annotations

from collections.abc import Iterable

from whence.fold.batch import Batch
from whence.store.sql.belonging import Belonging
from whence.store.sql.changes import Watch
from whence.store.sql.connection import Connection
from whence.store.sql.edges import Edges
from whence.store.sql.lookup import Lookups
from whence.store.sql.metadata import Metadata
from whence.store.sql.runs import Runs
from whence.store.sql.series import MetricSeries
from whence.store.sql.study import Study
from whence.store.sql.versions import Versions
from whence.store.sql.writing import BatchWriter


class SqlStore(Runs, Versions, Edges, MetricSeries, Study, Metadata):
    """All roles of a store but text search, opening and closing."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.lookups = Lookups(connection, self)
        self.writer = BatchWriter(connection)

    def apply(self, batch: Batch) -> bool:
        """Write a batch, see the protocol."""
        with self.connection.transaction():
            written = self.writer.apply(batch)
            if written is None:
                return False
            self.lookups.refresh(written.facets, written.first_new)
            self.note_text(written.changed)
        return True

    def mark(self, segment: bytes, sealed: bool, torn: str) -> None:
        """Say that a segment is sealed, and why its end is torn if it is."""
        with self.connection.transaction():
            self.connection.run(
                "UPDATE segment SET sealed=?, torn=? WHERE uid=?", int(sealed), torn, segment
            )

    def settle(self) -> None:
        """Have what was written outlive a crash of a database that is another process."""

    def watch(self) -> Watch:
        """The notes of what changed in it."""
        return Watch(self.connection)

    def belonging(self) -> Belonging:
        """To which run its nodes belong."""
        return Belonging(self.connection)

    def note_text(self, nodes: Iterable[int]) -> None:
        """Note that the text of ``nodes`` may have changed; within a transaction."""
        raise NotImplementedError

"""The SQLite store: all roles over one file."""

from __future__ import annotations

import os

from whence.fold.batch import Batch
from whence.store.migration import reset
from whence.store.sqlite.connection import Connection
from whence.store.sqlite.edges import SqliteEdges
from whence.store.sqlite.lookup import Lookups
from whence.store.sqlite.metadata import SqliteMetadata
from whence.store.sqlite.runs import SqliteRuns
from whence.store.sqlite.schema import VERSIONS
from whence.store.sqlite.series import SqliteSeries
from whence.store.sqlite.study import SqliteStudy
from whence.store.sqlite.text import SqliteText
from whence.store.sqlite.versions import SqliteVersions
from whence.store.sqlite.writing import BatchWriter


class SqliteStore(
    SqliteRuns, SqliteVersions, SqliteEdges, SqliteSeries, SqliteStudy, SqliteText, SqliteMetadata
):
    """An index of a journal in one SQLite file.

    >>> import tempfile
    >>> with SqliteStore(tempfile.mkdtemp() + "/index.sqlite") as store:
    ...     store.counts()["runs"]
    0
    """

    def __init__(
        self, path: str | os.PathLike[str], *, read_only: bool = False, local: bool = True
    ) -> None:
        """Open or make the index at ``path``; a reader needs one that is there.

        ``local`` says that the file system is of this machine, so that a write-ahead log works.
        Raises StoreTooNewError, StoreCorruptError and StoreError.
        """
        self.connection = Connection(os.fspath(path), read_only=read_only, local=local)
        self.lookups = Lookups(self.connection, self)
        self._writer = BatchWriter(self.connection)

    def apply(self, batch: Batch) -> bool:
        """Write a batch, see the protocol."""
        with self.connection.transaction():
            written = self._writer.apply(batch)
            if written is None:
                return False
            self.lookups.refresh(written.facets, written.first_new)
            self.refresh_text(written.changed)
        return True

    def mark(self, segment: bytes, sealed: bool, torn: str) -> None:
        """Say that a segment is sealed, and why its end is torn if it is."""
        with self.connection.transaction():
            self.connection.raw.execute(
                "UPDATE segment SET sealed=?, torn=? WHERE uid=?", (sealed, torn, segment)
            )

    def reset(self) -> None:
        """Empty the store."""
        with self.connection.telling():
            reset(self.connection.raw, VERSIONS)
        self._writer.forget()

    def check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; nothing when it is whole."""
        return [row[0] for row in self.connection.all("PRAGMA quick_check") if row[0] != "ok"]

    def close(self) -> None:
        """Close it; a second call does nothing."""
        self.connection.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

"""The SQLite store: all roles over one file."""

from __future__ import annotations

import os
from contextlib import suppress

from whence.store.migration import reset
from whence.store.sql.store import SqlStore
from whence.store.sqlite.connection import SqliteConnection
from whence.store.sqlite.schema import VERSIONS
from whence.store.sqlite.text import SqliteText


class SqliteStore(SqliteText, SqlStore):
    """An index of a journal in one SQLite file.

    >>> import tempfile
    >>> with SqliteStore(tempfile.mkdtemp() + "/index.sqlite") as store:
    ...     store.counts()["runs"]
    0
    """

    connection: SqliteConnection

    def __init__(
        self, path: str | os.PathLike[str], *, read_only: bool = False, local: bool = True
    ) -> None:
        """Open or make the index at ``path``; a reader needs one that is there.

        ``local`` says that the file system is of this machine, so that a write-ahead log works.
        Raises StoreTooNewError, StoreCorruptError and StoreError.
        """
        super().__init__(SqliteConnection(os.fspath(path), read_only=read_only, local=local))

    def reset(self) -> None:
        """Empty the store."""
        with self.connection.telling():
            reset(self.connection.raw, VERSIONS)
        self.writer.forget()

    def size(self) -> int:
        """How many bytes the file takes, with those that SQLite keeps beside it."""
        sizes = 0
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                sizes += os.stat(self.connection.path + ending).st_size
        return sizes

    def check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; nothing when it is whole."""
        return [row[0] for row in self.connection.all("PRAGMA quick_check") if row[0] != "ok"]

    def interrupt(self) -> None:
        """End the statement that runs, from another thread; it raises StoreError."""
        self.connection.raw.interrupt()

    def close(self) -> None:
        """Close it; a second call does nothing."""
        self.connection.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

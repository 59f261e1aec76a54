"""The index in one SQLite file: for a laptop, embedded, thrown away and rebuilt at will."""

from whence.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]

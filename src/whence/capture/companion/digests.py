"""Digests that are known already: by version stamp, kept between runs in ``.whence/cache``.

What can't be kept is hashed again; so failures of the cache are no failures.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress

from whence._base.private import ensure

_SCHEMA = """
CREATE TABLE IF NOT EXISTS digest (
    stamp BLOB PRIMARY KEY, digest BLOB NOT NULL, used_at INTEGER NOT NULL
) WITHOUT ROWID
"""
_KEPT_S = 180 * 86_400


class DigestCache:
    """Maps a stamp key (16 bytes) to a SHA-256 (32 bytes)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._new: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """The digest of the version with that key, if it is known."""
        if (digest := self._new.get(key)) is not None:
            return digest
        try:
            row = (
                self._open().execute("SELECT digest FROM digest WHERE stamp = ?", (key,)).fetchone()
            )
        except sqlite3.Error:
            return None
        return None if row is None else bytes(row[0])

    def put(self, key: bytes, digest: bytes) -> None:
        """Remember a digest; `flush` writes it."""
        self._new[key] = digest

    def flush(self) -> None:
        """Write what is new."""
        if not self._new:
            return
        now = int(time.time())
        rows = [(key, digest, now) for key, digest in self._new.items()]
        try:
            with self._open() as connection:
                connection.executemany("INSERT OR REPLACE INTO digest VALUES (?, ?, ?)", rows)
        except sqlite3.Error:
            return
        self._new.clear()

    def close(self) -> None:
        """Write what is new and forget what was not made for half a year."""
        self.flush()
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                with connection:
                    oldest = int(time.time()) - _KEPT_S
                    connection.execute("DELETE FROM digest WHERE used_at < ?", (oldest,))
            except sqlite3.Error:
                pass
            connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            with suppress(OSError):
                ensure(self._path)
            connection = sqlite3.connect(self._path, timeout=1.0, check_same_thread=False)
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_SCHEMA)
            self._connection = connection
        return self._connection

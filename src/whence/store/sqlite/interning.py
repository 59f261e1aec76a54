"""Giving numbers: to nodes by id, to roles and metric keys by name, in order of arrival."""

from __future__ import annotations

from collections.abc import Iterable

from whence.store.sqlite.connection import Connection

REMEMBERED = 400_000
ASKED_AT_ONCE = 500


class Numbers:
    """Numbers of nodes; new ones are given densely, after `begin`, in the order asked for.

    ``new`` are the ids that got a number since `begin`, all from ``first_new`` on.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, int] = {}
        self.first_new = self._next = 0
        self.new: list[bytes] = []

    def begin(self) -> None:
        """Start a transaction's worth; the caller holds the write lock."""
        row = self._connection.raw.execute("SELECT coalesce(max(number), 0) FROM node").fetchone()
        first = row[0] + 1
        if first != self._next or len(self._known) > REMEMBERED:
            self._known.clear()
        self.first_new = self._next = first
        self.new = []

    def of(self, uids: Iterable[bytes]) -> dict[bytes, int]:
        """The number of every id, known or new. The dictionary is shared: read it only."""
        known = self._known
        asked = [uid for uid in dict.fromkeys(uids) if uid not in known]
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = asked[start : start + ASKED_AT_ONCE]
            marks = ",".join("?" * len(some))
            sql = f"SELECT uid, number FROM node WHERE uid IN ({marks})"
            known.update(self._connection.raw.execute(sql, some))
        for uid in asked:
            if uid not in known:
                known[uid] = self._next
                self._next += 1
                self.new.append(uid)
        return known

    def forget(self) -> None:
        self._known.clear()
        self._next = 0


class Interned:
    """Numbers of short texts, all of which fit into memory."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection, self._table = connection, table
        self._known: dict[str, int] = {}

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """The number of every name. The dictionary is shared: read it only."""
        known, raw = self._known, self._connection.raw
        for name in sorted(set(names) - known.keys()):
            raw.execute(f"INSERT OR IGNORE INTO {self._table}(name) VALUES(?)", (name,))
            known[name] = raw.execute(
                f"SELECT number FROM {self._table} WHERE name = ?", (name,)
            ).fetchone()[0]
        return known

    def forget(self) -> None:
        self._known.clear()

"""Giving numbers: to nodes by id, to roles and metric keys by name, in order of arrival."""

from __future__ import annotations

from collections.abc import Iterable

from whence.store.sql.connection import Connection
from whence.store.sql.statement import Rows

REMEMBERED = 400_000


class Numbers:
    """Numbers of nodes; new ones are given densely, after `begin`, in the order asked for.

    ``new`` are the ids that got a number since `begin`, all from ``first_new`` on.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[bytes, int] = {}
        self.first_new = self._next = 0
        self.new: list[bytes] = []

    def begin(self) -> bool:
        """Start a transaction's worth; the caller holds the write lock.

        Whether no other writer gave numbers since the last time.
        """
        row = self._connection.one("SELECT coalesce(max(number), 0) FROM node")
        first = int(row[0]) + 1
        is_next = first == self._next
        if not is_next or len(self._known) > REMEMBERED:
            self._known.clear()
        self.first_new = self._next = first
        self.new = []
        return is_next

    def of(self, uids: Iterable[bytes]) -> dict[bytes, int]:
        """The number of every id, known or new. The dictionary is shared: read it only."""
        known = self._known
        asked = [uid for uid in dict.fromkeys(uids) if uid not in known]
        if asked:
            known.update(self._connection.all_in("SELECT uid, number FROM node WHERE uid", asked))
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
        self._insert = Rows(f"INSERT INTO {table}(number, name) VALUES(?int,?text)")

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """The number of every name. The dictionary is shared: read it only."""
        known, asked = self._known, sorted(set(names) - self._known.keys())
        if not asked:
            return known
        listed = f"SELECT name, number FROM {self._table} WHERE name"
        known.update(self._connection.all_in(listed, asked))
        if new := [name for name in asked if name not in known]:
            last = self._connection.one(f"SELECT coalesce(max(number), 0) FROM {self._table}")[0]
            rows = list(enumerate(new, last + 1))
            self._connection.write(self._insert, rows)
            known.update((name, number) for number, name in rows)
        return known

    def forget(self) -> None:
        self._known.clear()

"""The side index of parameter and tag values: built for a key when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from operator import itemgetter
from typing import Any

from whence.model.value import decode
from whence.store.sql.connection import Connection
from whence.store.sql.nodes import Nodes
from whence.store.sql.series import METRICS, knows_key, last_values, take_from_sheets
from whence.store.sql.statement import Rows

_INSERT = Rows(
    "INSERT INTO lookup(space, key, node, num, text) VALUES(?int,?text,?int,?number,?text)"
    " ON CONFLICT(space, key, node) DO UPDATE SET num=excluded.num, text=excluded.text"
)
_ASKED = "INSERT INTO lookup_key(space, key) VALUES(?,?) ON CONFLICT DO NOTHING"
_AT_ONCE = 5_000

Facet = tuple[int, int, int, int, int, bytes]
"""node, space, at, segment, sequence, MessagePack map."""


def scalar(value: Any) -> tuple[int | float | None, str | None]:
    """The number or the text under which a value is found, see `whence.model.criterion`.

    NaN is found under neither; what is neither number nor text under the text that ``str`` gives.
    """
    if isinstance(value, bool):
        return int(value), None
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return (float(value), None) if abs(value) < 1 << 1000 else (None, str(value))
    if isinstance(value, int | float):
        return (None if isnan(value) else value), None
    text = value if isinstance(value, str) else str(value)
    return None, text.encode("utf-8", "backslashreplace").decode()


class Lookups:
    """Keeps the side index: `require` builds it for a key, `refresh` keeps it up."""

    def __init__(self, connection: Connection, nodes: Nodes) -> None:
        self._connection, self._nodes = connection, nodes

    def require(self, space: int, key: str) -> bool:
        """Have the values of ``key`` at hand; False where nothing can be written."""
        if self._connection.one("SELECT 1 FROM lookup_key WHERE space=? AND key=?", space, key):
            return True
        if self._connection.read_only:
            return False
        with self._connection.transaction():
            self._connection.run(_ASKED, space, key)
            self._fill(space, [key], self._nodes_with(space))
            self._connection.count_anew("lookup")
        return True

    def require_metric(self, key: str) -> int:
        """The number of a metric's key, with all its series in ``series`` and an index of their
        last values; 0 when no series has it; -1 where that can't be written."""
        if self._connection.one("SELECT 1 FROM lookup_key WHERE space=? AND key=?", METRICS, key):
            return int(self._connection.one("SELECT number FROM key WHERE name = ?", key)[0])
        if self._connection.read_only:
            return -1
        if not knows_key(self._connection, key):
            return 0
        with self._connection.transaction():
            number = take_from_sheets(self._connection, key)
            self._connection.run(_ASKED, METRICS, key)
            self._connection.run(
                f"CREATE INDEX IF NOT EXISTS series_last_{number} ON series(last, node)"
                f" WHERE key = {number}"
            )
            self._connection.count_anew("series")
        return number

    def values(self, space: int, key: str) -> list[tuple[int, int | float | None, str | None]]:
        """(node, number, text) of every node that has the key, without the index."""
        return [row[2:] for row in self._rows(space, [key], self._nodes_with(space))]

    def metric_values(self, key: str) -> list[tuple[int, float | None]]:
        """(node, last value) of every series with that key, without the index."""
        return last_values(self._connection, key)

    def refresh(self, facets: Iterable[Facet], first_new: int) -> None:
        """Take in new facets; the caller holds the write lock.

        Nodes from ``first_new`` on have no others, so these need not be read again.
        """
        spaces: dict[int, list[str]] = {}
        for space, key in self._connection.all(
            "SELECT space, key FROM lookup_key WHERE space <> ?", METRICS
        ):
            spaces.setdefault(space, []).append(key)
        if not spaces:
            return
        old: dict[int, set[int]] = {space: set() for space in spaces}
        values: dict[tuple[int, int], dict[str, Any]] = {}
        asked = [facet for facet in facets if facet[1] in spaces]
        for node, space, _, _, _, body in sorted(asked, key=itemgetter(0, 1, 2, 4)):
            if node < first_new:
                old[space].add(node)
            else:
                values.setdefault((space, node), {}).update(decode(body))
        rows = [
            (space, key, node, *scalar(facet[key]))
            for (space, node), facet in values.items()
            for key in spaces[space]
            if key in facet
        ]
        self._connection.write_new(_INSERT, rows)
        for space, nodes in old.items():
            self._fill(space, spaces[space], sorted(nodes))

    def _nodes_with(self, space: int) -> list[int]:
        rows = self._connection.all("SELECT DISTINCT node FROM facet WHERE space = ?", space)
        return [row[0] for row in rows]

    def _fill(self, space: int, keys: list[str], nodes: list[int]) -> None:
        self._connection.write(_INSERT, self._rows(space, keys, nodes))

    def _rows(self, space: int, keys: list[str], nodes: list[int]) -> list[tuple[Any, ...]]:
        rows = []
        for start in range(0, len(nodes), _AT_ONCE):
            values = self._nodes.facets(nodes[start : start + _AT_ONCE], space)
            for node, facet in values.items():
                rows += [
                    (space, key, node, *scalar(facet[key]))
                    for key in keys
                    if facet.get(key) is not None
                ]
        return rows


__all__ = ["Lookups", "scalar"]

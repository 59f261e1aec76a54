"""Runs as the store finds them, counts them, and names what criteria on them can say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whence.fold.batch import PARAMS, TAGS
from whence.model.criterion import Criterion, Order
from whence.model.value import decode
from whence.store.protocol import Node
from whence.store.sql.condition import ATTRIBUTES, Query
from whence.store.sql.connection import IN, many
from whence.store.sql.lookup import Lookups
from whence.store.sql.nodes import Nodes
from whence.store.sql.series import metric_keys

_IS_RUN = "n.type = 2 AND n.kind = 'run'"
_RUNS = f"SELECT n.number FROM node n WHERE {_IS_RUN}"
_ALL = 2**62
_LOOKED_AT = 1_000
"""Of so many runs at the head of an order each is looked at before all that meet a criterion are
listed."""


class Runs(Nodes):
    """Finds runs."""

    lookups: Lookups

    def runs(
        self,
        criterion: Criterion | None = None,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Node]:
        """The runs that meet the criterion, in order; newest first where that leaves a choice."""
        if order and order[0].field.space != "attributes":
            wanted = None if limit is None else offset + limit
            return self.nodes(self._by_value(criterion, order, wanted)[offset:])
        query = self._query()
        where = query.condition(criterion)
        sql = f"{_RUNS} AND ({where}) ORDER BY {query.orders(order)}"
        return self.nodes(self._numbers(sql, query.parameters, limit, offset))

    def _by_value(
        self, criterion: Criterion | None, order: Sequence[Order], wanted: int | None
    ) -> list[int]:
        """The runs by the values of the first field: by number, by text, those without a value.

        The values are taken in their order from the index, so that the first few come at once.
        """
        found: list[int] = []
        for column in (*self._query().values(order[0].field).ordered(order[0].descending), None):
            left = None if wanted is None else wanted - len(found)
            found += self._among_first(criterion, order, column, left)
            if wanted is not None and len(found) >= wanted:
                break
        return found

    def _among_first(
        self,
        criterion: Criterion | None,
        order: Sequence[Order],
        column: str | None,
        left: int | None,
    ) -> list[int]:
        """The runs with a value in the column that meet the criterion: sought among the first
        before all are."""
        if criterion is None or left is None or column is None:
            return self._valued(criterion, order, column, left)
        looked_at = max(left * 20, _LOOKED_AT)
        first = self._valued(None, order, column, looked_at)
        query = self._query(for_few=True)
        where = query.condition(criterion)
        rows = self.connection.all(
            f"SELECT n.number FROM node n WHERE n.number {IN} AND ({where})",
            many(first),
            *query.parameters,
        )
        met = {row[0] for row in rows}
        if len(met) < left and len(first) == looked_at:
            return self._valued(criterion, order, column, left)
        return [number for number in first if number in met][:left]

    def _valued(
        self,
        criterion: Criterion | None,
        order: Sequence[Order],
        column: str | None,
        left: int | None,
    ) -> list[int]:
        """The runs that meet the criterion by a column; None: those without a value."""
        query, (first, *rest) = self._query(), order
        values = query.values(first.field)
        query.parameters += values.parameters
        if column is None:
            valued = " OR ".join(f"{one} IS NOT NULL" for one in values.ordered(False))
            having = f"SELECT v.node FROM {values.table} WHERE {values.condition} AND ({valued})"
            where = query.condition(criterion)
            sql = f"{_RUNS} AND n.number NOT IN ({having}) AND ({where})"
            return self._numbers(f"{sql} ORDER BY {query.orders(rest)}", query.parameters, left)
        where = query.condition(criterion)
        sql = (
            f"SELECT n.number FROM {values.table} CROSS JOIN node n ON n.number = v.node"
            f" WHERE {values.condition} AND {column} IS NOT NULL AND {_IS_RUN} AND ({where})"
            f" ORDER BY {column} {'DESC' if first.descending else 'ASC'}, {query.orders(rest)}"
        )
        return self._numbers(sql, query.parameters, left)

    def _query(self, *, for_few: bool = False) -> Query:
        return Query(self.lookups, self.connection.dialect, for_few=for_few)

    def _numbers(
        self, sql: str, parameters: list[Any], limit: int | None, offset: int = 0
    ) -> list[int]:
        if limit is not None or offset:
            sql = f"{sql} LIMIT ? OFFSET ?"
            parameters = [*parameters, _ALL if limit is None else limit, offset]
        return [row[0] for row in self.connection.all(sql, *parameters)]

    def run_count(self, criterion: Criterion | None = None) -> int:
        """How many runs meet the criterion."""
        query = self._query()
        where = query.condition(criterion)
        sql = f"SELECT count(*) FROM node n WHERE {_IS_RUN} AND ({where})"
        return int(self.connection.one(sql, *query.parameters)[0])

    def runs_between(self, lowest: bytes, highest: bytes) -> list[bytes]:
        """The ids of the runs from ``lowest`` to ``highest``, in order."""
        rows = self.connection.all(
            f"SELECT n.uid FROM node n WHERE n.uid BETWEEN ? AND ? AND {_IS_RUN} ORDER BY n.uid",
            lowest,
            highest,
        )
        return [row[0] for row in rows]

    def field_names(self) -> dict[str, list[str]]:
        """The keys that criteria on runs can name, see the protocol."""
        return {
            "params": self._keys(PARAMS),
            "metrics": sorted(metric_keys(self.connection, _RUNS)),
            "tags": self._keys(TAGS),
            "attributes": ATTRIBUTES,
        }

    def _keys(self, space: int) -> list[str]:
        """Every key that is said of a run in a space."""
        rows = self.connection.all(
            f"SELECT f.body FROM facet f WHERE f.space = ? AND f.node IN ({_RUNS})", space
        )
        return sorted({key for body in {row[0] for row in rows} for key in decode(body)})

"""Runs as the store finds them: criteria and orders become SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from whence.fold.batch import SPACES
from whence.model.criterion import All, AnyOf, Comparison, Constant, Criterion, Field, Not, Order
from whence.model.kind import EXPERIMENT
from whence.model.relation import Relation
from whence.store.protocol import Node
from whence.store.sqlite.lookup import Lookups
from whence.store.sqlite.nodes import SqliteNodes

_SEGMENT = (
    "(SELECT g.{column} FROM segment g WHERE g.run = n.uid"
    " ORDER BY g.activity = g.run DESC, g.role = 'program' DESC, g.serial, g.uid LIMIT 1)"
)
_ATTRIBUTES = {
    "run_id": "(lower(substr(hex(n.uid),1,8)||'-'||substr(hex(n.uid),9,4)||'-'||"
    "substr(hex(n.uid),13,4)||'-'||substr(hex(n.uid),17,4)||'-'||substr(hex(n.uid),21)))",
    "name": "n.name",
    "status": "n.status",
    "kind": "n.kind",
    "start_time": "n.started_at",
    "end_time": "n.ended_at",
    "user": _SEGMENT.format(column="user"),
    "host": _SEGMENT.format(column="host"),
    "commit": "(SELECT c.name FROM edge e JOIN role r ON r.number = e.role JOIN node c"
    f" ON c.number = e.dst WHERE e.src = n.number AND e.rel = {int(Relation.USED)}"
    " AND r.name = 'commit' ORDER BY c.name LIMIT 1)",
    "experiment": "(SELECT c.name FROM edge e JOIN node c ON c.number = e.dst"
    f" WHERE e.src = n.number AND e.rel = {int(Relation.PART_OF_GROUP)}"
    f" ORDER BY c.kind = '{EXPERIMENT}' DESC, c.name LIMIT 1)",
}


class SqliteRuns(SqliteNodes):
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
        query = _Query(self.lookups)
        where = query.condition(criterion) if criterion is not None else "1"
        # Ids are made in order of time; runs that never said when they began come last.
        orders = [query.order(one) for one in order] + ["n.started_at DESC", "n.uid DESC"]
        sql = (
            f"SELECT n.number FROM node n WHERE n.type = 2 AND n.kind = 'run' AND ({where})"
            f" ORDER BY {', '.join(orders)} LIMIT ? OFFSET ?"
        )
        rows = self.connection.all(sql, *query.parameters, -1 if limit is None else limit, offset)
        return self.nodes([row[0] for row in rows])


class _Query:
    """The parts of one statement: conditions, orders, and the parameters in their order."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self.parameters: list[Any] = []

    def condition(self, criterion: Criterion) -> str:
        if isinstance(criterion, Not):
            return f"NOT ({self.condition(criterion.criterion)})"
        if isinstance(criterion, All | AnyOf):
            word = " AND " if isinstance(criterion, All) else " OR "
            empty = "1" if isinstance(criterion, All) else "0"
            return word.join(f"({self.condition(c)})" for c in criterion.criteria) or empty
        return self._comparison(criterion)

    def order(self, order: Order) -> str:
        """An ORDER BY term: without a value last, numbers before text."""
        way = "DESC" if order.descending else "ASC"
        return f"({self._value(order.field)}) {way} NULLS LAST"

    def _comparison(self, comparison: Comparison) -> str:
        field, operator = comparison.field, comparison.operator
        if field.space == "attributes":
            column = _ATTRIBUTES.get(field.key, "NULL")
            if operator == "is null":
                return f"{column} IS NULL"
            return f"coalesce({self._compared(column, column, operator, comparison.values)}, 0)"
        source, num, text = self._source(field)
        if operator == "is null":
            return f"n.number NOT IN ({source})"
        compared = self._compared(num, text, operator, comparison.values)
        return f"n.number IN ({source} AND {compared})"

    def _compared(self, num: str, text: str, operator: str, values: Sequence[Constant]) -> str:
        if operator == "in":
            equal = [self._compared(num, text, "=", (value,)) for value in values]
            return f"({' OR '.join(equal) or '0'})"
        value = values[0]
        if operator in ("like", "ilike"):
            return self._like(text, operator, str(value))
        column = text if isinstance(value, str) else num
        if isinstance(value, float) and value != value:
            return "0"
        self.parameters.append(value)
        if operator == "!=":
            # Text differs from every number, and a number from every text.
            other = num if isinstance(value, str) else text
            return f"coalesce({column} <> ?, {other} IS NOT NULL)"
        return f"{column} {operator} ?"

    def _like(self, text: str, operator: str, pattern: str) -> str:
        if operator == "ilike":
            self.parameters.append(pattern)
            return f"{text} LIKE ?"
        glob = "".join(_GLOB.get(character, character) for character in pattern)
        self.parameters.append(glob)
        return f"{text} GLOB ?"

    def _source(self, field: Field) -> tuple[str, str, str]:
        """A subquery of the nodes that have the field, and its columns of numbers and of text."""
        if field.space == "metrics":
            key = self._lookups.require_metric(field.key)
            source = f"SELECT v.node FROM series v WHERE v.key = {key}"
            if key < 0:
                values = json.dumps(self._lookups.metric_values(field.key))
                self.parameters.append(values.replace("Infinity", "9e999"))
                source = (
                    "SELECT v.node FROM (SELECT value ->> 0 AS node, value ->> 1 AS last"
                    " FROM json_each(?)) v WHERE 1"
                )
            return source, "v.last", "CAST(v.last AS TEXT)"
        space = SPACES[field.space]
        if self._lookups.require(space, field.key):
            self.parameters += [space, field.key]
            return "SELECT v.node FROM lookup v WHERE v.space = ? AND v.key = ?", "v.num", "v.text"
        self.parameters.append(json.dumps(self._lookups.values(space, field.key)))
        source = (
            "SELECT v.node FROM (SELECT value ->> 0 AS node, value ->> 1 AS num,"
            " value ->> 2 AS text FROM json_each(?)) v WHERE 1"
        )
        return source, "v.num", "v.text"

    def _value(self, field: Field) -> str:
        if field.space == "attributes":
            return _ATTRIBUTES.get(field.key, "NULL")
        source, num, text = self._source(field)
        value = source.replace("SELECT v.node", f"SELECT coalesce({num}, {text})", 1)
        return f"{value} AND v.node = n.number"


_GLOB = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}

"""Criteria and orders of runs as SQL on ``node n``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from whence.fold.batch import SPACES
from whence.model.criterion import (
    All,
    AnyOf,
    Comparison,
    Constant,
    Criterion,
    Field,
    Not,
    Operator,
    Order,
)
from whence.model.kind import EXPERIMENT
from whence.model.relation import Relation
from whence.store.sql.dialect import Dialect
from whence.store.sql.lookup import Lookups

_SEGMENT = (
    "(SELECT g.{column} FROM segment g WHERE g.run = n.uid"
    " ORDER BY g.activity = g.run DESC, g.role = 'program' DESC, g.serial, g.uid LIMIT 1)"
)
_TIMES = {"start_time": "n.started_at", "end_time": "n.ended_at"}
_TEXTS = {
    "run_id": "",
    "name": "n.name",
    "status": "n.status",
    "kind": "n.kind",
    "user": _SEGMENT.format(column='"user"'),
    "host": _SEGMENT.format(column="host"),
    "commit": "(SELECT c.name FROM edge e JOIN role r ON r.number = e.role JOIN node c"
    f" ON c.number = e.dst WHERE e.src = n.number AND e.rel = {int(Relation.USED)}"
    " AND r.name = 'commit' ORDER BY c.name LIMIT 1)",
    "experiment": "(SELECT c.name FROM edge e JOIN node c ON c.number = e.dst"
    f" WHERE e.src = n.number AND e.rel = {int(Relation.PART_OF_GROUP)}"
    f" ORDER BY c.kind = '{EXPERIMENT}' DESC, c.name LIMIT 1)",
}
_ALWAYS = frozenset({"name", "status", "kind"})
"""Texts that are never NULL: compared bare, so that an index can tell."""
ATTRIBUTES = sorted([*_TIMES, *_TEXTS])
"""What every run has that a criterion can name."""

_NEWEST = ["n.started_at DESC NULLS LAST", "n.uid DESC"]
"""Ids are made in order of time; runs that never said when they began come last."""

_NO_NUMBER, _NO_TEXT = "CAST(NULL AS BIGINT)", "CAST(NULL AS TEXT)"
_TRUE, _FALSE = "1 = 1", "1 = 0"


class Values(NamedTuple):
    """Where the values of a field are: SQL of a table ``v`` with its condition, and the columns of
    numbers and of text; ``parameters`` are those of the SQL."""

    table: str
    condition: str
    number: str
    text: str
    parameters: list[Any]

    def ordered(self, descending: bool) -> list[str]:
        """The columns that have values in the order in which they are sorted."""
        columns = [one for one in (self.number, self.text) if one not in (_NO_NUMBER, _NO_TEXT)]
        return columns[::-1] if descending else columns


class Query:
    """The parts of one statement on runs, and the parameters in their order.

    With ``for_few`` the conditions look each run up, which is quick for few runs only.
    """

    def __init__(self, lookups: Lookups, dialect: Dialect, *, for_few: bool = False) -> None:
        self._lookups, self._dialect, self._for_few = lookups, dialect, for_few
        self.parameters: list[Any] = []

    def condition(self, criterion: Criterion | None) -> str:
        """What must hold of ``n``."""
        if criterion is None:
            return _TRUE
        if isinstance(criterion, Not):
            return f"NOT ({self.condition(criterion.criterion)})"
        if isinstance(criterion, All | AnyOf):
            word, empty = (" AND ", _TRUE) if isinstance(criterion, All) else (" OR ", _FALSE)
            return word.join(f"({self.condition(c)})" for c in criterion.criteria) or empty
        return self._comparison(criterion)

    def orders(self, orders: Sequence[Order]) -> str:
        """The terms of ORDER BY: without a value last, numbers before text; then the newest."""
        return ", ".join([*(term for one in orders for term in self._order(one)), *_NEWEST])

    def _order(self, order: Order) -> list[str]:
        way = "DESC" if order.descending else "ASC"
        if order.field.space == "attributes":
            number, text = self._attribute(order.field.key)
            return [f"{text if number == _NO_NUMBER else number} {way} NULLS LAST"]
        terms = []
        values = self.values(order.field)
        for column in values.ordered(order.descending):
            self.parameters += values.parameters
            found = f"SELECT {column} FROM {values.table} WHERE {values.condition}"
            terms.append(f"({found} AND v.node = n.number) {way} NULLS LAST")
        return terms

    def values(self, field: Field) -> Values:
        """Where the values of a parameter, tag or metric are."""
        if field.space == "metrics":
            key = self._lookups.require_metric(field.key)
            if key >= 0:
                return Values("series v", f"v.key = {key}", "v.last", _NO_TEXT, [])
            rows: list[tuple[int, float | None, str | None]]
            rows = [(node, last, None) for node, last in self._lookups.metric_values(field.key)]
        else:
            space = SPACES[field.space]
            if self._lookups.require(space, field.key):
                asked = [space, field.key]
                return Values("lookup v", "v.space = ? AND v.key = ?", "v.num", "v.text", asked)
            rows = self._lookups.values(space, field.key)
        sql, parameters = self._dialect.listed(rows)
        return Values(f"({sql}) v", _TRUE, "v.num", "v.text", parameters)

    def _comparison(self, comparison: Comparison) -> str:
        field, operator = comparison.field, comparison.operator
        if field.space == "attributes":
            number, text = self._attribute(field.key)
            if operator == "is null":
                return f"{text if number == _NO_NUMBER else number} IS NULL"
            compared = self._compared(number, text, operator, comparison.values)
            if field.key in _ALWAYS and all(isinstance(one, str) for one in comparison.values):
                return compared
            return f"coalesce({compared}, {_FALSE})"
        values = self.values(field)
        self.parameters += values.parameters
        source = f"SELECT v.node FROM {values.table} WHERE {values.condition}"
        if operator == "is null":
            return f"n.number NOT IN ({source})"
        compared = self._compared(values.number, values.text, operator, comparison.values)
        if self._for_few:
            return f"EXISTS ({source} AND v.node = n.number AND {compared})"
        return f"n.number IN ({source} AND {compared})"

    def _attribute(self, key: str) -> tuple[str, str]:
        """The number and the text of what every run has."""
        if key in _TIMES:
            return _TIMES[key], _NO_TEXT
        if key == "run_id":
            return _NO_NUMBER, self._dialect.uuid.format("n.uid")
        return _NO_NUMBER, _TEXTS.get(key, _NO_TEXT)

    def _compared(
        self, number: str, text: str, operator: Operator, constants: Sequence[Constant]
    ) -> str:
        if operator == "in":
            equal = [self._compared(number, text, "=", (constant,)) for constant in constants]
            return f"({' OR '.join(equal) or _FALSE})"
        constant = constants[0]
        if operator == "like" or operator == "ilike":
            sql, parameters = self._dialect.like(text, operator, str(constant))
            self.parameters += parameters
            return sql
        if isinstance(constant, str):
            column, other, marked = text, number, "?"
            self.parameters.append(constant)
        else:
            if constant != constant:
                return _FALSE
            sql, parameters = self._dialect.number(constant)
            column, other, marked = number, text, sql
            self.parameters += parameters
        if operator == "!=":
            # Text differs from every number, and a number from every text.
            return f"coalesce({column} <> {marked}, {other} IS NOT NULL)"
        return f"{column} {operator} {marked}"

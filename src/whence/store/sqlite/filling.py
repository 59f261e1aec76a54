"""Makes the tables that views need, from what the index packs: parameters, metrics, columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whence.fold.batch import ATTRIBUTES, PARAMS
from whence.model.kind import RUN
from whence.model.relation import Relation
from whence.store.sql.lookup import scalar
from whence.store.sql.term import ALIAS
from whence.store.sqlite.store import SqliteStore
from whence.store.sqlite.views import TABLES

_AT_ONCE = 2_000
_HAS_PART = int(Relation.HAS_PART)

Rows = Iterator[tuple[Any, ...]]


class Filling:
    """Fills the tables of `TABLES` over one store's connection, each once."""

    def __init__(self, store: SqliteStore, check: Callable[[], None]) -> None:
        """``check`` is called now and then, and may raise to end it."""
        self._store, self._raw, self._check = store, store.connection.raw, check
        self._rows: dict[str, Callable[[], Rows]] = {
            "made_run_of": self._runs,
            "made_param": self._params,
            "made_metric": self._metrics,
            "made_point": self._points,
            "made_column": self._columns,
            "made_package": self._packages,
        }

    def fill(self, table: str) -> None:
        """Make the rows of a table."""
        marks = ",".join("?" * (TABLES[table].count(",") + 1))
        self._raw.executemany(f"INSERT INTO temp.{table} VALUES({marks})", self._rows[table]())

    def _runs(self) -> Rows:
        """The innermost run of each activity."""
        sql = (
            "WITH RECURSIVE part(run, node) AS (SELECT number, number FROM node"
            f" WHERE type = 2 AND kind = '{RUN}' UNION SELECT p.run, e.dst FROM part p"
            f" JOIN edge e ON e.src = p.node AND e.rel = {_HAS_PART}"
            f" JOIN node n ON n.number = e.dst AND n.kind <> '{RUN}')"
            " SELECT node, min(run) FROM part GROUP BY node"
        )
        return iter(self._raw.execute(sql).fetchall())

    def _params(self) -> Rows:
        for numbers in self._portions("SELECT DISTINCT node FROM facet WHERE space = ?", PARAMS):
            for number, values in self._store.facets(numbers, PARAMS).items():
                for key, value in values.items():
                    yield (number, key, _text(value), scalar(value)[0], type(value).__name__)

    def _metrics(self) -> Rows:
        for numbers in self._portions("SELECT node FROM series UNION SELECT node FROM sheet"):
            for number, several in self._store.summaries(numbers).items():
                for one in several:
                    yield (number, one.key, one.count, one.first, one.last, one.min, one.max,
                           one.last_step)  # fmt: skip

    def _points(self) -> Rows:
        for number, key, *_ in self._metrics():
            self._check()
            for point in self._store.points(number, key):
                yield number, key, point.step, point.value, point.at

    def _columns(self) -> Rows:
        for number, attributes in self._having("columns"):
            names, dtypes = attributes.get("columns"), attributes.get("dtypes")
            if not isinstance(names, list):
                continue
            types = dtypes if isinstance(dtypes, list) and len(dtypes) == len(names) else ()
            for place, name in enumerate(names):
                dtype = _text(types[place]) if types else None
                yield number, place, _text(name), dtype

    def _packages(self) -> Rows:
        for number, attributes in self._having("packages"):
            packages = attributes.get("packages")
            if isinstance(packages, dict):
                for name, version in packages.items():
                    yield number, name, _text(version)

    def _having(self, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The nodes that have an attribute of that name, with their attributes."""
        sql = (
            "SELECT DISTINCT coalesce(o.bound, f.node) FROM facet f"
            " LEFT JOIN opening o ON o.node = f.node AND o.access = 'r'"
            f" JOIN node n ON n.number = coalesce(o.bound, f.node) AND n.found IS NOT {ALIAS}"
            f" WHERE f.space = {ATTRIBUTES} AND n.type = 1 AND instr(f.body, ?)"
        )
        for numbers in self._portions(sql, key.encode()):
            yield from self._store.facets(numbers, ATTRIBUTES).items()

    def _portions(self, sql: str, *parameters: Any) -> Iterator[list[int]]:
        numbers = [row[0] for row in self._raw.execute(sql, parameters)]
        for start in range(0, len(numbers), _AT_ONCE):
            self._check()
            yield numbers[start : start + _AT_ONCE]


def make_tables(store: SqliteStore, names: Iterable[str], check: Callable[[], None]) -> None:
    """Have all tables, and those of ``names`` with their rows."""
    for table, columns in TABLES.items():
        store.connection.raw.execute(f"CREATE TEMP TABLE {table}({columns})")
    filling = Filling(store, check)
    for name in sorted(set(names)):
        filling.fill(name)


def _text(value: Any) -> str | None:
    """A value as a column of text has it."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, default=str).encode("utf-8", "backslashreplace").decode()
    return str(value)

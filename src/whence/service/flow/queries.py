"""Of which columns of tables, files and frames the columns of a query's result are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from whence.analysis.query import QueryColumns, TableColumn, columns_of
from whence.service.flow.anchors import Watched
from whence.service.flow.identity import Identity
from whence.store.protocol import Store

_DEFAULT_SCHEMAS = ("main.", "public.")


class Queried(NamedTuple):
    """A column of an entity that a query read; without a name all of it, for that ``reason``.

    The column of a table in a database is named with its table: ``people.age``.
    """

    entity: int
    column: str | None
    reason: str = ""


def is_query(attributes: Mapping[str, Any]) -> bool:
    """Whether a read asked a database or the like, by a query or for a table by its name."""
    return "dialect" in attributes


class Queries:
    """The queries of one run; each is read once."""

    def __init__(self, store: Store, identity: Identity) -> None:
        self._store, self._identity = store, identity
        self._read: dict[int, list[QueryColumns]] = {}

    def origins(self, read: Watched, column: str) -> list[Queried]:
        """What a column of the result was made of; nothing when the query made it of nothing."""
        if "query" not in read.attributes:
            return self._placed(read, self._of_whole_table(read, column))
        for found in self._columns(read):
            origins = found.columns.get(column)
            if origins is not None:
                return self._placed(read, origins)
        reasons = [one.removeprefix(f"{column}: ") for one in found.unknown]
        reason = next(iter(reasons), f"the query gives no column {column}")
        return [Queried(edge.target, None, reason) for edge in self._identity.read_by(read)]

    def gives(self, read: Watched, column: str) -> bool:
        """Whether a column of the result, or of the table that a query made, is told by it."""
        return all(one.column is not None for one in self.origins(read, column))

    def used(self, read: Watched, entity: int) -> list[str]:
        """The columns of an entity that a query used anywhere, also in conditions."""
        if "query" in read.attributes:
            columns: Iterable[TableColumn] = self._columns(read)[0].used
        else:
            names = self._names(self._identity.brought_by(read))
            columns = [one for name in names for one in self._of_whole_table(read, name)]
        placed = (one for one in self._placed(read, columns) if one.entity == entity)
        return list(dict.fromkeys(one.column for one in placed if one.column is not None))

    @staticmethod
    def _of_whole_table(read: Watched, column: str) -> list[TableColumn]:
        return [TableColumn(table, column) for table in read.attributes.get("tables", ())]

    def _columns(self, read: Watched) -> list[QueryColumns]:
        """By the names of the result as it was seen, then by the text alone.

        A query that makes a table has another result than that.
        """
        number = read.node.number
        if number not in self._read:
            told = read.attributes
            schema = {
                edge.role: names
                for edge in self._identity.read_by(read)
                if edge.role and (names := self._names([edge.target]))
            }
            given = self._names(self._identity.brought_by(read))
            self._read[number] = [
                columns_of(told["query"], told["dialect"], schema, names)
                for names in ([given, None] if given else [None])
            ]
        return self._read[number]

    def _names(self, entities: list[int]) -> list[str]:
        told = self._store.attributes_of(entities)
        found = (name for one in entities for name in told.get(one, {}).get("columns") or ())
        return list(dict.fromkeys(str(name) for name in found if name is not None))

    def _placed(self, read: Watched, columns: Iterable[TableColumn]) -> list[Queried]:
        """The columns as those of the entities that the read used."""
        edges = self._identity.read_by(read)
        by_name: dict[str, list[int]] = {}
        for edge in edges:
            by_name.setdefault(_plain(edge.role), []).append(edge.target)
        databases = by_name.pop("", [])
        found = []
        for table, column in columns:
            known = by_name.get(_plain(table))
            if known is not None:
                found += [Queried(one, column) for one in known]
            elif len(databases) == 1:
                found.append(Queried(databases[0], f"{_plain(table)}.{column}"))
            else:
                reason = f"which of what was read is the table {table} can't be told"
                found += [Queried(edge.target, None, reason) for edge in edges]
        return list(dict.fromkeys(found))


def _plain(table: str) -> str:
    """The name of a table without the schemas that are there by default."""
    name = table.lower()
    for schema in _DEFAULT_SCHEMAS:
        name = name.removeprefix(schema)
    return name

"""SQL as `whence.store.sql` writes it, in PostgreSQL's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from whence.store.postgres.adapting import TextArray
from whence.store.sql.connection import many
from whence.store.sql.dialect import Listed
from whence.store.sql.statement import Rows

_TYPES = {"int": "bigint", "real": "float8", "number": "numeric", "text": "text", "bytes": "bytea"}
_LISTS = re.compile(r"json_each\((\?\d*)\) j\b")
_INSTR = re.compile(r"instr\(([\w.]+), (\?\d*)\)")
_DIFFERS = re.compile(r"\bIS NOT (?!NULL\b|DISTINCT\b)")
_MARK = re.compile(r"(\?\d*)(::bigint\[\])?")
_VALUES = re.compile(r"\bVALUES\(([^)]*)\)")


class Spelled(NamedTuple):
    """A statement with ``$1`` for parameters; those at ``lists`` are lists of numbers."""

    sql: str
    lists: frozenset[int]


def spelled(sql: str) -> Spelled:
    """A statement that takes its parameters one by one."""
    sql = sql.replace("IN (SELECT value FROM json_each(?))", "= ANY(?::bigint[])")
    sql = _LISTS.sub(r"unnest(\1::bigint[]) AS j(value)", sql)
    sql = _plain(_INSTR.sub(r"position(\2::bytea in \1)", sql))
    count, lists = 0, set()

    def numbered(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        place = int(found[1][1:] or count)
        if found[2]:
            lists.add(place - 1)
        return f"${place}{found[2] or ''}"

    return Spelled(_MARK.sub(numbered, sql), frozenset(lists))


def spelled_rows(statement: Rows) -> str:
    """A statement for many rows, which come as an array for each column."""
    types, columns = statement.types, range(1, len(statement.types) + 1)
    arrays = ",".join(f"${n}::{_TYPES[kind]}[]" for n, kind in zip(columns, types, strict=True))
    source = f"unnest({arrays}) AS v({','.join(f'p{n}' for n in columns)})"
    sql = _plain(statement.marked(lambda n: f"v.p{n}"))
    if sql.startswith("INSERT"):
        return _VALUES.sub(lambda found: f"SELECT {found[1]} FROM {source}", sql)
    word = "USING" if sql.startswith("DELETE") else "FROM"
    before, _, condition = sql.partition(" WHERE ")
    return f"{before} {word} {source} WHERE {condition}"


@cache
def without_conflict(statement: Rows) -> Rows:
    """An INSERT as it is where no row can be there already."""
    return statement._replace(sql=statement.sql.partition(" ON CONFLICT")[0])


def _plain(sql: str) -> str:
    sql = sql.replace("CROSS JOIN", "JOIN")  # SQLite's way to keep an order; all have an ON
    return _DIFFERS.sub("IS DISTINCT FROM ", sql)


class PostgresDialect:
    """PostgreSQL's spelling, see `whence.store.sql.dialect.Dialect`."""

    uuid = "encode({0}, 'hex')::uuid::text"
    index_names = "CREATE INDEX node_name ON node USING hash(name) WHERE name <> ''"

    def trigger(self, name: str, change: str, table: str, when: str, step: str) -> list[str]:
        condition = f" WHEN ({when})" if when else ""
        return [
            f"CREATE OR REPLACE FUNCTION watch_{name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $watch$ BEGIN {step} RETURN NULL; END $watch$",
            f"CREATE OR REPLACE TRIGGER watch_{name} AFTER {change} ON {table} FOR EACH ROW"
            f"{condition} EXECUTE FUNCTION watch_{name}()",
        ]

    def like(self, column: str, operator: Literal["like", "ilike"], pattern: str) -> Listed:
        return Listed(f"{column} {operator.upper()} ? ESCAPE ''", [pattern])

    def number(self, value: float) -> Listed:
        return Listed("CAST(? AS NUMERIC)", [repr(+value)])

    def listed(self, rows: Sequence[tuple[int, float | None, str | None]]) -> Listed:
        return Listed(
            "SELECT * FROM unnest(?::bigint[], ?::numeric[], ?::text[]) AS t(node, num, text)",
            [
                many(node for node, _, _ in rows),
                TextArray(None if number is None else repr(+number) for _, number, _ in rows),
                TextArray(text for _, _, text in rows),
            ],
        )

"""Writing many rows in the binary form of COPY."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import psycopg

from whence.store.postgres.adapting import escaped
from whence.store.sql.statement import Rows

_INSERT = re.compile(r"INSERT INTO (\w+)\(([^)]*)\) VALUES\((\?\w+(?:,\?\w+)*)\)$")


class Inserted(NamedTuple):
    """Where an INSERT puts its rows."""

    table: str
    columns: tuple[str, ...]


@cache
def inserted(statement: Rows) -> Inserted | None:
    """Where a statement puts its rows as they are; None if it does anything else with them."""
    found = _INSERT.match(statement.sql)
    return found and Inserted(found[1], tuple(found[2].split(", ")))


def adapted(types: list[str], rows: list[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """The rows with values that PostgreSQL can hold, see `whence.store.postgres.adapting`."""
    changed: dict[int, list[Any]] = {}
    for place, kind in enumerate(types):
        if kind == "text":
            texts = [row[place] or "" for row in rows]
            joined = "".join(texts)
            if "\x00" in joined or "\x01" in joined:
                changed[place] = [row[place] and escaped(row[place]).decode() for row in rows]
        elif kind == "real":
            changed[place] = [_real(row[place]) for row in rows]
        elif kind == "number":
            changed[place] = [
                None if (n := row[place]) is None else Decimal(repr(n)) for row in rows
            ]
    if not changed:
        return rows
    columns = list(zip(*rows, strict=True))
    return zip(*(changed.get(at, column) for at, column in enumerate(columns)), strict=True)


def _real(value: float | None) -> float | None:
    return None if value is None or value != value else value + 0.0


def copy_rows(
    raw: psycopg.Connection[Any], into: Inserted, types: list[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add the rows to a table."""
    sql = f"COPY {into.table}({', '.join(into.columns)}) FROM STDIN (FORMAT BINARY)"
    with raw.cursor() as cursor, cursor.copy(sql) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)

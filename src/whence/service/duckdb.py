"""The views of an index in DuckDB, in memory, cut off from files and from the network."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whence._base.errors import MissingExtraError, UsageError
from whence.store.sqlite.querying import Limits, Table, many_rows, opened, slow
from whence.store.sqlite.views import VIEWS

if TYPE_CHECKING:
    import duckdb

_TYPES = {"TEXT": "VARCHAR", "INTEGER": "BIGINT", "REAL": "DOUBLE"}
_AT_ONCE = 50_000
_CUT_OFF: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def duckdb_query(place: Path, sql: str, limits: Limits) -> Table:
    """What a statement in DuckDB's SQL gives on the views of the index at ``place``.

    Raises UsageError for a wrong or refused statement, or one that goes over the limits;
    MissingExtraError without duckdb.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("--engine duckdb needs DuckDB. Run: pip install duckdb") from error
    connection = duckdb.connect(":memory:", config=_CUT_OFF)
    try:
        named = _views_named(connection, sql)
        _copy(connection, place, named, limits)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return _run(connection, sql, limits)
    except duckdb.InterruptException as error:
        raise slow(limits) from error
    except duckdb.Error as error:
        raise UsageError(f"The statement is wrong: {_shortly(error)}") from error
    finally:
        connection.close()


def _views_named(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The views that a statement reads."""
    import duckdb

    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError("Give one statement at a time")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("The statement may only read: SELECT from " + ", ".join(VIEWS))
    named = {name.lower() for name in connection.get_table_names(sql)}
    return [name for name in VIEWS if name in named]


def _copy(
    connection: duckdb.DuckDBPyConnection, place: Path, named: list[str], limits: Limits
) -> None:
    """Have the views as tables: those that are named with their rows."""
    for name, columns in VIEWS.items():
        listed = ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in columns)
        connection.execute(f"CREATE TABLE {name}({listed})")
    read = {(name, column.name) for name in named for column in VIEWS[name]}
    with opened(place, read, limits) as raw:
        for name in named:
            marks = ", ".join(f"unnest(?::{_TYPES[column.type]}[])" for column in VIEWS[name])
            cursor = raw.execute(f"SELECT * FROM {name}")
            while rows := cursor.fetchmany(_AT_ONCE):
                values: list[list[Any]] = [list(some) for some in zip(*rows, strict=True)]
                connection.execute(f"INSERT INTO {name} SELECT {marks}", values)


def _run(connection: duckdb.DuckDBPyConnection, sql: str, limits: Limits) -> Table:
    timer = threading.Timer(limits.timeout_s, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        found = connection.execute(sql)
        columns = [one[0] for one in found.description or ()]
        rows = found.fetchmany(limits.max_rows + 1)
    finally:
        timer.cancel()
    if len(rows) > limits.max_rows:
        raise many_rows(limits)
    return Table(columns, rows)


def _shortly(error: Exception) -> str:
    """The error on one line, without DuckDB's drawing of the place."""
    text = str(error).partition("\n\nLINE ")[0]
    return " ".join(text.split())

"""SQL on a store: read-only, on views that stay as they are documented."""

from __future__ import annotations

from typing import Any, Literal

from whence._base.errors import UsageError
from whence.service.index import index_place
from whence.service.questions import Questions, Thing, open_questions
from whence.store.sqlite import SqliteStore
from whence.store.sqlite.querying import Limits, Table, query

ENGINES = ("sqlite", "duckdb")
LIMITS = Limits()


def answer_sql(
    asked: Questions, statement: str, engine: str = "sqlite", limits: Limits = LIMITS
) -> Table:
    """What a statement gives, see `sql`."""
    if not 0 < limits.timeout_s < 1e6 or limits.max_rows < 1:
        raise UsageError("The limits of time and rows are numbers above 0")
    if not isinstance(asked.store, SqliteStore):
        raise UsageError(
            "SQL is answered on an SQLite index, and this store's is on PostgreSQL. Ask in SPARQL, "
            "or export what you need: whence export"
        )
    place, _ = index_place(asked.folder)
    if engine == "sqlite":
        return query(place, statement, limits)
    if engine == "duckdb":
        from whence.service.duckdb import duckdb_query

        return duckdb_query(place, statement, limits)
    raise UsageError(f"There is no engine {engine!r}; there are: {', '.join(ENGINES)}")


def sql(
    statement: str,
    *,
    engine: Literal["sqlite", "duckdb"] = "sqlite",
    timeout: float = LIMITS.timeout_s,
    max_rows: int = LIMITS.max_rows,
    store: Thing | None = None,
) -> list[dict[str, Any]]:
    """What one SQL statement finds in the record, as rows: dictionaries by column.

    The views are runs, entities, edges, params, metrics, points, columns and packages; their
    columns are those of ``whence sql --help``. Nothing can be changed.

    Args:
        statement: A SELECT.
        engine: Whose SQL it is: of SQLite, or of DuckDB where that is installed.
        timeout: Seconds after which it is ended.
        max_rows: How many rows the answer may have.
        store: The store to ask; the one of the working folder if None.

    Raises:
        UsageError: The statement is wrong, refused, or goes over a limit.
        MissingExtraError: DuckDB is not installed.
        StoreNotFoundError: There is no store here.

    Example:
        >>> whence.sql("SELECT name, duration_s FROM runs")  # doctest: +SKIP
    """
    with open_questions(store) as asked:
        found = answer_sql(asked, statement, engine, Limits(timeout, max_rows))
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

"""The columns of a query: which columns of which tables each column of its result is made of.

A text of SQL is parsed with sqlglot, which is asked for only here and only when somebody asks: the
user's process never loads it. Names are compared without regard to case, as most databases do.
What can't be decided from the text and the columns that are known is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from whence.analysis.tablecolumn import TableColumn, Undecided

if TYPE_CHECKING:
    from sqlglot import exp

    from whence.analysis.projection import Resolver

__all__ = ["QueryColumns", "TableColumn", "columns_of"]

NOT_INSTALLED = "queries are not read: sqlglot is missing; pip install 'whence[sql]'"

_DIALECTS = {"polars": "duckdb", "pandas": "duckdb"}
"""What is read as the dialect that is nearest to it."""


class QueryColumns(NamedTuple):
    """What a query is made of.

    ``columns`` are those of its result, in their order, each with the columns of tables that it is
    made of; none for a constant, None where that can't be decided. ``tables`` are all that it names
    (in small letters; files as they are written), ``used`` all columns that it reads anywhere, also
    in conditions. ``unknown`` says what could not be decided, and why.
    """

    columns: dict[str, tuple[TableColumn, ...] | None] = {}  # noqa: RUF012 - nobody changes it
    tables: tuple[str, ...] = ()
    used: tuple[TableColumn, ...] = ()
    unknown: tuple[str, ...] = ()


def columns_of(
    sql: str,
    dialect: str = "",
    schema: Mapping[str, Iterable[str]] | None = None,
    names: Iterable[str] | None = None,
) -> QueryColumns:
    """What the last query of a text is made of.

    ``dialect`` is one of sqlglot's (or ``polars``); one that it does not know is read as plain SQL.
    ``schema`` has the columns of the tables that are known. ``names`` are the columns of the result
    as they were seen: with them a ``SELECT *`` of a table whose columns are not known is decided.

    >>> columns_of("select a, b + c as d from t").columns
    {'a': (TableColumn(table='t', column='a'),), 'd': (TableColumn(table='t', column='b'), \
TableColumn(table='t', column='c'))}
    """
    try:
        query = _parsed(sql, dialect)
    except Undecided as undecided:
        return QueryColumns(unknown=(str(undecided),))
    try:
        return _answered(query, schema or {}, names)
    except RecursionError:
        return QueryColumns(unknown=("the query is nested too deeply",))


def _answered(
    query: exp.Query, schema: Mapping[str, Iterable[str]], names: Iterable[str] | None
) -> QueryColumns:
    from sqlglot.optimizer.scope import build_scope

    from whence.analysis.projection import Resolver

    root = build_scope(query)
    if root is None:
        return QueryColumns(unknown=("it is no query whose columns can be told",))
    resolver = Resolver(root, schema)
    unknown: dict[str, None] = {}
    own = list(_names(resolver, root, unknown))
    wanted = own if names is None else list(names)
    # Where all places are known, a column is known by its place: its name is the database's.
    asked = own if len(own) == len(wanted) else wanted
    if names is not None:
        unknown.clear()
    columns: dict[str, tuple[TableColumn, ...] | None] = {}
    for name, place in zip(wanted, asked, strict=True):
        try:
            columns[name] = tuple(dict.fromkeys(resolver.output(root, place)))
        except Undecided as undecided:
            columns[name] = None
            unknown[f"{name}: {undecided}"] = None
    tables = dict.fromkeys(name for scope in root.traverse() for name in _tables_in(scope))
    made_of = (column for origins in columns.values() for column in origins or ())
    used = {**dict.fromkeys(made_of), **resolver.used()}
    return QueryColumns(columns, tuple(tables), tuple(used), tuple(unknown))


def _names(resolver: Resolver, root: Any, unknown: dict[str, None]) -> Iterator[str]:
    try:
        yield from resolver.names(root)
    except Undecided as undecided:
        unknown[str(undecided)] = None


def _tables_in(scope: Any) -> Iterator[str]:
    from sqlglot import exp

    from whence.analysis.clauses import table_names

    for _, source in scope.selected_sources.values():
        if isinstance(source, exp.Table):
            yield from table_names(source)


def _parsed(sql: str, dialect: str) -> exp.Query:
    """The last query of a text. Raises Undecided."""
    try:
        import sqlglot
        from sqlglot import exp
    except ImportError as error:
        raise Undecided(NOT_INSTALLED) from error
    known = _DIALECTS.get(dialect, dialect)
    try:
        statements = sqlglot.parse(sql, dialect=known if known in sqlglot.Dialect.classes else None)
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise Undecided(f"the query can't be parsed: {reason}") from error
    for statement in reversed(statements):
        found = statement.find(exp.Query) if statement is not None else None
        if found is not None:
            return found
    raise Undecided("there is no query in the text")

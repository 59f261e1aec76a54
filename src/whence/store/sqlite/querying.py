"""SQL that only reads, on the views of an index.

A statement is first prepared on empty tables of the views' names in memory, where nothing else
exists: what it names there is all that it can reach. SQLite's authorizer then refuses all but
reading, there and on the index, which is opened so that it can't be written.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from whence._base.errors import UsageError
from whence.store.sqlite.filling import make_tables
from whence.store.sqlite.store import SqliteStore
from whence.store.sqlite.views import DEFINITIONS, VIEWS, needed

_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION,
            sqlite3.SQLITE_RECURSIVE}  # fmt: skip
_LISTS = frozenset({"json_each", "json_tree"})
"""Functions that stand where a table does."""
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "sqlite_compileoption_get"})
_STEPS = 20_000
_LONGEST = 64 << 20
_PROHIBITED = re.compile(r"not authorized|prohibited|readonly|attempt to write")
_MISSING = re.compile(r"no such table: (.+)")


class Table(NamedTuple):
    """What a statement gave: the names of the columns, and the rows."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


class Limits(NamedTuple):
    """``timeout_s`` for the whole answer, ``max_rows`` of it."""

    timeout_s: float = 60.0
    max_rows: int = 1_000_000


def views_named(sql: str) -> set[tuple[str, str]]:
    """The views that a statement reads, each with a column; "" where it counts rows only.

    Raises UsageError for what is no statement that reads the views.
    """
    found: set[tuple[str, str]] = set()

    def allow(action: int, one: str | None, two: str | None, schema: Any, within: Any) -> int:
        if action not in _READING:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in _REFUSED_FUNCTIONS:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ:
            if one in VIEWS:
                found.add((one, two or ""))
            elif one not in _LISTS and schema is not None:  # a WITH has no schema
                return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    with _memory() as raw:
        raw.set_authorizer(allow)
        try:
            raw.execute(f"EXPLAIN {sql}").close()
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise _told(error, sql) from error
    return found


@contextmanager
def _memory() -> Iterator[sqlite3.Connection]:
    """Empty tables of the views' names, and nothing else."""
    raw = sqlite3.connect(":memory:")
    try:
        for name, columns in VIEWS.items():
            listed = ", ".join(f'"{column.name}" {column.type}' for column in columns)
            raw.execute(f"CREATE TEMP TABLE {name}({listed})")
        _know_lists(raw)
        yield raw
    finally:
        raw.close()


def _know_lists(raw: sqlite3.Connection) -> None:
    """Have SQLite set up its listing functions, which it does when one is first named."""
    for name in _LISTS:
        raw.execute(f"SELECT 1 FROM {name}('[]')").close()


def query(place: Path, sql: str, limits: Limits = Limits()) -> Table:  # noqa: B008
    """What a statement gives on the views of the index at ``place``.

    Raises UsageError for a wrong or refused statement, or one that goes over the limits.
    """
    named = views_named(sql)
    with opened(place, named, limits) as raw:
        return run(raw, sql, limits)


@contextmanager
def opened(
    place: Path, named: set[tuple[str, str]], limits: Limits
) -> Iterator[sqlite3.Connection]:
    """A connection with the views, those of ``named`` with their rows, that can only read."""
    tables = {table for view, column in named for table in needed(view, column)}
    deadline = time.monotonic() + limits.timeout_s
    with SqliteStore(place, read_only=True) as store:
        raw = store.connection.raw
        raw.execute("PRAGMA query_only = OFF")  # for our own tables; the file is open to read only
        raw.execute("BEGIN")
        raw.text_factory = lambda text: text.decode("utf-8", "backslashreplace")
        raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            make_tables(store, tables, lambda: _check(deadline, limits))
            for name, body in DEFINITIONS.items():
                listed = ", ".join(f'"{column.name}"' for column in VIEWS[name])
                raw.execute(f"CREATE TEMP VIEW {name}({listed}) AS {body}")
        except sqlite3.OperationalError as error:
            raise slow(limits) if _is_interrupt(error) else error from error
        _know_lists(raw)
        raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        raw.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000)
        raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        raw.set_authorizer(_allow_reading)
        yield raw


def run(raw: sqlite3.Connection, sql: str, limits: Limits) -> Table:
    """What a statement gives; `views_named` must have let it pass."""
    try:
        cursor = raw.execute(sql)
        columns = [one[0] for one in cursor.description or ()]
        rows = cursor.fetchmany(limits.max_rows + 1)
    except sqlite3.Error as error:
        raise (slow(limits) if _is_interrupt(error) else _told(error, sql)) from error
    if len(rows) > limits.max_rows:
        raise many_rows(limits)
    return Table(columns, rows)


def many_rows(limits: Limits) -> UsageError:
    return UsageError(
        f"The answer has more than {limits.max_rows:,} rows. Add a LIMIT, or allow more: --max-rows"
    )


def _allow_reading(action: int, one: Any, two: Any, schema: Any, within: Any) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _check(deadline: float, limits: Limits) -> None:
    if time.monotonic() > deadline:
        raise slow(limits)


def slow(limits: Limits) -> UsageError:
    return UsageError(
        f"The query took longer than {limits.timeout_s:g} s and was ended. Ask for less, or give it"
        " more time: --timeout SECONDS"
    )


def _is_interrupt(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


def _told(error: Exception, sql: str) -> UsageError:
    """The error in our words."""
    message = str(error)
    if isinstance(error, sqlite3.Warning) or "one statement" in message:
        return UsageError("Give one statement at a time")
    if _PROHIBITED.search(message):
        return UsageError(
            "The statement may only read: SELECT from " + ", ".join(VIEWS) + f" ({message})"
        )
    if missing := _MISSING.match(message):
        return UsageError(f"There is no view {missing.group(1)!r}; there are: {', '.join(VIEWS)}")
    if re.match(r"\s*(--[^\n]*\n\s*)*explain\b", sql, re.IGNORECASE):
        return UsageError("EXPLAIN is not answered; give the statement alone")
    return UsageError(f"The statement is wrong: {message}; see: whence sql --help")

"""Schema versions of an SQLite index: which one a file has, and the way up to ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from whence._base.errors import StoreTooNewError


def schema_of(connection: sqlite3.Connection) -> int:
    """The schema version that the file says it has; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_schema(connection: sqlite3.Connection, path: str, versions: Sequence[str]) -> bool:
    """Whether the file has the schema of this version; False when it must be migrated first.

    Raises StoreTooNewError when a later version of Whence wrote it.
    """
    schema, ours = schema_of(connection), len(versions)
    if schema > ours:
        raise StoreTooNewError(
            f"Store '{path}' has schema {schema}; this version reads up to {ours}. "
            "Run: pip install -U whence"
        )
    return schema == ours


def migrate(connection: sqlite3.Connection, path: str, versions: Sequence[str]) -> None:
    """Bring the file to our schema, each step whole or not at all, also beside another process."""
    while not check_schema(connection, path, versions):
        connection.execute("BEGIN IMMEDIATE")
        try:
            schema = schema_of(connection)
            if schema < len(versions):
                _run(connection, versions[schema], schema + 1)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def reset(connection: sqlite3.Connection, versions: Sequence[str]) -> None:
    """Throw all tables away and make them again, whole or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'"
            " ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        for (name,) in tables:
            connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        for number, version in enumerate(versions, 1):
            _run(connection, version, number)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _run(connection: sqlite3.Connection, version: str, number: int) -> None:
    for statement in version.split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {number}")

"""Schema versions of a PostgreSQL index, and the way up to ours."""

from __future__ import annotations

import re

from whence._base.errors import StoreError, StoreTooNewError
from whence.store.postgres.connection import PostgresConnection
from whence.store.postgres.pool import quoted
from whence.store.postgres.schema import VERSIONS
from whence.store.postgres.text import TABLES as LAZY_TABLES
from whence.store.sql.changes import TABLES as WATCH
from whence.store.sql.wording import TABLES as TEXT

_MADE = "CREATE TABLE whence_schema(version integer NOT NULL)"


def have_schema(connection: PostgresConnection) -> None:
    """Bring the index to our schema, whole or not at all, also beside other processes.

    Raises StoreTooNewError when a later version of Whence made it; StoreError when it is old or not
    there and can't be written.
    """
    if _version(connection) == len(VERSIONS):
        return
    if connection.read_only:
        raise StoreError(
            f"The index {connection.title} is not there or of an old version, and it is opened to "
            "be read only. Open it once to be written"
        )
    with connection.transaction():
        connection.run(f"CREATE SCHEMA IF NOT EXISTS {quoted(connection.schema)}")
        _migrate(connection)


def make_anew(connection: PostgresConnection) -> None:
    """Throw the index's tables away and make them again, whole or not at all.

    The schema stays, with what others may keep in it.
    """
    made = re.findall(
        r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)",
        ";".join((_MADE, LAZY_TABLES, *TEXT, WATCH, *VERSIONS)),
    )
    with connection.transaction():
        connection.run(f"DROP TABLE IF EXISTS {', '.join(made)} CASCADE")
        _migrate(connection)


def settle(connection: PostgresConnection) -> None:
    """Have what was committed outlive a crash: one commit that waits for the disk brings all."""
    with connection.transaction():
        connection.run("SET LOCAL synchronous_commit = on")
        connection.run("UPDATE whence_schema SET version = version")


def drop(connection: PostgresConnection) -> None:
    """Take the schema away with all that is in it."""
    with connection.transaction():
        connection.run(f"DROP SCHEMA IF EXISTS {quoted(connection.schema)} CASCADE")


def _migrate(connection: PostgresConnection) -> None:
    version = _version(connection)
    if version == 0:
        connection.run(_MADE)
        connection.run("INSERT INTO whence_schema VALUES(0)")
    for step in VERSIONS[version:]:
        for statement in step.split(";\n"):
            connection.run(statement)
    connection.run("UPDATE whence_schema SET version = ?", len(VERSIONS))


def _version(connection: PostgresConnection) -> int:
    """The version of the tables; 0 where there are none."""
    if not connection.has("whence_schema"):
        return 0
    version = int(connection.one("SELECT version FROM whence_schema")[0])
    if version > len(VERSIONS):
        raise StoreTooNewError(
            f"The index {connection.title} has schema {version}; this version reads up to "
            f"{len(VERSIONS)}. Run: pip install -U whence"
        )
    return version

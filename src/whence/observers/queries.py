"""Queries: what a statement of SQL read from a database or wrote to it.

The text is recorded with its secrets masked and is parsed when somebody asks (`whence.analysis.
query`): here only the tables are told from it. Values that were bound to a statement are counted
and never recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from whence.capture.masked import masked_text
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.addresses import elided
from whence.observers.call import Call
from whence.observers.databases import Database, databases_of
from whence.observers.notes import Notes
from whence.observers.sources import Brought, Sources
from whence.observers.sql import Mentioned
from whence.observers.tokens import Texts

MAX_TEXT = 10_000
"""Of a longer query the beginning is recorded, with the length of the whole."""

MAX_TABLES = 200

_VALUES = re.compile(r"\bvalues\b.*", re.I | re.S)

Thing = tuple[object, dict[str, Any]]
"""What a query gave, and the attributes of it that it does not tell itself."""


class Queries:
    """Records the queries of one observer."""

    def __init__(self, session: Session, notes: Notes, sources: Sources) -> None:
        self._session, self._notes, self._sources = session, notes, sources
        self._databases = databases_of(session)
        self._texts = Texts()

    def executed(
        self,
        call: Call,
        connection: Any,
        text: object,
        things: Iterable[Thing] = (),
        bound: object = None,
    ) -> bytes | None:
        """Record a statement that a program executed; give the activity that stands for it.

        ``things`` are what it gave, recorded only where it gives rows.
        """
        database = self._databases.of(connection)
        if call.error is not None or not isinstance(text, str) or database is None:
            return None
        done = None
        for statement in self._texts.named(text):
            if statement.made:
                done = self._written(call, database, text, statement)
            elif statement.gives_rows:
                used = self._origins(database, statement)
                if used:
                    told = told_of_bound(bound)
                    done = self._read(call, database, text, statement, used, things, **told)
        return done

    def read(self, call: Call, connection: Any, text: str, things: Iterable[object]) -> None:
        """Record what a reader of queries gave; ``text`` may be a table's name."""
        database = self._databases.of(connection)
        if call.error is not None or database is None:
            return
        named = self._texts.named(text) if is_query(text) else []
        if named:
            used = self._origins(database, named[-1]) or [(self._entity(database), "")]
            self._read(call, database, text, named[-1], used, _plainly(things))
        else:
            self.read_table(call, connection, text, things)

    def read_table(self, call: Call, connection: Any, table: str, things: Iterable[object]) -> None:
        """Record what a reader gave of a whole table."""
        database = self._databases.of(connection)
        if call.error is None and database is not None:
            statement = Mentioned(tables={table.lower(): None})
            used = self._origins(database, statement)
            self._read(call, database, "", statement, used, _plainly(things))

    def written(self, call: Call, connection: Any, table: str, source: object) -> None:
        """Record that a table was written from a frame."""
        database = self._databases.of(connection)
        if call.error is not None or database is None:
            return
        origin = self._notes.known_or_new(source, table, call)
        self._table(call, database, table, [origin], {})

    def _read(
        self,
        call: Call,
        database: Database,
        text: str,
        statement: Mentioned,
        used: list[tuple[bytes, str]],
        things: Iterable[Thing],
        **told: Any,
    ) -> bytes | None:
        told = {**told_of(text, database.dialect, [statement]), **told}
        names = list(statement.tables)
        name = names[0] if len(names) == 1 else "query"
        brought = [Brought(thing, name, "", attributes) for thing, attributes in things]
        return self._sources.read_from(call, brought, used, **told)

    def _origins(self, database: Database, statement: Mentioned) -> list[tuple[bytes, str]]:
        """The tables that were written in this run, with their names; for others the database."""
        tables, used, is_all = self._databases.tables(database), [], bool(statement.tables)
        for name in statement.tables:
            known = tables.get(_plain(name))
            if known is None:
                is_all = False
            else:
                used.append((known, name))
        if is_all:
            return used
        if not statement.tables:
            return []
        return [(self._entity(database), ""), *used]

    def _entity(self, database: Database) -> bytes:
        return self._databases.entity(self._notes, database)

    def _written(
        self, call: Call, database: Database, text: str, statement: Mentioned
    ) -> bytes | None:
        """A statement that makes a table or puts rows into it; of many alike one is recorded."""
        known = self._databases.tables(database).get(_plain(statement.made))
        origins = [origin for origin, _ in self._origins(database, statement)]
        if known is not None and not origins and statement.verb != "create":
            return None
        told = told_of(_VALUES.sub("VALUES ...", text), database.dialect, [statement])
        return self._table(call, database, statement.made, origins, told, known)

    def _table(
        self,
        call: Call,
        database: Database,
        table: str,
        origins: Sequence[bytes],
        told: dict[str, Any],
        former: bytes | None = None,
    ) -> bytes:
        notes = self._notes
        used = [(origin, "") for origin in origins]
        write = notes.activity(call, kinds.WRITE, used=used, **notes.anchor(call), **told)
        attributes = {"database": database.name, **notes.site(call)}
        made = notes.entity(kinds.TABLE, table, attributes)
        notes.relate(made, Relation.WAS_GENERATED_BY, write, call.name)
        for origin in origins:
            notes.relate(made, Relation.WAS_DERIVED_FROM, origin, call.name)
        if former is not None:
            notes.relate(made, Relation.WAS_REVISION_OF, former, call.name)
        self._databases.tables(database)[_plain(table)] = made
        return write


def _plainly(things: Iterable[object]) -> list[Thing]:
    return [(thing, {}) for thing in things]


def told_of(text: str, dialect: str, statements: Sequence[Mentioned]) -> dict[str, Any]:
    """The attributes that say what a text is."""
    found: dict[str, Any] = {"dialect": dialect}
    if text:
        found["query"] = masked_text(elided(text[:MAX_TEXT]))
    if len(text) > MAX_TEXT:
        found["query_length"] = len(text)
    tables = dict.fromkeys(name for statement in statements for name in statement.tables)
    if tables:
        found["tables"] = list(tables)[:MAX_TABLES]
    return found


def told_of_bound(bound: object) -> dict[str, Any]:
    """How many values were bound to a statement, or under which names; never the values."""
    if isinstance(bound, dict):
        return {"parameters": [str(name) for name in list(bound)[:MAX_TABLES]]} if bound else {}
    if isinstance(bound, list | tuple) and bound:
        return {"parameters": len(bound)}
    return {}


def is_query(text: str) -> bool:
    """Whether a text is a query, not a table's name."""
    return len(text.split(None, 1)) > 1


def _plain(table: str) -> str:
    """The name of a table as it is kept: schemas that are there by default do not count."""
    name = table.lower()
    for schema in ("main.", "public."):
        name = name.removeprefix(schema)
    return name

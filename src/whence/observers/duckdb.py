"""Watches duckdb: which files, tables and frames a query reads, and what becomes of its result.

A query finds the variables that it names in the frame that made the call, so what stands between
the two has to pass for duckdb's own (`whence.observers.wrapping`). duckdb before 2.0 looks at the
very next frame: there nothing is watched. What a relation's own methods make of it (``filter``,
``project``) is known by the code alone.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, ClassVar, NamedTuple

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call, Told
from whence.observers.callsite import user_frame
from whence.observers.describe import is_array, is_frame, is_relation
from whence.observers.duckdb_tokens import tokens_of
from whence.observers.locating import targets_of
from whence.observers.openings import Target, is_url, opening, public_url, target_of
from whence.observers.queries import told_of, told_of_bound
from whence.observers.sql import Mentioned, statements
from whence.observers.tables import TableFiles
from whence.observers.version import is_tested, note_untested
from whence.observers.watch import Watcher

QUERIES = ("sql", "query", "from_query", "execute")
READERS = ("read_csv", "from_csv_auto", "read_json", "read_parquet", "from_parquet")
OF_FRAMES = ("from_df", "from_arrow")
RESULTS = ("df", "fetchdf", "fetch_df", "to_df", "pl", "to_arrow_table", "fetch_arrow_table")
WRITERS = ("write_csv", "to_csv", "write_parquet", "to_parquet")

_SAME = {
    "query": "sql", "from_query": "sql", "from_csv_auto": "read_csv",
    "from_parquet": "read_parquet", "fetchdf": "df", "fetch_df": "df", "to_df": "df",
    "fetch_arrow_table": "to_arrow_table", "to_csv": "write_csv", "to_parquet": "write_parquet",
}  # fmt: skip
"""Other names of the same: one function may go by several."""

MAX_TEXTS = 256


Used = tuple[bytes, str]
"""What a query reads, and its name there."""


class _Query(NamedTuple):
    text: str
    statements: list[Mentioned]
    connection: Any
    bound: object
    reads: list[tuple[Target, str]]
    writes: list[Target]
    others: list[Used]


class DuckdbObserver:
    """Records queries with their text, what they read, and the frames and files they end in."""

    library: ClassVar[str] = "duckdb"
    tested: ClassVar[str] = ">=2.0,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._watcher = Watcher(session, "duckdb", counts_frames=True)
        if not is_tested(module.__version__, ">=2.0"):
            return
        self._module, self._session = module, session
        self._files = TableFiles(session)
        self._notes = self._files.notes
        self._tables: weakref.WeakKeyDictionary[Any, dict[str, bytes]] = weakref.WeakKeyDictionary()
        self._databases: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        self._of_module: dict[str, bytes] = {}
        self._texts: dict[str, list[Mentioned]] = {}
        self._watch(QUERIES, self._querying, self._queried)
        self._watch(READERS, self._reading, self._read)
        self._watch(OF_FRAMES, None, self._wrapped)
        self._watch(("register",), None, self._registered)
        self._watch(RESULTS, None, self._files.converted)
        self._watch(WRITERS, self._files.writing, self._files.written)
        self._watch(("connect",), None, self._connected)

    def detach(self) -> None:
        self._watcher.detach()

    def _watch(self, names: tuple[str, ...], called: Told | None, returned: Told) -> None:
        """Watch the functions and methods of those names."""
        module, watch = self._module, self._watcher
        for name in names:
            watched = watch.watch(
                f"duckdb.{_SAME.get(name, name)}", group="io", called=called, returned=returned
            )
            if names not in (RESULTS, WRITERS):
                watch.function(module, name, watched)
            for owner in (module.DuckDBPyConnection, module.DuckDBPyRelation):
                watch.method(owner, name, watched, written_in_c=True)

    def _connected(self, call: Call) -> None:
        path = call.arguments.get("database", call.first)
        target = target_of(self._session.files, path, None)
        if call.error is None and target is not None and not target.path.startswith(":"):
            self._session.files.connected(target.path)
            self._databases[call.result] = target.path

    def _querying(self, call: Call) -> None:
        connection, text = self._given(call)
        if isinstance(text, str):
            found = self._parsed(text)
            frame = user_frame(sys._getframe(1))
            reads, writes, others = [], [], []
            for statement in found:
                for path in statement.files:
                    targets = targets_of(self._session, path, "r")
                    reads += [(target, path) for target in targets]
                    if is_url(path):
                        others.append((self._notes.entity(kinds.URL, public_url(path), {}), path))
                writes += targets_of(self._session, list(statement.written), None)
                others += self._of_tables(statement, connection, frame, call)
            bound = _bound(call, text)
            call.note = _Query(text, found, connection, bound, reads, writes, others)
            if any(statement.is_unsure for statement in found):
                self._count_unread(text)

    def _parsed(self, text: str) -> list[Mentioned]:
        """What the statements of a text name; one that comes again is not read again."""
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) >= MAX_TEXTS:
                self._texts.clear()
            found = self._texts[text] = list(statements(tokens_of(self._module, text)))
        return found

    def _queried(self, call: Call) -> None:
        query = call.note
        if call.error is not None or not isinstance(query, _Query):
            return
        opened = [(opening(self._session.files, one, "r"), role) for one, role in query.reads]
        seen = [(file, role) for file, role in opened if file is not None]
        used = list(dict.fromkeys([*seen, *query.others]))
        gives_rows = any(statement.gives_rows for statement in query.statements)
        if not (used or gives_rows):
            return
        told = {**told_of(query.text, "duckdb", query.statements), **told_of_bound(query.bound)}
        read = self._files.sources.activity(call, used, **told)
        if read is None:
            return
        result = call.result if gives_rows else None
        made = self._notes.thing(result, "query", **_columns(result), **self._notes.site(call))
        self._notes.relate(made, Relation.WAS_GENERATED_BY, read, call.name)
        for origin in dict.fromkeys(origin for origin, _ in used):
            self._notes.relate(made, Relation.WAS_DERIVED_FROM, origin, call.name)
        self._keep(query, made)

    def _keep(self, query: _Query, made: bytes) -> None:
        """Keep what the query made: a table of the connection, or a file."""
        tables = self._tables_of(query.connection)
        for statement in query.statements:
            former = tables.get(statement.made)
            if former is not None and statement.verb != "create":
                self._notes.relate(made, Relation.WAS_REVISION_OF, former, statement.verb)
            if statement.made:
                tables[statement.made] = made
        for target in query.writes:
            file = opening(self._session.files, target, "w")
            if file is not None:
                self._notes.entity(kinds.DATASET, self._notes.file_name(target.path), {}, file)
                self._notes.relate(file, Relation.WAS_DERIVED_FROM, made, "copy")

    def _of_tables(
        self, statement: Mentioned, connection: Any, frame: FrameType | None, call: Call
    ) -> Iterator[Used]:
        """The entities of the tables that a statement names, as far as they are known."""
        tables, from_file = self._tables_of(connection), False
        for name in statement.tables:
            known = tables.get(name)
            if known is None:
                thing = _variable(frame, name)
                if is_frame(thing) or is_array(thing):
                    known = self._notes.known_or_new(thing, name, call)
                else:
                    known = self._notes.live.entity_of(thing)
            if known is not None:
                yield known, name
            else:
                from_file = True
        path = self._databases.get(connection) if connection is not None else None
        if from_file and path is not None:
            opened = self._session.files.opening_of(path)
            if opened is not None:
                yield opened, ""

    def _reading(self, call: Call) -> None:
        _, source = self._given(call)
        self._files.reading_from(call, source)

    def _read(self, call: Call) -> None:
        if call.error is None:
            self._files.brought_in(call, [call.result])

    def _wrapped(self, call: Call) -> None:
        _, frame = self._given(call)
        if call.error is None and is_frame(frame):
            source = self._notes.known_or_new(frame, "frame", call)
            made = self._notes.thing(call.result, "frame", **self._notes.site(call))
            self._notes.relate(made, Relation.WAS_DERIVED_FROM, source, call.name)

    def _registered(self, call: Call) -> None:
        values = list(call.arguments.values())
        is_method = bool(values) and self._is_connection(values[0])
        named = values[1:3] if is_method else values[:2]
        if call.error is None and len(named) == 2 and isinstance(named[0], str):
            source = self._notes.known_or_new(named[1], named[0], call)
            self._tables_of(values[0] if is_method else None)[named[0].lower()] = source

    def _given(self, call: Call) -> tuple[Any, Any]:
        """The connection of a call (None for the module's own), and what it is to read."""
        values = list(call.arguments.values())
        if values and self._is_connection(values[0]):
            connection, values = values[0], values[1:]
        else:
            connection = call.arguments.get("connection")
        source = values[0] if values else None
        # ``read_csv`` takes its arguments as they come.
        return connection, source[0] if isinstance(source, tuple) and source else source

    def _is_connection(self, thing: object) -> bool:
        """Not by ``is_a``, which keeps the class: duckdb complains when one outlives its module."""
        return isinstance(thing, self._module.DuckDBPyConnection)

    def _tables_of(self, connection: Any) -> dict[str, bytes]:
        return self._of_module if connection is None else self._tables.setdefault(connection, {})

    def _count_unread(self, text: str) -> None:
        detail = f"duckdb: the files of a query are not in its text: {text[:100]}"
        self._session.recorder.count_gap("flow-unresolved", self._session.process, detail=detail)


def _bound(call: Call, text: str) -> object:
    """The values that were bound to a query: what was given after its text."""
    given = list(call.arguments.values())
    after = given[given.index(text) + 1 :] if text in given else []
    named = call.arguments.get("parameters", call.arguments.get("params"))
    return next((one for one in (named, *after) if isinstance(one, list | tuple | dict)), None)


def _columns(result: Any) -> dict[str, Any]:
    """The columns of what was executed, where the connection itself is the result."""
    described = getattr(result, "description", None)
    if is_relation(result) or not isinstance(described, list):
        return {}
    return {"columns": [str(one[0]) for one in described]}


def _variable(frame: FrameType | None, name: str) -> Any:
    """The variable of the user's that a query would find under that name."""
    if frame is None:
        return None
    for names in (frame.f_locals, frame.f_globals):
        for key, value in names.items():
            if isinstance(key, str) and key.lower() == name:
                return value
    return None

"""What libraries of tables have in common: tables are read from files and written to files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.place import Stamp
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_frame
from whence.observers.downloads import downloads_of
from whence.observers.locating import stamps_below, targets_of
from whence.observers.notes import Notes
from whence.observers.openings import Target, is_url, opening, target_of
from whence.observers.queries import Queries
from whence.observers.sources import Brought, Sources


class _Reading(NamedTuple):
    """What a reader reads, and the files that this names."""

    source: Any
    targets: list[Target]


class _Writing(NamedTuple):
    """Where a writer writes; of a folder with the versions of the files that were in it before."""

    target: Target
    before: dict[str, Stamp]


class TableFiles:
    """Records which tables came from a file and which file was written from a table.

    A reader takes its source first; a writer takes the table first and then the file.
    ``format_of`` gives the format that a call reads or writes.
    """

    def __init__(self, session: Session, format_of: Callable[[Call], str] | None = None) -> None:
        self._session = session
        self._format_of = format_of or last_word
        self.notes = Notes(session)
        self.sources = Sources(self.notes)
        self._downloads = downloads_of(session)
        self._queries = Queries(session, self.notes, self.sources)

    def reading(self, call: Call) -> None:
        self.reading_from(call, call.first)

    def reading_from(self, call: Call, source: Any) -> None:
        """Note which files a reader is about to read."""
        call.note = _Reading(source, targets_of(self._session, source, "r"))

    def read(self, call: Call) -> None:
        """Record the tables that a reader gave."""
        if call.error is None:
            self.brought_in(call, parts_of(call.result))

    def brought_in(self, call: Call, things: list[Any]) -> None:
        """Record that a reader gave those things."""
        if not isinstance(call.note, _Reading):
            return
        source, targets = call.note
        files = self._session.files
        origins = [file for target in targets if (file := opening(files, target, "r")) is not None]
        if not targets:
            origins = self._elsewhere(call, source)
        name = base_name(targets[0].path) if len(targets) == 1 else self._name(call, source)
        self.sources.read_all(call, [Brought(thing, name) for thing in things], origins)

    def queried(self, call: Call, connection: Any) -> None:
        """Record the tables that a query gave; the query may be a table's name."""
        if call.error is None:
            text = statement_text(call.first, connection)
            self._queries.read(call, connection, text, parts_of(call.result))

    def table_read(self, call: Call, connection: Any) -> None:
        """Record the tables that a reader gave of a table of a database."""
        if call.error is None:
            self._queries.read_table(call, connection, str(call.first), parts_of(call.result))

    def table_written(self, call: Call, table: Any, connection: Any) -> None:
        """Record the table of a database that was written from the first argument."""
        self._queries.written(call, connection, str(table), call.first)

    def writing(self, call: Call) -> None:
        """Note where a writer is about to write."""
        target = target_of(self._session.files, second(call), None)
        if target is not None:
            is_folder = not target.is_open and os.path.isdir(target.path)
            call.note = _Writing(target, stamps_below(target.path) if is_folder else {})

    def written(self, call: Call) -> None:
        """Record the file, or the files of the folder, that a writer wrote."""
        writing, table = call.note, call.first
        if call.error is not None or not isinstance(writing, _Writing):
            return
        openings = self._written(writing)
        if not openings:
            return
        notes = self.notes
        source = notes.known_or_new(table, base_name(writing.target.path), call)
        attributes = attributes_of(table)
        attributes.pop("class", None)
        site = notes.site(call)
        for path, file in openings:
            told = {**attributes, "format": self._format_of(call), **site, **notes.anchor(call)}
            notes.entity(kinds.DATASET, notes.file_name(path), told, file)
            notes.relate(file, Relation.WAS_DERIVED_FROM, source, call.name, **site)

    def converted(self, call: Call) -> None:
        """Record that the result was made of the first argument, if that is known."""
        self.converted_from(call, call.first)

    def converted_from(self, call: Call, source: Any) -> None:
        """Record that the result was made of ``source``, if that is known."""
        notes = self.notes
        origin = None if call.error is not None else notes.live.entity_of(source)
        if origin is not None and is_frame(call.result):
            made = notes.thing(call.result, notes.live.name_of(source), **notes.site(call))
            notes.relate(made, Relation.WAS_DERIVED_FROM, origin, call.name)

    def _elsewhere(self, call: Call, source: Any) -> list[bytes]:
        """What a reader that was given no file read: a URL, an object that is known, or one that
        holds what was downloaded."""
        if is_url(source):
            told = self._downloads.fetched_since(source, call.mono)
            told = {"format": self._format_of(call), **told}
            return [self._downloads.entity(source, told)]
        known = self.notes.live.entity_of(source) or self._downloads.origin_of(source)
        return [] if known is None else [known]

    def _name(self, call: Call, source: Any) -> str:
        if isinstance(source, str | os.PathLike) and not is_url(source):
            return base_name(os.fspath(source))
        return self._format_of(call)

    def _written(self, writing: _Writing) -> list[tuple[str, bytes]]:
        target, files = writing.target, self._session.files
        if target.is_open or not os.path.isdir(target.path):
            file = opening(files, target, "w")
            return [] if file is None else [(target.path, file)]
        found = []
        for path, stamp in stamps_below(target.path).items():
            if writing.before.get(path) != stamp:
                file = opening(files, Target(path, False, files.opening_of(path)), "w")
                if file is not None:
                    found.append((path, file))
        return found


def parts_of(result: object) -> list[Any]:
    """The tables of a result: one, several (sheets, tables), or a reader that gives chunks."""
    if isinstance(result, dict):
        return list(result.values())
    if isinstance(result, list):
        return result
    return [result] if is_frame(result) or hasattr(result, "__next__") else []


def last_word(call: Call) -> str:
    """The format that a call is named after: ``csv`` of ``read_csv``."""
    return call.name.rpartition("_")[2]


def second(call: Call) -> Any:
    values = list(call.arguments.values())
    return values[1] if len(values) > 1 else None


def base_name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def statement_text(statement: Any, connection: Any) -> str:
    """The text of a query; of an expression of SQLAlchemy as its database is sent it."""
    if isinstance(statement, str) or not hasattr(statement, "compile"):
        return str(statement)
    engine = getattr(connection, "engine", None)
    return asked(lambda: str(statement.compile(engine)), "")

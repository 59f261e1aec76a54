"""Watches pandas: what its readers make of files, and which frame its writers put into one.

What happens to a frame between the two is not watched here.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_a, is_frame
from whence.observers.notes import Notes
from whence.observers.openings import Target, is_url, opening, public_url, target_of
from whence.observers.sources import Brought, Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = (
    "read_csv", "read_table", "read_fwf", "read_parquet", "read_feather", "read_json", "read_excel",
    "read_pickle", "read_hdf", "read_orc", "read_stata", "read_sas", "read_spss", "read_xml",
    "read_html",
)  # fmt: skip
SQL_READERS = ("read_sql", "read_sql_query", "read_sql_table")
WRITERS = (
    "to_csv", "to_parquet", "to_feather", "to_json", "to_excel", "to_pickle", "to_hdf", "to_orc",
    "to_stata", "to_xml", "to_html", "to_latex", "to_markdown", "to_string",
)  # fmt: skip


class PandasObserver:
    """Records the frames that are read, and from which frame a file was written."""

    library: ClassVar[str] = "pandas"
    tested: ClassVar[str] = ">=2.0,<4"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session = session
        self._notes = Notes(session)
        self._sources = Sources(self._notes)
        self._watcher = Watcher(session, "pandas", counts_frames=True)
        self._watch_readers(module)
        self._watch_writers(module)

    def detach(self) -> None:
        self._watcher.detach()

    def _watch_readers(self, module: ModuleType) -> None:
        watch = self._watcher
        for name in READERS:
            reader = watch.watch(
                f"pandas.{name}", group="io", when="outermost",
                called=self._reading, returned=self._read,
            )  # fmt: skip
            watch.function(module, name, reader)
        for name in SQL_READERS:
            reader = watch.watch(
                f"pandas.{name}", group="io", when="outermost", returned=self._queried
            )
            watch.function(module, name, reader)

    def _watch_writers(self, module: ModuleType) -> None:
        owners: dict[type, None] = dict.fromkeys(
            [*module.DataFrame.__mro__[:-1], *module.Series.__mro__[:-1]]
        )
        for name in WRITERS:
            writer = self._watcher.watch(
                f"pandas.{name}", group="io", when="outermost",
                called=self._writing, returned=self._written,
            )  # fmt: skip
            for owner in owners:
                self._watcher.method(owner, name, writer)

    def _reading(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.first, "r")

    def _read(self, call: Call) -> None:
        if call.error is not None:
            return
        origin = self._origin(call)
        self._brought_in(call, origin)

    def _origin(self, call: Call) -> bytes | None:
        if isinstance(call.note, Target):
            return opening(self._session.files, call.note, "r")
        source = call.first
        if is_url(source):
            attributes = {"format": _format(call)}
            return self._notes.entity(kinds.DATASET, public_url(source), attributes)
        return self._notes.live.entity_of(source)

    def _brought_in(self, call: Call, origin: bytes | None) -> None:
        path = call.note.path if isinstance(call.note, Target) else _format(call)
        name = _base_name(path)
        self._sources.read(call, [Brought(frame, name) for frame in _parts(call.result)], origin)

    def _queried(self, call: Call) -> None:
        if call.error is not None:
            return
        connection = call.arguments.get("con")
        attributes = {"query": str(call.first), "database": _database_name(connection)}
        origin = self._notes.entity(kinds.DATASET, "query", attributes)
        self._brought_in(call, origin)

    def _writing(self, call: Call) -> None:
        call.note = target_of(self._session.files, _second(call), None)

    def _written(self, call: Call) -> None:
        target, frame = call.note, call.first
        if call.error is not None or not isinstance(target, Target):
            return
        file = opening(self._session.files, target, "w")
        if file is None:
            return
        notes = self._notes
        source = notes.known_or_new(frame, _base_name(target.path), call)
        attributes = attributes_of(frame)
        attributes.pop("class", None)
        attributes = {**attributes, "format": _format(call), **notes.site(call)}
        notes.entity(kinds.DATASET, notes.file_name(target.path), attributes, file)
        notes.relate(file, Relation.WAS_DERIVED_FROM, source, call.name, **notes.site(call))


def _parts(result: object) -> list[Any]:
    """The frames of a result: one, several (sheets, tables), or a reader that gives chunks."""
    if isinstance(result, dict):
        return list(result.values())
    if isinstance(result, list):
        return result
    return [result] if is_frame(result) or hasattr(result, "__next__") else []


def _format(call: Call) -> str:
    return call.name.rpartition("_")[2]


def _second(call: Call) -> Any:
    values = list(call.arguments.values())
    return values[1] if len(values) > 1 else None


def _base_name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _database_name(connection: object) -> str:
    """The database that a connection is to, as far as it says so without its password."""
    if is_url(connection):
        return public_url(str(connection))
    engine: Any = getattr(connection, "engine", connection)
    if is_a(engine, "sqlalchemy.engine", "Engine"):
        return public_url(engine.url.render_as_string(hide_password=True))
    return type(connection).__module__.partition(".")[0]

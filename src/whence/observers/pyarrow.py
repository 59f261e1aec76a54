"""Watches pyarrow: what its readers make of files, and what is written to files.

Its files are opened in C++, so they are recorded when the call is over. Its classes are written in
C and can't be changed: methods of a data set or of a reader of batches are not watched, and neither
is ``OSFile``; what they give is known by the code alone. ``Table.to_pandas`` is seen where it calls
back into Python.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call, Told
from whence.observers.held import HeldFiles
from whence.observers.imports import ImportWatch
from whence.observers.tables import TableFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = {
    "parquet": ("read_table", "read_pandas"),
    "csv": ("read_csv", "open_csv"),
    "json": ("read_json", "open_json"),
    "feather": ("read_table", "read_feather"),
    "orc": ("read_table",),
    "ipc": ("open_file", "open_stream"),
    "dataset": ("dataset", "parquet_dataset"),
}
WRITERS = {
    "parquet": ("write_table", "write_to_dataset"),
    "csv": ("write_csv",),
    "feather": ("write_feather",),
    "orc": ("write_table",),
    "dataset": ("write_dataset",),
}
OPEN_FILES = {"parquet": {"ParquetFile": "source", "ParquetDataset": "path_or_paths"}}
"""Classes whose objects are read from bit by bit, with the parameter for their file."""

_READ_METHODS = ("read", "read_row_group", "read_row_groups")
_WRITE_METHODS = ("write_table", "write_batch", "write")


class PyarrowObserver:
    """Records the tables that are read, and from which table a file was written."""

    library: ClassVar[str] = "pyarrow"
    tested: ClassVar[str] = ">=17,<27"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session = session
        self._files = TableFiles(session, _format)
        self._held = HeldFiles(session)
        self._watcher = Watcher(session, "pyarrow")
        self._imports = ImportWatch()
        mapped = self._watcher.watch(
            "pyarrow.memory_map", group="io", called=self._mapping, returned=self._read
        )
        self._watcher.function(module, "memory_map", mapped)
        for name in dict.fromkeys((*READERS, *WRITERS)):
            self._imports.when_imported(f"pyarrow.{name}", self._watch)
        self._imports.when_imported("pyarrow.pandas_compat", self._watch_conversion)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()
        self._held.settle()

    def _watch(self, module: ModuleType) -> None:
        part = module.__name__.rpartition(".")[2]
        for name in READERS.get(part, ()):
            self._function(module, name, self._reading, self._read)
        for name in WRITERS.get(part, ()):
            self._function(module, name, self._writing, self._files.written)
        for name in OPEN_FILES.get(part, ()):
            self._watch_open_file(getattr(module, name, None))
        if part == "parquet":
            self._watch_writer(module.ParquetWriter)

    def _watch_conversion(self, module: ModuleType) -> None:
        watched = self._watcher.watch("pyarrow.Table.to_pandas", returned=self._to_pandas)
        self._watcher.function(module, "table_to_dataframe", watched)

    def _watch_open_file(self, cls: Any) -> None:
        if cls is None:
            return
        watch, name = self._watcher, f"pyarrow.parquet.{cls.__name__}"
        opened = watch.watch(name, group="io", called=self._reading, returned=self._opened)
        watch.method(cls, "__init__", opened)
        for method in _READ_METHODS:
            read = watch.watch(f"{name}.{method}", group="io", returned=self._files.converted)
            watch.method(cls, method, read)

    def _watch_writer(self, cls: Any) -> None:
        watch, name = self._watcher, "pyarrow.parquet.ParquetWriter"
        watch.method(cls, "__init__", watch.watch(name, group="io", returned=self._writer_made))
        for method in _WRITE_METHODS:
            wrote = watch.watch(f"{name}.{method}", group="io", returned=self._part_written)
            watch.method(cls, method, wrote)
        closed = watch.watch(f"{name}.close", when="always", returned=self._writer_closed)
        watch.method(cls, "close", closed)

    def _function(self, module: ModuleType, name: str, called: Told, returned: Told) -> None:
        watched = self._watcher.watch(
            f"{module.__name__}.{name}", group="io", when="outermost",
            called=called, returned=returned,
        )  # fmt: skip
        self._watcher.function(module, name, watched)

    def _reading(self, call: Call) -> None:
        if _is_local(call):
            source = call.arguments.get("source", call.arguments.get("path_or_paths", call.first))
            self._files.reading_from(call, source)
        else:
            self._files.reading_from(call, None)

    def _mapping(self, call: Call) -> None:
        if "w" not in str(call.arguments.get("mode", "r")):
            self._files.reading(call)

    def _read(self, call: Call) -> None:
        if call.error is None:
            self._files.brought_in(call, [call.result])

    def _opened(self, call: Call) -> None:
        if call.error is None:
            self._files.brought_in(call, [call.first])

    def _writing(self, call: Call) -> None:
        if _is_local(call):
            self._files.writing(call)

    def _to_pandas(self, call: Call) -> None:
        self._files.converted_from(call, call.arguments.get("table"))

    def _writer_made(self, call: Call) -> None:
        where = call.arguments.get("where")
        if call.error is None and isinstance(where, str) and _is_local(call):
            file = self._held.opened(call.first, where, "w")
            if file is not None:
                notes = self._files.notes
                attributes = {"format": "parquet", **notes.site(call)}
                notes.entity(kinds.DATASET, notes.file_name(where), attributes, file)

    def _part_written(self, call: Call) -> None:
        file = self._held.of(call.first)
        table = next(iter(list(call.arguments.values())[1:]), None)
        if call.error is None and file is not None:
            notes = self._files.notes
            source = notes.known_or_new(table, "table", call)
            notes.relate(file, Relation.WAS_DERIVED_FROM, source, call.name, **notes.site(call))

    def _writer_closed(self, call: Call) -> None:
        self._held.closed(call.first)


def _format(call: Call) -> str:
    """``parquet`` of ``pyarrow.parquet.read_table``; a data set's as the call says it."""
    part = call.name.split(".")[1]
    given = call.arguments.get("format")
    return given if part == "dataset" and isinstance(given, str) else part


def _is_local(call: Call) -> bool:
    """Whether the paths of a call are of this machine's files."""
    system = call.arguments.get("filesystem")
    return system is None or type(system).__name__ == "LocalFileSystem"

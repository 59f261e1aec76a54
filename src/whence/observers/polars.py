"""Watches polars: what its readers and scans make of files, and what is written to files.

Its files are opened in Rust, so they are recorded when the call is over; those of a scan when it is
made, not when it is collected. Expressions and what is done with frames are never watched.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.call import Call, Told
from whence.observers.tables import TableFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = (
    "read_csv", "read_parquet", "read_ipc", "read_ipc_stream", "read_json", "read_ndjson",
    "read_excel", "read_ods", "read_avro", "read_lines", "read_delta",
    "scan_csv", "scan_parquet", "scan_ipc", "scan_ndjson", "scan_lines", "scan_delta",
    "scan_pyarrow_dataset",
)  # fmt: skip
SQL_READERS = {"read_database": "connection", "read_database_uri": "uri"}
"""The parameter of each for the database."""

WRITERS = (
    "write_csv", "write_parquet", "write_ipc", "write_ipc_stream", "write_json", "write_ndjson",
    "write_excel", "write_avro", "write_delta",
)  # fmt: skip
SINKS = ("sink_csv", "sink_parquet", "sink_ipc", "sink_ndjson")


class PolarsObserver:
    """Records the frames that are read or scanned, and from which frame a file was written."""

    library: ClassVar[str] = "polars"
    tested: ClassVar[str] = ">=1.0,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._files = files = TableFiles(session)
        # Methods of expressions have the same decorators as the readers: these are left alone.
        self._watcher = Watcher(session, "polars", undecorated=True)
        for name in READERS:
            self._function(module, name, files.reading, files.read)
        for name in SQL_READERS:
            self._function(module, name, None, self._queried)
        for name in ("from_pandas", "from_arrow"):
            self._function(module, name, None, files.converted)
        for name in WRITERS:
            self._method(module.DataFrame, name, files.writing, files.written)
        self._method(module.DataFrame, "write_database", None, self._sent)
        for name in SINKS:
            self._method(module.LazyFrame, name, files.writing, self._sunk)
        self._method(module.LazyFrame, "collect", None, files.converted)
        self._method(module.DataFrame, "to_pandas", None, files.converted)

    def detach(self) -> None:
        self._watcher.detach()

    def _function(self, module: ModuleType, name: str, called: Told | None, returned: Told) -> None:
        watched = self._watcher.watch(
            f"polars.{name}", group="io", when="outermost", called=called, returned=returned
        )
        self._watcher.function(module, name, watched)

    def _method(self, owner: type, name: str, called: Told | None, returned: Told) -> None:
        watched = self._watcher.watch(
            f"polars.{name}", group="io", called=called, returned=returned
        )
        self._watcher.method(owner, name, watched)

    def _queried(self, call: Call) -> None:
        name = call.name.rpartition(".")[2]
        self._files.queried(call, call.arguments.get(SQL_READERS[name]))

    def _sent(self, call: Call) -> None:
        given = call.arguments
        self._files.table_written(call, given.get("table_name"), given.get("connection"))

    def _sunk(self, call: Call) -> None:
        """A sink that is lazy itself has written nothing yet."""
        if not call.arguments.get("lazy"):
            self._files.written(call)

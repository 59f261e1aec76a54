"""Watches pandas: what its readers make of files, and which frame its writers put into one.

What happens to a frame between the two is not watched here.
"""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from whence.capture.session import Session
from whence.observers.call import Call
from whence.observers.tables import TableFiles
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = (
    "read_csv", "read_table", "read_fwf", "read_parquet", "read_feather", "read_json", "read_excel",
    "read_pickle", "read_hdf", "read_orc", "read_stata", "read_sas", "read_spss", "read_xml",
    "read_html",
)  # fmt: skip
SQL_READERS = ("read_sql", "read_sql_query", "read_sql_table")
SQL_WRITERS = ("to_sql",)
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
        self._files = TableFiles(session)
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
                called=self._files.reading, returned=self._files.read,
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
                called=self._files.writing, returned=self._files.written,
            )  # fmt: skip
            for owner in owners:
                self._watcher.method(owner, name, writer)
        for name in SQL_WRITERS:
            writer = self._watcher.watch(
                f"pandas.{name}", group="io", when="outermost", returned=self._sent
            )
            for owner in owners:
                self._watcher.method(owner, name, writer)

    def _queried(self, call: Call) -> None:
        connection = call.arguments.get("con")
        if call.name.endswith("_table"):
            self._files.table_read(call, connection)
        else:
            self._files.queried(call, connection)

    def _sent(self, call: Call) -> None:
        self._files.table_written(call, call.arguments.get("name"), call.arguments.get("con"))

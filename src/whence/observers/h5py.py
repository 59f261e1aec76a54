"""Watches h5py: files are opened in C, read bit by bit, and written until they are closed.

A file that is read is a read where it is opened; which of its data sets became which array is known
by the code alone, since ``Dataset.__getitem__`` is written in C and is called in hot loops.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.file.tracker import Access
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import is_array, is_frame
from whence.observers.held import HeldFiles
from whence.observers.tables import TableFiles, base_name
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

_READ = ("r",)
_CREATE = ("w", "w-", "x")


class H5pyObserver:
    """Records the HDF5 files that are read and written, and the arrays that went into them."""

    library: ClassVar[str] = "h5py"
    tested: ClassVar[str] = ">=3.8,<4"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._module = session, module
        self._files = TableFiles(session)
        self._held = HeldFiles(session)
        self._watcher = watch = Watcher(session, "h5py")
        opened = watch.watch(
            "h5py.File", group="io", when="outermost", called=self._opening, returned=self._opened
        )
        watch.method(module.File, "__init__", opened)
        closed = watch.watch("h5py.File.close", when="always", returned=self._closed)
        watch.method(module.File, "close", closed)
        for name, parameter in (("create_dataset", "data"), ("__setitem__", "obj")):
            put = watch.watch(f"h5py.Group.{name}", group="io", returned=self._put(parameter))
            watch.method(module.Group, name, put)

    def detach(self) -> None:
        self._watcher.detach()
        self._held.settle()

    def _opening(self, call: Call) -> None:
        path: Any = call.arguments.get("name")
        mode = call.arguments.get("mode") or "r"
        self._held.settle()
        is_path = isinstance(path, str | bytes | os.PathLike)
        if mode in _READ and (is_path or hasattr(path, "read")):
            self._files.reading_from(call, path)
        elif is_path and not call.arguments.get("driver"):
            call.note = "w" if mode in _CREATE or not os.path.exists(path) else "u"

    def _opened(self, call: Call) -> None:
        if call.error is not None:
            return
        if call.note not in ("w", "u"):
            # A file that is asked for by its id is not opened anew.
            self._files.brought_in(call, [call.first])
            return
        access: Access = call.note
        path = os.fsdecode(call.arguments["name"])
        file = self._held.opened(call.first, path, access)
        if file is not None:
            notes = self._files.notes
            attributes = {"format": "hdf5", **notes.site(call)}
            notes.entity(kinds.DATASET, notes.file_name(path), attributes, file)
            if access == "u":
                notes.live.remember(call.first, file, kinds.DATASET, base_name(path))

    def _put(self, parameter: str) -> Any:
        def put(call: Call) -> None:
            """Record that what was put into a file is in it."""
            thing = call.arguments.get(parameter)
            if call.error is not None or not (is_array(thing) or is_frame(thing)):
                return
            file = self._held.named(call.first.file.filename)
            if file is not None:
                notes = self._files.notes
                name = str(call.arguments.get("name") or "array")
                source = notes.known_or_new(thing, name, call)
                notes.relate(file, Relation.WAS_DERIVED_FROM, source, name, **notes.site(call))

        return put

    def _closed(self, call: Call) -> None:
        self._held.closed(call.first)

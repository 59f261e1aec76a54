"""Watches safetensors: the tensors that its functions save and load, natively.

``safe_open`` is a class written in Rust, which can't be watched; what it reads is known by the code
alone.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import is_array
from whence.observers.imports import ImportWatch
from whence.observers.notes import Notes
from whence.observers.objects import contents_of
from whence.observers.openings import Target, opening, target_of
from whence.observers.sources import Brought, Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

SAVERS = {"save_file": "filename", "save_model": "filename"}
LOADERS = {"load_file": "filename", "load_model": "filename"}
"""The functions of each module, with the parameter for the file."""

_MAX_TENSORS = 100
"""Of more tensors in one file the first are linked to it one by one."""


class SafetensorsObserver:
    """Records which tensors a file holds."""

    library: ClassVar[str] = "safetensors"
    tested: ClassVar[str] = ">=0.4,<1"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes = session, Notes(session)
        self._sources = Sources(self._notes)
        self._watcher = Watcher(session, "safetensors")
        self._imports = ImportWatch()
        for part in ("numpy", "torch"):
            self._imports.when_imported(f"safetensors.{part}", self._watch)

    def detach(self) -> None:
        self._imports.stop()
        self._watcher.detach()

    def _watch(self, module: ModuleType) -> None:
        watch = self._watcher
        for name in SAVERS:
            saved = watch.watch(
                f"{module.__name__}.{name}", group="io", when="outermost",
                called=self._saving, returned=self._saved,
            )  # fmt: skip
            watch.function(module, name, saved)
        for name in LOADERS:
            loaded = watch.watch(
                f"{module.__name__}.{name}", group="io", when="outermost",
                called=self._loading, returned=self._loaded,
            )  # fmt: skip
            watch.function(module, name, loaded)

    def _saving(self, call: Call) -> None:
        path = call.arguments.get("filename")
        call.note = target_of(self._session.files, path, None)

    def _loading(self, call: Call) -> None:
        path = call.arguments.get("filename")
        call.note = target_of(self._session.files, path, "r")

    def _saved(self, call: Call) -> None:
        target, thing = call.note, call.first
        file = None
        if call.error is None and isinstance(target, Target):
            file = opening(self._session.files, target, "w")
        if file is None or not isinstance(target, Target):
            return
        notes = self._notes
        site = notes.site(call)
        told = {**contents_of(thing), "format": "safetensors", **site}
        notes.entity(kinds.MODEL, notes.file_name(target.path), told, file)
        for name, part in _parts(thing):
            source = notes.known_or_new(part, name or type(part).__name__, call)
            notes.relate(file, Relation.WAS_DERIVED_FROM, source, name, **site)

    def _loaded(self, call: Call) -> None:
        if call.error is not None or not isinstance(call.note, Target):
            return
        origin = opening(self._session.files, call.note, "r")
        thing = call.result if isinstance(call.result, dict) else call.first
        brought = [Brought(part, name or type(part).__name__, name) for name, part in _parts(thing)]
        self._sources.read(call, brought, origin)


def _parts(thing: Any) -> list[tuple[str, Any]]:
    """The tensors of a dictionary by their names; a model is one by itself."""
    if not isinstance(thing, dict):
        return [("", thing)]
    return [(str(k), v) for k, v in list(thing.items())[:_MAX_TENSORS] if is_array(v)]

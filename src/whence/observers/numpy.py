"""Watches numpy: the arrays it loads and saves, and the seeds of its generators.

``ndarray.tofile`` is a method written in C, which can't be watched; its file is seen when opened.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any, ClassVar

from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import attributes_of, is_array
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.sources import Brought, Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

READERS = ("load", "loadtxt", "genfromtxt", "fromfile")
WRITERS = {"save": ".npy", "savez": ".npz", "savez_compressed": ".npz", "savetxt": ""}


class NumpyObserver:
    """Records arrays that come from files and go to files, and seeds as parameters."""

    library: ClassVar[str] = "numpy"
    tested: ClassVar[str] = ">=1.26,<3"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session = session
        self._notes = Notes(session)
        self._sources = Sources(self._notes)
        self._written_maps: dict[str, None] = {}
        self._watcher = watch = Watcher(session, "numpy")
        for name in READERS:
            reader = watch.watch(
                f"numpy.{name}", group="io", when="outermost",
                called=self._reading, returned=self._read,
            )  # fmt: skip
            watch.function(module, name, reader)
        for name in WRITERS:
            writer = watch.watch(
                f"numpy.{name}", group="io", when="outermost",
                called=self._writing, returned=self._written,
            )  # fmt: skip
            watch.function(module, name, writer)
        self._watch_members(module)
        self._watch_seeds(module)
        session.at_end.append(self._restamp)

    def detach(self) -> None:
        self._watcher.detach()

    def _watch_members(self, module: ModuleType) -> None:
        """Memory maps, and the arrays of an archive, which are read when they are asked for."""
        watch = self._watcher
        mapped = watch.watch(
            "numpy.memmap", group="io", when="outermost", called=self._mapping, returned=self._read
        )
        watch.method(module.memmap, "__new__", mapped)
        flushed = watch.watch("numpy.memmap.flush", group="io", returned=self._flushed)
        watch.method(module.memmap, "flush", flushed)
        archive = getattr(module.lib.npyio, "NpzFile", None)
        if archive is not None:
            member = watch.watch("numpy.load", group="io", returned=self._member_read)
            watch.method(archive, "__getitem__", member)

    def _watch_seeds(self, module: ModuleType) -> None:
        random: Any = module.random
        seeded = self._watcher.watch("numpy.random", group="seed", returned=self._seeded)
        for name in ("seed", "default_rng"):
            self._watcher.function(random, name, seeded)

    def _reading(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.first, "r")

    def _mapping(self, call: Call) -> None:
        mode, filename = call.arguments.get("mode", "r+"), call.arguments.get("filename")
        target = target_of(self._session.files, filename, None)
        if mode not in ("w+", "write"):
            call.note = target
        if target is not None and mode in ("r+", "readwrite", "w+", "write"):
            self._written_maps[os.path.abspath(target.path)] = None

    def _flushed(self, call: Call) -> None:
        """A map is written after its file was closed, which only the file's stamp tells."""
        path = asked(lambda: getattr(call.first, "filename", None), None)
        if path is not None and os.path.abspath(path) in self._written_maps:
            self._session.files.restamped(path)

    def _restamp(self) -> None:
        for path in self._written_maps:
            self._session.files.restamped(path)

    def _read(self, call: Call) -> None:
        if call.error is not None or not isinstance(call.note, Target):
            return
        origin = opening(self._session.files, call.note, "r")
        self._sources.read(call, [Brought(call.result, _base_name(call.note.path))], origin)

    def _member_read(self, call: Call) -> None:
        archive = self._notes.live.entity_of(call.first)
        if archive is not None and call.error is None and is_array(call.result):
            name = str(list(call.arguments.values())[1])
            member = self._notes.thing(call.result, name, **self._notes.site(call))
            self._notes.relate(member, Relation.WAS_DERIVED_FROM, archive, name)

    def _writing(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.first, None)

    def _written(self, call: Call) -> None:
        target = call.note
        if call.error is not None or not isinstance(target, Target):
            return
        name = call.name.rpartition(".")[2]
        suffix = WRITERS[name]
        file = opening(self._session.files, target, "w", (suffix,) if suffix else ())
        if file is None:
            return
        notes, arrays = self._notes, _arrays(call)
        site = notes.site(call)
        attributes = attributes_of(arrays[0][1]) if len(arrays) == 1 else {}
        attributes.pop("class", None)
        if len(arrays) > 1:
            attributes["members"] = [label for label, _ in arrays]
        path = target.path if target.path.endswith(suffix) else target.path + suffix
        attributes = {**attributes, "format": suffix.lstrip(".") or "text", **site}
        attributes.update(notes.anchor(call))
        notes.entity(kinds.DATASET, notes.file_name(path), attributes, file)
        for label, array in arrays:
            source = notes.known_or_new(array, label, call)
            notes.relate(file, Relation.WAS_DERIVED_FROM, source, label, **site)

    def _seeded(self, call: Call) -> None:
        if call.first is not None and call.error is None:
            self._notes.params(self._session.activity(), {"seed.numpy": call.first})


def _arrays(call: Call) -> list[tuple[str, Any]]:
    """The arrays that a writer was given, with the names they have in the file."""
    given = dict(call.arguments)
    if call.name in ("numpy.save", "numpy.savetxt"):
        array = given.get("arr", given.get("X"))
        return [("array", array)] if is_array(array) else []
    given.pop("file", None)
    given.pop("allow_pickle", None)
    named = [(f"arr_{n}", array) for n, array in enumerate(given.pop("args", ()))]
    return [(label, array) for label, array in (*named, *given.items()) if is_array(array)]


def _base_name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]

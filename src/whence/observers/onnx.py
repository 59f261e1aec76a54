"""Watches ``onnx.save`` and ``onnx.load``: which model in the ONNX format a file holds."""

from __future__ import annotations

import weakref
from hashlib import sha256
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

from whence._base.clock import wall_ns
from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import EntityRecorded
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.sources import Sources
from whence.observers.version import note_untested
from whence.observers.watch import Watcher

SAVERS = ("save", "save_model")
LOADERS = ("load", "load_model")

MOST_HASHED = 64 * 2**20
"""A larger model, in bytes, is not known again when it is saved."""

_MOST_KNOWN = 100


class _Known(NamedTuple):
    digest: bytes
    entity: bytes


class OnnxModels:
    """The models in the ONNX format of one session, which all its observers share.

    They can't be weakly referenced, so one is known by its address and its bytes together.
    """

    def __init__(self, session: Session) -> None:
        self._notes = Notes(session)
        self._known: dict[int, _Known] = {}

    def made(self, proto: Any, name: str, **attributes: Any) -> bytes:
        """Record that there is a model from now on; give its entity."""
        notes = self._notes
        entity, digest = notes.new_id(), asked(lambda: _digest(proto), None)
        told = {**asked(lambda: _about(proto), _NOTHING), **attributes}
        notes.record(EntityRecorded(entity, kinds.MODEL, name, wall_ns(), told, digest))
        if digest is not None:
            self._known.pop(id(proto), None)
            self._known[id(proto)] = _Known(digest, entity)
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return entity

    def entity_of(self, proto: Any) -> bytes | None:
        """The entity of a model that has not changed since it was recorded."""
        known = self._known.get(id(proto))
        digest = None if known is None else asked(lambda: _digest(proto), None)
        return known.entity if known is not None and known.digest == digest else None


_NOTHING: dict[str, Any] = {}
_of_session: weakref.WeakKeyDictionary[Session, OnnxModels] = weakref.WeakKeyDictionary()


def onnx_models(session: Session) -> OnnxModels:
    """The models of ``session``."""
    found = _of_session.get(session)
    if found is None:
        found = _of_session[session] = OnnxModels(session)
    return found


class OnnxObserver:
    """Records which model a file was saved from, and which one came out of it."""

    library: ClassVar[str] = "onnx"
    tested: ClassVar[str] = ">=1.14,<2"

    def attach(self, module: ModuleType, session: Session) -> None:
        note_untested(session, module, self.tested)
        self._session, self._notes = session, Notes(session)
        self._sources, self._models = Sources(self._notes), onnx_models(session)
        self._watcher = watch = Watcher(session, "onnx")
        saved = watch.watch("onnx.save", group="io", called=self._saving, returned=self._saved)
        loaded = watch.watch("onnx.load", group="io", called=self._loading, returned=self._loaded)
        for names, watched in ((SAVERS, saved), (LOADERS, loaded)):
            for name in names:
                watch.function(module, name, watched)

    def detach(self) -> None:
        self._watcher.detach()

    def _saving(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get("f"), None)

    def _saved(self, call: Call) -> None:
        if call.error is not None or not isinstance(call.note, Target):
            return
        file = opening(self._session.files, call.note, "w")
        if file is None:
            return
        notes, proto = self._notes, call.arguments.get("proto")
        site = notes.site(call)
        told = {**asked(lambda: _about(proto), _NOTHING), "format": "onnx", **site}
        notes.entity(kinds.MODEL, notes.file_name(call.note.path), told, file)
        source = self._models.entity_of(proto)
        if source is None:
            source = self._models.made(proto, type(proto).__name__)
            activity = notes.session.activity()
            notes.relate(source, Relation.WAS_GENERATED_BY, activity, **site)
        notes.relate(file, Relation.WAS_DERIVED_FROM, source, call.name, **site)

    def _loading(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get("f"), "r")

    def _loaded(self, call: Call) -> None:
        if call.error is not None or not isinstance(call.note, Target):
            return
        file = opening(self._session.files, call.note, "r")
        read = None if file is None else self._sources.activity(call, [(file, "")])
        if file is not None and read is not None:
            notes = self._notes
            model = self._models.made(call.result, "ModelProto", **notes.site(call))
            notes.relate(model, Relation.WAS_GENERATED_BY, read, call.name)
            notes.relate(model, Relation.WAS_DERIVED_FROM, file, call.name)


def _digest(proto: Any) -> bytes | None:
    """The digest of the bytes that a file of the model has."""
    if proto.ByteSize() > MOST_HASHED:
        return None
    return sha256(proto.SerializeToString()).digest()


def _about(proto: Any) -> dict[str, Any]:
    graph = proto.graph
    return {
        "class": f"{type(proto).__module__}.{type(proto).__name__}",
        "producer": str(proto.producer_name),
        "opset": {str(one.domain or "ai.onnx"): int(one.version) for one in proto.opset_import},
        "inputs": [str(one.name) for one in graph.input],
        "outputs": [str(one.name) for one in graph.output],
        "n_nodes": len(graph.node),
    }

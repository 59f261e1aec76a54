"""What joblib, pickle and torch have in common: an object is dumped to a file and loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.relation import Relation
from whence.observers.call import Call
from whence.observers.describe import (
    attributes_of,
    is_array,
    is_frame,
    is_model,
    is_state_dict,
    kind_of,
)
from whence.observers.notes import Notes
from whence.observers.openings import Target, opening, target_of
from whence.observers.sources import Brought, Sources

_MAX_MEMBERS = 20


class ObjectFiles:
    """Records which object a file was dumped from and which one came out of it.

    ``value``, ``file`` and ``source`` are the names of the parameters for the object that is
    dumped, where it goes, and where it is loaded from.
    """

    def __init__(self, session: Session, value: str, file: str, source: str) -> None:
        self._session = session
        self._notes = Notes(session)
        self._sources = Sources(self._notes)
        self._value, self._file, self._source = value, file, source

    def dumping(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get(self._file), None)

    def dumped(self, call: Call) -> None:
        target = call.note
        if call.error is not None or not isinstance(target, Target):
            return
        file = opening(self._session.files, target, "w")
        if file is None:
            return
        notes, thing = self._notes, call.arguments.get(self._value)
        site = notes.site(call)
        attributes = {**contents_of(thing), **site, **notes.anchor(call)}
        notes.entity(file_kind(thing), notes.file_name(target.path), attributes, file)
        for role, member in members_of(thing):
            source = notes.known_or_new(member, type(member).__name__, call)
            notes.relate(file, Relation.WAS_DERIVED_FROM, source, role, **site)

    def loading(self, call: Call) -> None:
        call.note = target_of(self._session.files, call.arguments.get(self._source), "r")

    def loaded(self, call: Call) -> None:
        self.loaded_as(call, call.result)

    def loaded_as(self, call: Call, thing: Any) -> None:
        """Record that the call loaded ``thing``."""
        target = call.note
        if call.error is not None or not isinstance(target, Target):
            return
        origin = opening(self._session.files, target, "r")
        if origin is None:
            return
        brought = [
            Brought(member, type(member).__name__, role) for role, member in members_of(thing)
        ]
        self._sources.read(call, brought, origin)


def members_of(thing: object) -> Iterator[tuple[str, Any]]:
    """The object itself, or what a container holds, that is a model or data: (role, object)."""
    if _is_followed(thing):
        yield "", thing
        return
    if isinstance(thing, dict):
        pairs = [(str(key), value) for key, value in list(thing.items())[:_MAX_MEMBERS]]
    elif isinstance(thing, list | tuple):
        pairs = [(str(at), value) for at, value in enumerate(thing[:_MAX_MEMBERS])]
    else:
        return
    for role, member in pairs:
        if _is_followed(member):
            yield role, member


def file_kind(thing: object) -> str:
    """The kind of a file that holds ``thing``."""
    found = {kind_of(member) for _, member in members_of(thing)}
    if kinds.MODEL in found:
        return kinds.MODEL
    return kinds.DATASET if found else kinds.FILE


def contents_of(thing: object) -> dict[str, Any]:
    """The attributes of a file that holds ``thing``."""
    members = list(members_of(thing))
    if len(members) == 1:
        return attributes_of(members[0][1])
    found: dict[str, Any] = {"class": f"{type(thing).__module__}.{type(thing).__qualname__}"}
    if members:
        found["members"] = {role: type(member).__name__ for role, member in members}
    return found


def _is_followed(thing: object) -> bool:
    return is_model(thing) or is_state_dict(thing) or is_frame(thing) or is_array(thing)

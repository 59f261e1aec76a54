"""The identity of live objects: which entity an object in memory is, by the object itself.

An object is known by its address for as long as a weak reference says that it lives, so "this frame
came from that read" is never a guess. Objects without weak references (lists, numbers) are not
followed. At most `LIMIT` are; beyond, the oldest are forgotten and a gap says so.

An entity stands for one *state*. An object that has another shape or other columns than when it was
last seen is another entity, which was derived from the earlier one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from whence._base.clock import wall_ns
from whence.capture.session import Session
from whence.model.event import EntityRecorded, RelationRecorded
from whence.model.relation import Known, Relation
from whence.observers.describe import attributes_of, form_of, memory_owner

LIMIT = 20_000
CHANGED = "changed in place"
"""The role of a derivation between two states of one object."""

_REPORT_EVERY = 1000
_MAX_VIEWS = 8


class _State(NamedTuple):
    alive: weakref.ref[Any]
    entity: bytes
    kind: str
    name: str
    form: object


class LiveObjects:
    """The objects of one session that are known as entities.

    ``finders`` are asked first: an observer that knows its library's objects in another way than by
    their address puts a function there.
    """

    def __init__(self, session: Session) -> None:
        self.finders: list[Callable[[Any], bytes | None]] = []
        self._session = session
        self._states: dict[int, _State] = {}
        self._forgotten = 0

    def remember(self, thing: object, entity: bytes, kind: str, name: str) -> bool:
        """From now on ``thing`` is ``entity``; false when it can't be followed."""
        key = id(thing)
        try:
            alive = weakref.ref(thing, lambda ref: self._died(key, ref))
        except TypeError:
            return False
        self._states.pop(key, None)
        self._states[key] = _State(alive, entity, kind, name, form_of(thing))
        if len(self._states) > LIMIT:
            self._forget_oldest()
        return True

    def entity_of(self, thing: object) -> bytes | None:
        """The entity that ``thing`` is in its present state, or None when it is not known.

        A changed form is recorded as a new entity. An array that is a view of a known array's
        memory was derived from it.
        """
        for find in self.finders:
            found = find(thing)
            if found is not None:
                return found
        state = self._state_of(thing)
        if state is None:
            return self._entity_of_view(thing)
        if form_of(thing) == state.form:
            return state.entity
        return self._derive(thing, state.entity, state.kind, state.name, CHANGED)

    def last_entity_of(self, thing: object) -> bytes | None:
        """The entity that ``thing`` was when it was last seen, whatever it is now."""
        state = self._state_of(thing)
        return None if state is None else state.entity

    def name_of(self, thing: object) -> str:
        """The name that ``thing`` is known by; empty when it is not known."""
        state = self._state_of(thing)
        return "" if state is None else state.name

    def _state_of(self, thing: object) -> _State | None:
        state = self._states.get(id(thing))
        return state if state is not None and state.alive() is thing else None

    def _entity_of_view(self, thing: object) -> bytes | None:
        owner = memory_owner(thing)
        for _ in range(_MAX_VIEWS):
            if owner is None:
                return None
            state = self._state_of(owner)
            if state is not None:
                return self._derive(thing, state.entity, state.kind, state.name, "view")
            owner = memory_owner(owner)
        return None

    def _derive(self, thing: object, source: bytes, kind: str, name: str, role: str) -> bytes:
        recorder, now = self._session.recorder, wall_ns()
        entity = recorder.new_id()
        recorder.record(EntityRecorded(entity, kind, name, now, attributes_of(thing)))
        recorder.record(
            RelationRecorded(entity, Relation.WAS_DERIVED_FROM, source, Known.OBSERVED, now, role)
        )
        self.remember(thing, entity, kind, name)
        return entity

    def _died(self, key: int, ref: weakref.ref[Any]) -> None:
        state = self._states.get(key)
        if state is not None and state.alive is ref:
            self._states.pop(key, None)

    def _forget_oldest(self) -> None:
        self._states.pop(next(iter(self._states)), None)
        self._forgotten += 1
        if self._forgotten % _REPORT_EVERY == 1:
            session = self._session
            session.recorder.count_gap("objects-forgotten", session.process)


_of_session: weakref.WeakKeyDictionary[Session, LiveObjects] = weakref.WeakKeyDictionary()


def live_objects(session: Session) -> LiveObjects:
    """The live objects of ``session``, which all its observers share."""
    found = _of_session.get(session)
    if found is None:
        found = _of_session[session] = LiveObjects(session)
    return found
